/*
 * Real-time commands: DLE EOT, DLE ENQ and DLE DC4. A printer acts on them as they arrive,
 * wherever they stand, also inside the data of another command (devices.md 2.6).
 */
#ifndef SIM_REALTIME_H
#define SIM_REALTIME_H

#include <stdbool.h>
#include <stddef.h>

#define SIM_REALTIME_MAX 10

struct sim_realtime {
	unsigned char bytes[SIM_REALTIME_MAX];
	size_t length;
};

/*
 * Bytes of the command that starts here; more than length when that many are known to be needed
 * at least; 0 when it is none.
 */
size_t sim_realtime_length(const unsigned char *bytes, size_t length);
/* Takes the next byte that arrives; true when it completes a command, which is then in bytes and length. */
bool sim_realtime_put(struct sim_realtime *realtime, unsigned char byte);
#endif
