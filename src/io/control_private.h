/* Between the two ends of the control socket. */
#ifndef ZG_IO_CONTROL_PRIVATE_H
#define ZG_IO_CONTROL_PRIVATE_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

/* The socket's address by way of an open directory, so that the shop's path may be of any length. */
bool zg_control_address(int directory, struct sockaddr_un *address);
/* The other end is our own user or root. */
bool zg_control_is_ours(int fd, uid_t *uid);
#endif
