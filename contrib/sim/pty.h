/*
 * The line that a virtual device hangs on: a pseudo-terminal under a name of our choice.
 *
 * The slave is raw before the name appears, and one descriptor of it stays open here, so that a
 * client that closes and opens again finds the line as it was (devices.md 7.3).
 */
#ifndef SIM_PTY_H
#define SIM_PTY_H

#include <stdbool.h>
#include <stddef.h>

struct sim_pty {
	int master;         /* non-blocking; -1 when unplugged */
	int slave;
	char *link;         /* owned: the symbolic link that clients open */
	char name[64];      /* what it points to */
};

/*
 * Makes the line and publishes it as link; a stale link of that name is replaced, anything else
 * is left alone. False, with why filled, when it cannot be done.
 */
bool sim_pty_open(struct sim_pty *pty, const char *link, char *why, size_t size);
/* Pulls the plug: clients see a hang-up, and the link goes if it is still ours. May be called twice. */
void sim_pty_close(struct sim_pty *pty);
/*
 * Lets another client in: a client's TIOCEXCL would outlive it, because our slave keeps the line
 * open; on a real port it ends with the last close. Called now and then.
 */
void sim_pty_share(const struct sim_pty *pty);
#endif
