#include "src/till/pay_check.h"

#include "src/base/alloc.h"
#include "src/till/accounts.h"
#include "src/till/pay_check_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASKS (ZG_CHANNELS * 2 * 2)    /* each channel's two ways at two addresses */

struct check;

/* One question under way. */
struct ask {
	struct check *check;
	struct zg_pay_finding *finding;
	const struct zg_account *account;
	struct zg_pay_order order;
	int host;
	enum zg_pay_call call;
	bool has_asked_keys, is_over;
};

struct check {
	const struct zg_pay_check *parts;
	struct zg_loop *loop;
	struct zg_accounts *accounts[ZG_CHANNELS];
	struct zg_pay_finding *findings;
	size_t finding_count;
	struct ask asks[ASKS];
	size_t ask_count;
};

static struct zg_pay_finding *add_finding(struct check *check, enum zg_channel channel)
{
	struct zg_pay_finding *finding = &check->findings[check->finding_count++];

	zg_assert(check->finding_count <= ASKS);
	finding->channel = channel;
	return finding;
}

static void not_possible(struct zg_pay_finding *finding, const struct zg_error *err)
{
	finding->fault = ZG_PAY_FAULT_SETTINGS;
	snprintf(finding->text, sizeof(finding->text), "%s", err->text);
}

static enum zg_result build(const struct ask *ask, enum zg_pay_call call, struct zg_http_request *request, struct zg_error *err)
{
	char nonce[ZG_PAY_NONCE];
	struct zg_pay_moment moment = { .now_ms = zg_clock_now(ask->check->parts->clock), .nonce = nonce, .host = ask->host };

	zg_pay_nonce(nonce);
	return ask->account->driver->build(ask->account->keys, call, &ask->order, &moment, request, err);
}

static void answered(void *self, struct zg_http_reply *reply);

static void put(struct ask *ask, enum zg_pay_call call)
{
	struct zg_http_request request = { 0 };
	struct zg_http_options options = zg_account_options(ask->account, ask->order.way, call);
	struct zg_error err = { .text = "" };

	ask->call = call;
	if (build(ask, call, &request, &err) == ZG_OK) {
		(void)zg_http_send(ask->check->loop, &request, &options, answered, ask);
	} else {
		not_possible(ask->finding, &err);
		ask->is_over = true;
	}
	zg_http_request_clear(&request);
}

/* A channel whose certificates come over the network: they are fetched, and then it is asked once more. */
static bool can_ask_keys(struct ask *ask, const struct zg_pay_answer *answer)
{
	struct zg_http_request request = { 0 };
	bool can = answer->proof == ZG_PROVED_OTHER_KEY && !ask->has_asked_keys && build(ask, ZG_CALL_KEYS, &request, NULL) == ZG_OK;

	zg_http_request_clear(&request);
	return can;
}

static void answered(void *self, struct zg_http_reply *reply)
{
	struct ask *ask = self;
	const struct zg_pay_check *parts = ask->check->parts;
	struct zg_pay_answer answer = { .amount_fen = -1, .refund_fen = -1 };

	ask->account->driver->read(ask->account->keys, ask->call, &ask->order, zg_clock_now(parts->clock), reply, &answer);
	if (ask->call == ZG_CALL_KEYS && answer.says == ZG_SAYS_DONE) {
		put(ask, ZG_CALL_CHECK);
		return;
	}
	if (ask->call == ZG_CALL_CHECK && can_ask_keys(ask, &answer)) {
		ask->has_asked_keys = true;
		put(ask, ZG_CALL_KEYS);
		return;
	}
	ask->finding->has_skew = reply->date_ms != 0;
	ask->finding->skew_ms = reply->date_ms ? zg_clock_now(parts->clock) - reply->date_ms : 0;
	zg_pay_check_judge(ask->finding, &parts->config->pay[ask->finding->channel], &answer, reply);
	if (ask->finding->fault == ZG_PAY_WELL)
		(void)zg_account_is_ending(ask->account, zg_clock_now(parts->clock), ask->finding->text);    /* a remark: it still works */
	ask->is_over = true;
}

/* Everything before what changes from one request to the next. */
static size_t same_length(const char *url)
{
	return strcspn(url, "?");
}

/* Whether the channel takes both ways by one and the same request, so that one question is enough. */
static bool is_same(struct ask ask)
{
	struct zg_http_request code = { 0 }, shown = { 0 };
	bool same;

	ask.order.way = ZG_WAY_CODE;
	same = build(&ask, ZG_CALL_CHECK, &code, NULL) == ZG_OK;
	ask.order.way = ZG_WAY_SHOWN;
	same = build(&ask, ZG_CALL_CHECK, &shown, NULL) == ZG_OK && same;
	same = same && same_length(code.url) == same_length(shown.url) && strncmp(code.url, shown.url, same_length(code.url)) == 0;
	zg_http_request_clear(&code);
	zg_http_request_clear(&shown);
	return same;
}

/* One of the addresses of a setting, without what the channel adds. */
static void take_address(char *out, size_t size, const char *url, int host)
{
	const char *at = host ? strchr(url, ' ') + 1 : url;

	snprintf(out, size, "%.*s", (int)strcspn(at, " "), at);
}

static void plan_channel(struct check *check, const struct zg_account *account, enum zg_channel channel)
{
	const struct zg_channel_config *c = &check->parts->config->pay[channel];

	for (int host = 0; host <= account->has_other_host; host++)
		for (int way = ZG_WAY_CODE; way <= ZG_WAY_SHOWN; way++) {
			struct ask *ask = &check->asks[check->ask_count];

			*ask = (struct ask){ .check = check, .account = account, .host = host, .order = { .way = (enum zg_pay_way)way } };
			bool same = is_same(*ask);

			if (same && way == ZG_WAY_SHOWN)
				continue;
			check->ask_count++;
			ask->finding = add_finding(check, channel);
			ask->finding->is_one_way = !same;
			ask->finding->way = (enum zg_pay_way)way;
			take_address(ask->finding->address, sizeof(ask->finding->address), c->url, host);
		}
}

static void open_channel(struct check *check, const struct zg_pay_driver *driver)
{
	const struct zg_pay_driver *const one[] = { driver, NULL };
	const struct zg_channel_config *c = &check->parts->config->pay[driver->channel];
	struct zg_error err = { .text = "" };

	if (!c->url[0])
		return;
	if (zg_accounts_read(check->parts->config, check->parts->home, one, &check->accounts[driver->channel], &err) == ZG_OK) {
		plan_channel(check, zg_accounts_of(check->accounts[driver->channel], driver->channel), driver->channel);
	} else {
		struct zg_pay_finding *finding = add_finding(check, driver->channel);

		take_address(finding->address, sizeof(finding->address), c->url, 0);
		not_possible(finding, &err);
	}
}

static bool is_over(const struct check *check)
{
	for (size_t i = 0; i < check->ask_count; i++)
		if (!check->asks[i].is_over)
			return false;
	return true;
}

void zg_pay_check(const struct zg_pay_check *parts, struct zg_pay_finding **findings, size_t *count)
{
	struct check check = { .parts = parts, .loop = zg_loop_new(parts->clock), .findings = zg_alloc(ASKS, sizeof(*check.findings)) };

	for (const struct zg_pay_driver *const *driver = parts->drivers; *driver; driver++)
		open_channel(&check, *driver);
	/* libcurl and every key are there before the first request's time begins to run: that takes seconds on a slow machine */
	(void)zg_loop_curl(check.loop, NULL);
	for (size_t i = 0; i < check.ask_count; i++)
		put(&check.asks[i], ZG_CALL_CHECK);
	while (!is_over(&check) && zg_loop_step(check.loop, 1000))
		;
	for (int i = 0; i < ZG_CHANNELS; i++)
		zg_accounts_free(check.accounts[i]);
	zg_loop_free(check.loop);
	*findings = check.findings;
	*count = check.finding_count;
}
