#include "contrib/sim/gate.h"
#include "contrib/sim/gate_time.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *key_of(char key[GATE_NUMBER + 16], enum gate_channel channel, const char *kind, const char *number)
{
	snprintf(key, GATE_NUMBER + 16, "%s%s %s", gate_channel_name(channel), kind, number);
	return key;
}

/* The wall clock at an instant of the running clock that is past. */
static int64_t wall_at(const struct gate *gate, int64_t running)
{
	return gate_now(gate) - (gate_running(gate) - running);
}

static bool is_open(const struct gate_order *order)
{
	return order->state == GATE_OPEN || order->state == GATE_WAITING || order->state == GATE_TYPING;
}

static void pay(struct gate *gate, struct gate_order *order, int64_t running)
{
	order->state = GATE_PAID;
	order->was_paid = true;
	order->paid_at = wall_at(gate, running);
	gate_ledger_charge(&gate->ledger, order, order->paid_at);
}

/* ---- a new order ---- */

static void make_numbers(struct gate *gate, struct gate_order *order)
{
	char day[GATE_TIME];
	unsigned long long serial = ++gate->serial;

	gate_time(day, GATE_DIGITS, order->made_at);
	day[8] = '\0';
	switch (order->channel) {
	case GATE_WECHAT: snprintf(order->no, sizeof(order->no), "4200002301%s%010llu", day, serial); break;
	case GATE_ALIPAY: snprintf(order->no, sizeof(order->no), "%s22001400%012llu", day, serial); break;
	case GATE_LAKALA: snprintf(order->no, sizeof(order->no), "%s1101131366%014llu", day, serial); break;
	}
	snprintf(order->wallet_no, sizeof(order->wallet_no), "%s%s%012llu", strcmp(order->wallet, "alipay") == 0 ? "22" : "42000023", day, serial);
	snprintf(order->payer, sizeof(order->payer), order->channel == GATE_WECHAT ? "oUpF8uMu%020llu" : "2088%012llu", serial % 97);
}

static void plan_scanned(struct gate *gate, struct gate_order *order, const struct gate_wish *wish)
{
	order->scan = order->made;
	order->act = order->made + order->plan.after_ms;
	order->code_dies = -1;
	order->dies = wish->lives_ms ? order->made + wish->lives_ms : -1;
	order->state = order->plan.act == GATE_TYPES ? GATE_TYPING : GATE_WAITING;
	if (order->plan.act == GATE_VANISHES || order->plan.act == GATE_SNEAKS)
		order->act = -1;
	if (order->plan.act == GATE_LATE)
		order->dies = -1;
	if (order->act == order->made && order->plan.act == GATE_PAYS)
		pay(gate, order, order->made);
	else if (order->act == order->made && order->plan.act == GATE_REFUSES)
		order->state = GATE_FAILED;
}

static void plan_shown(struct gate *gate, struct gate_order *order, const struct gate_wish *wish)
{
	int64_t takes = order->plan.after_ms > gate->set.scan_ms ? order->plan.after_ms : gate->set.scan_ms;

	order->state = GATE_OPEN;
	order->scan = order->made + (takes < gate->set.scan_ms * 2 ? takes / 2 : gate->set.scan_ms);
	order->act = order->made + takes;
	order->dies = wish->lives_ms ? order->made + wish->lives_ms : -1;
	order->code_dies = wish->code_lives_ms ? order->made + wish->code_lives_ms : -1;
	switch (order->plan.act) {
	case GATE_REFUSES:      /* he looks at the amount and shakes his head: the code stays open */
	case GATE_VANISHES:
		order->scan = order->act = -1;
		break;
	case GATE_SNEAKS:
		order->act = -1;
		break;
	default:
		break;
	}
}

struct gate_order *gate_order_add(struct gate *gate, const struct gate_wish *wish)
{
	struct gate_order *order = zg_alloc(1, sizeof(*order));
	char key[GATE_NUMBER + 16];

	order->channel = wish->channel;
	order->way = wish->way;
	snprintf(order->number, sizeof(order->number), "%s", wish->number);
	snprintf(order->print, sizeof(order->print), "%s", wish->print);
	snprintf(order->wallet, sizeof(order->wallet), "%s", wish->wallet);
	snprintf(order->device, sizeof(order->device), "%s", wish->device ? wish->device : "");
	order->title = zg_copy(wish->title ? wish->title : "");
	order->attach = zg_copy(wish->attach ? wish->attach : "");
	order->fen = wish->fen;
	order->made_at = gate_now(gate);
	order->made = gate_running(gate);
	make_numbers(gate, order);
	order->plan = gate_phone_decide(gate);
	if (order->plan.act == GATE_PAYS && order->plan.after_ms == 0 && wish->way == GATE_SCANNED && wish->fen > gate->set.pin_above)
		order->plan = (struct gate_plan){ GATE_TYPES, gate->set.password_ms };
	if (wish->way == GATE_SCANNED)
		plan_scanned(gate, order, wish);
	else
		plan_shown(gate, order, wish);
	gate_map_put(&gate->orders, key_of(key, order->channel, "", order->number), order);
	gate_map_put(&gate->orders, key_of(key, order->channel, "-no", order->no), order);
	gate->all = zg_grow(gate->all, gate->order_count, &gate->order_room, sizeof(*gate->all));
	gate->all[gate->order_count++] = order;
	if (is_open(order)) {
		gate->pending = zg_grow(gate->pending, gate->pending_count, &gate->pending_room, sizeof(*gate->pending));
		gate->pending[gate->pending_count++] = order;
	}
	return order;
}

struct gate_order *gate_order_find(struct gate *gate, enum gate_channel channel, const char *number)
{
	char key[GATE_NUMBER + 16];

	return gate_map_get(&gate->orders, key_of(key, channel, "", number));
}

struct gate_order *gate_order_find_no(struct gate *gate, enum gate_channel channel, const char *no)
{
	char key[GATE_NUMBER + 16];

	return gate_map_get(&gate->orders, key_of(key, channel, "-no", no));
}

struct gate_refund *gate_refund_find(struct gate *gate, enum gate_channel channel, const char *number)
{
	char key[GATE_NUMBER + 16];

	return gate_map_get(&gate->refunds, key_of(key, channel, "", number));
}

bool gate_order_is_scanned(const struct gate *gate, const struct gate_order *order)
{
	return order->was_paid || (order->scan >= 0 && order->scan <= gate_running(gate));
}

/* ---- what ends it ---- */

enum gate_took gate_order_cancel(struct gate *gate, struct gate_order *order)
{
	if (is_open(order) && order->plan.act == GATE_SNEAKS)
		pay(gate, order, gate_running(gate));
	if (order->state == GATE_REVERSED)
		return GATE_TOOK_BACK_BEFORE;
	if (order->state == GATE_TYPING)
		return GATE_IS_TYPING;
	if (order->state != GATE_PAID) {
		order->state = GATE_REVERSED;
		return GATE_TOOK_BACK_UNPAID;
	}
	order->state = GATE_REVERSED;
	int64_t rest = order->fen - order->refunded_fen;

	order->refunded_fen = order->fen;
	order->reversed_at = gate_now(gate);
	order->reversed_fen = rest;
	if (rest > 0)
		gate_ledger_return(&gate->ledger, order, NULL, rest, gate_now(gate));
	return GATE_TOOK_BACK_PAID;
}

bool gate_order_close(struct gate *gate, struct gate_order *order)
{
	if (is_open(order) && order->plan.act == GATE_SNEAKS)
		pay(gate, order, gate_running(gate));
	if (order->state == GATE_PAID || order->state == GATE_REVERSED)
		return false;
	order->state = GATE_CLOSED;
	return true;
}

void gate_order_act(struct gate *gate, struct gate_order *order, const struct gate_plan *plan)
{
	if (!is_open(order))
		return;
	order->plan = *plan;
	order->scan = gate_running(gate);
	order->act = plan->act == GATE_VANISHES || plan->act == GATE_SNEAKS ? -1 : gate_running(gate) + plan->after_ms;
	if (order->way == GATE_SCANNED)
		order->state = plan->act == GATE_TYPES ? GATE_TYPING : GATE_WAITING;
	if (plan->act == GATE_LATE)
		order->dies = -1;
	gate_order_run(gate);
}

/* ---- refunds ---- */

struct gate_refund *gate_refund_add(struct gate *gate, struct gate_order *order, const char *number, int64_t fen, const char *print, const char *reason)
{
	struct gate_refund *refund = zg_alloc(1, sizeof(*refund));
	char key[GATE_NUMBER + 16], day[GATE_TIME];

	snprintf(refund->number, sizeof(refund->number), "%s", number);
	snprintf(refund->print, sizeof(refund->print), "%s", print);
	snprintf(refund->reason, sizeof(refund->reason), "%s", reason ? reason : "");
	gate_time(day, GATE_DIGITS, gate_now(gate));
	day[8] = '\0';
	if (order->channel == GATE_LAKALA)
		snprintf(refund->no, sizeof(refund->no), "%s1101131366%014llu", day, (unsigned long long)++gate->serial);
	else
		snprintf(refund->no, sizeof(refund->no), "5000000038%s%011llu", day, (unsigned long long)++gate->serial);
	refund->order = order;
	refund->fen = fen;
	refund->asked_at = gate_now(gate);
	refund->due = gate_running(gate) + (order->channel == GATE_ALIPAY ? 0 : gate->set.refund_ms);
	order->refunded_fen += fen;
	order->refunds = zg_grow(order->refunds, order->refund_count, &order->refund_room, sizeof(*order->refunds));
	order->refunds[order->refund_count++] = refund;
	gate_map_put(&gate->refunds, key_of(key, order->channel, "", refund->number), refund);
	gate->pending = zg_grow(gate->pending, gate->pending_count, &gate->pending_room, sizeof(*gate->pending));
	gate->pending[gate->pending_count++] = order;
	gate_order_run(gate);
	return refund;
}

static void finish_refund(struct gate *gate, struct gate_refund *refund)
{
	refund->done_at = wall_at(gate, refund->due);
	if (gate->set.refund_fails && refund->order->channel != GATE_ALIPAY) {
		refund->state = GATE_NOT_REFUNDED;
		refund->order->refunded_fen -= refund->fen;
		return;
	}
	refund->state = GATE_REFUNDED;
	gate_ledger_return(&gate->ledger, refund->order, refund, refund->fen, refund->done_at);
}

/* ---- time ---- */

static void move_payment(struct gate *gate, struct gate_order *order, int64_t now)
{
	bool acts, dies;

	if (order->code_dies >= 0 && order->act > order->code_dies)
		order->act = -1;
	acts = order->act >= 0 && order->act <= now;
	dies = order->dies >= 0 && order->dies <= now;
	if (dies && (!acts || order->dies <= order->act))
		order->state = GATE_CLOSED;
	else if (acts && order->plan.act == GATE_REFUSES)
		order->state = order->way == GATE_SCANNED ? GATE_FAILED : order->state;
	else if (acts)
		pay(gate, order, order->act);
}

/* True while time has still something to do with it. */
static bool move(struct gate *gate, struct gate_order *order, int64_t now)
{
	bool more = false;

	if (is_open(order))
		move_payment(gate, order, now);
	for (size_t i = 0; i < order->refund_count; i++) {
		struct gate_refund *refund = order->refunds[i];

		if (refund->state == GATE_REFUNDING && refund->due <= now)
			finish_refund(gate, refund);
		more = more || refund->state == GATE_REFUNDING;
	}
	return more || is_open(order);
}

void gate_order_run(struct gate *gate)
{
	int64_t now = gate_running(gate);
	size_t kept = 0;

	for (size_t i = 0; i < gate->pending_count; i++)
		if (move(gate, gate->pending[i], now))
			gate->pending[kept++] = gate->pending[i];
	gate->pending_count = kept;
}

static void sooner(int64_t *best, int64_t at)
{
	if (at >= 0 && (*best < 0 || at < *best))
		*best = at;
}

int64_t gate_order_wait(const struct gate *gate)
{
	int64_t best = -1, now = gate_running(gate);

	for (size_t i = 0; i < gate->pending_count; i++) {
		const struct gate_order *order = gate->pending[i];

		if (is_open(order)) {
			sooner(&best, order->act > now ? order->act : -1);
			sooner(&best, order->dies);
		}
		for (size_t r = 0; r < order->refund_count; r++)
			if (order->refunds[r]->state == GATE_REFUNDING)
				sooner(&best, order->refunds[r]->due);
	}
	return best < 0 ? -1 : best > now ? best - now : 0;
}

/* ---- to look at ---- */

json_t *gate_order_json(const struct gate_order *order)
{
	static const char *const states[] = { "open", "waiting", "typing", "paid", "failed", "closed", "reversed" };
	static const char *const refund_states[] = { "refunding", "refunded", "not-refunded" };
	json_t *all = zg_json_object(), *refunds = zg_json_array();

	zg_json_set_string(all, "channel", gate_channel_name(order->channel));
	zg_json_set_string(all, "way", order->way == GATE_SCANNED ? "code" : "shown");
	zg_json_set_string(all, "wallet", order->wallet);
	zg_json_set_string(all, "number", order->number);
	zg_json_set_string(all, "channel_no", order->no);
	zg_json_set_string(all, "state", states[order->state]);
	zg_json_set_string(all, "url", order->url);
	zg_json_set_integer(all, "fen", order->fen);
	zg_json_set_integer(all, "refunded_fen", order->refunded_fen);
	zg_json_set_boolean(all, "was_paid", order->was_paid);
	zg_json_set_integer(all, "made_at", order->made_at);
	zg_json_set_integer(all, "paid_at", order->paid_at);
	zg_json_set_integer(all, "queries", order->asked);
	zg_json_set_integer(all, "cancels", order->cancels);
	for (size_t i = 0; i < order->refund_count; i++) {
		json_t *one = zg_json_object();

		zg_json_set_string(one, "number", order->refunds[i]->number);
		zg_json_set_integer(one, "fen", order->refunds[i]->fen);
		zg_json_set_string(one, "state", refund_states[order->refunds[i]->state]);
		zg_json_append(refunds, one);
	}
	zg_json_set(all, "refunds", refunds);
	return all;
}
