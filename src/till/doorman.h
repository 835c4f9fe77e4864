/*
 * The running till's half of the door: takes calls from the control socket and gives them to the till.
 *
 * A call over the socket always names who makes it: the person signed in at the counter lends a command
 * nothing. Signing in and out is the counter's own and is refused here.
 */
#ifndef ZG_TILL_DOORMAN_H
#define ZG_TILL_DOORMAN_H

#include "src/base/result.h"
#include "src/io/loop.h"

struct zg_doorman;
struct zg_till;

/* Listens in home. till and loop are borrowed. On failure *doorman is NULL. */
enum zg_result zg_doorman_open(struct zg_till *till, struct zg_loop *loop, const char *home, struct zg_doorman **doorman,
			       struct zg_error *err);
/* Before the till goes, and when none of its acts is under way any more. NULL is allowed. */
void zg_doorman_close(struct zg_doorman *doorman);
#endif
