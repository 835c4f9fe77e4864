/*
 * Whether the payment channels that a shop has set up can be used: asks each for an order that cannot exist, which needs all of the shop's
 * credentials and moves nothing, and says in words what is wrong. It waits and has its own loop, so a screen never uses it; no till need run.
 */
#ifndef ZG_TILL_PAY_CHECK_H
#define ZG_TILL_PAY_CHECK_H

#include "src/io/pay.h"
#include "src/till/config.h"

enum zg_pay_fault {
	ZG_PAY_WELL,
	ZG_PAY_FAULT_SETTINGS,     /* a setting or key file is missing or cannot be; or the channel refuses what stands there */
	ZG_PAY_FAULT_NETWORK,      /* nobody answered */
	ZG_PAY_FAULT_CLOCK,        /* this computer's, by the channel's */
	ZG_PAY_FAULT_KEY,          /* the shop's own does not sign as the channel expects */
	ZG_PAY_FAULT_SERIAL,       /* the channel does not know the shop's certificate by that number */
	ZG_PAY_FAULT_CHANNEL_KEY,  /* the channel's answer is not signed with its key as the shop has it */
	ZG_PAY_FAULT_OTHER,        /* it answered something else */
};
#define ZG_PAY_FAULTS 8

/* One question and what came of it. */
struct zg_pay_finding {
	enum zg_channel channel;
	bool is_one_way;                        /* the channel takes the two ways by different requests, and this is about `way` */
	enum zg_pay_way way;
	char address[ZG_SETTING_MAX + 1];       /* that was asked */
	enum zg_pay_fault fault;
	char text[ZG_ERROR_TEXT];               /* what is wrong and what to do; of one that is well a remark, or "" */
	char code[64], request_id[80], serial[80];    /* the channel's, cleaned */
	enum zg_pay_proof proof;
	int status;                             /* of HTTP; 0: no answer */
	bool has_skew;
	int64_t skew_ms;                        /* how far our clock is ahead of the channel's */
	int64_t took_ms;
};

struct zg_pay_check {
	const char *home;
	const struct zg_config *config;
	const struct zg_pay_driver *const *drivers;    /* ends with NULL */
	const struct zg_clock *clock;
};

/* *findings is the caller's, freed with free(); none: the shop has no channel set up. */
void zg_pay_check(const struct zg_pay_check *check, struct zg_pay_finding **findings, size_t *count);

const char *zg_pay_fault_name(enum zg_pay_fault fault);    /* "well", "settings", ...: for JSON */
#endif
