/*
 * A name look-up that hangs, without touching the system's: this program's getaddrinfo stands before the C library's, for libcurl too,
 * which is loaded later. "hangs.test" takes its time and then finds nothing, "nobody.test" is not there; all others are looked up as ever.
 */
#ifndef ZG_TESTS_LAB_RESOLVER_H
#define ZG_TESTS_LAB_RESOLVER_H

extern int resolver_hangs_ms;         /* of real time */
extern _Atomic int resolver_hung;     /* look-ups of hangs.test that have begun */
#endif
