/* The signals that end a simulator, as a descriptor to wait for among others. */
#ifndef SIM_ENDS_H
#define SIM_ENDS_H

/* Blocks SIGTERM, SIGINT and SIGHUP from here on, and ignores SIGPIPE. The descriptor is the caller's; below 0: errno says why there is none. */
int sim_ends_open(void);
#endif
