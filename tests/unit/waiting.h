/* Steps a loop until something is so, with a limit that only a broken test reaches. */
#ifndef ZG_TEST_WAITING_H
#define ZG_TEST_WAITING_H

#include "src/io/loop.h"

#define WAIT_LIMIT_MS 15000

#define wait_until(loop, condition) \
	do { \
		int64_t wait_end_ = zg_clock_running(&zg_real_clock) + WAIT_LIMIT_MS; \
		bool wait_ended_well_ = false; \
		while (!(wait_ended_well_ = (condition)) && zg_clock_running(&zg_real_clock) < wait_end_) \
			(void)zg_loop_step(loop, 20); \
		cr_assert(wait_ended_well_); \
	} while (0)

/* Descriptors that are open in this process. */
int count_descriptors(void);
#endif
