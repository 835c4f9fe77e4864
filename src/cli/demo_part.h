/*
 * What stands beside the demo: programs of zhanggui-sim, each with an end when the demo ends, however it ends: its standard input is
 * a line that the demo holds open.
 */
#ifndef ZG_CLI_DEMO_PART_H
#define ZG_CLI_DEMO_PART_H

#include "src/base/result.h"

#include <stddef.h>
#include <sys/types.h>

#define ZG_DEMO_WORDS 16    /* of its command line, with the NULL */

struct zg_demo_part {
	pid_t pid;      /* 0: it does not run */
	int control;    /* the demo's end of its standard input; -1 */
};

/*
 * Starts `zhanggui-sim WORDS` and waits for its first line, which begins with "ready"; what it complains of goes to log/sim.log of the shop.
 * The words end with NULL. in: its standard input, closed here; part->control is the other end of it, and the caller's all along.
 */
enum zg_result zg_demo_part_start(struct zg_demo_part *part, const char *home, const char *const *words, int in, char *line, size_t size,
				  struct zg_error *err);
/* Runs `zhanggui-sim WORDS` to its end. ZG_BROKEN: it could not, or complained. */
enum zg_result zg_demo_part_run(const char *home, const char *const *words, struct zg_error *err);
/* Closes its standard input, waits for its end, and insists after a while. */
void zg_demo_part_stop(struct zg_demo_part *part);

/* A directory and all that is in it; what is not there is no fault. */
void zg_demo_remove(const char *path);

/*
 * The payment gateways, for the shop in home: a merchant that does not exist, made once with its TEST ONLY keys in home/gateways; the
 * customer whom they serve, who obeys home/phone; and the settings with which the till pays there, written into zhanggui.conf.
 */
enum zg_result zg_demo_pay_start(struct zg_demo_part *part, const char *home, struct zg_error *err);
#endif
