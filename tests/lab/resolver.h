/*
 * A name look-up that hangs, without touching the system's: this program's getaddrinfo stands before the C library's, for libcurl too,
 * which is loaded later. "hangs.test" takes its time and then finds nothing, "nobody.test" is not there; all others are looked up as ever.
 */
#ifndef ZG_TESTS_LAB_RESOLVER_H
#define ZG_TESTS_LAB_RESOLVER_H

#define RESOLVER_NAME "ZG_LAB_HANGS_MS"    /* for the lab's build of the till */

extern int resolver_hangs_ms;         /* of real time; 0: as the environment says, or 5000 */
extern _Atomic int resolver_hung;     /* look-ups of hangs.test that have begun */
#endif
