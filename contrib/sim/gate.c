#include "contrib/sim/gate.h"
#include "contrib/sim/gate_doors.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONCE_MS  600000    /* W1 */
#define HUGE_BODY 10000000

static const struct gate_door *const doors[] = { &gate_wechat_v3, &gate_wechat_v2, &gate_alipay, &gate_lakala };
#define DOORS (sizeof(doors) / sizeof(doors[0]))

struct gate *gate_new(const struct zg_clock *clock, const struct gate_shop *shop, uint64_t seed)
{
	struct gate *gate = zg_alloc(1, sizeof(*gate));

	gate->clock = clock;
	gate->shop = shop;
	gate->lot = seed;
	gate_settings_usual(&gate->set);
	gate_ledger_open(&gate->ledger, NULL);
	snprintf(gate->url, sizeof(gate->url), "http://127.0.0.1");
	return gate;
}

static void free_order(struct gate_order *order)
{
	for (size_t i = 0; i < order->refund_count; i++)
		free(order->refunds[i]);
	free(order->refunds);
	free(order->title);
	free(order->attach);
	free(order);
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	for (size_t i = 0; i < gate->order_count; i++)
		free_order(gate->all[i]);
	free(gate->all);
	free(gate->pending);
	gate_map_clear(&gate->orders, NULL);
	gate_map_clear(&gate->refunds, NULL);
	gate_map_clear(&gate->nonces, free);
	gate_map_clear(&gate->numbers, NULL);
	gate_map_clear(&gate->tokens, free);
	for (int c = 0; c < GATE_CHANNELS; c++)
		for (int k = 0; k < GATE_CALLS; k++)
			gate_reply_clear(&gate->last[c][k]);
	gate_phone_clear(&gate->phone);
	gate_faults_clear(&gate->faults);
	gate_ledger_close(&gate->ledger);
	free(gate);
}

/* ---- for the doors ---- */

int64_t gate_now(const struct gate *gate)
{
	return zg_clock_now(gate->clock);
}

int64_t gate_running(const struct gate *gate)
{
	return zg_clock_running(gate->clock);
}

uint64_t gate_lot(struct gate *gate, uint64_t sides)
{
	uint64_t x = gate->lot += 0x9E3779B97F4A7C15u;    /* splitmix64 */

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return (x ^ x >> 31) % sides;
}

void gate_nonce(struct gate *gate, char *text, int count)
{
	for (int i = 0; i < count; i++)
		text[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[gate_lot(gate, 36)];
	text[count] = '\0';
}

static int is_young(void *self, const char *key, void *value)
{
	const struct gate *gate = self;
	bool young = gate_running(gate) - *(int64_t *)value < NONCE_MS;

	(void)key;
	if (!young)
		free(value);
	return young;
}

bool gate_nonce_is_new(struct gate *gate, enum gate_channel channel, const char *nonce)
{
	char key[160];
	int64_t now = gate_running(gate);

	snprintf(key, sizeof(key), "%s %s", gate_channel_name(channel), nonce);
	int64_t *came = gate_map_get(&gate->nonces, key);

	if (came && now - *came < NONCE_MS)
		return gate->is_repeat;
	if (!came) {
		if (gate->nonces.count > 0 && gate->nonces.count % 10000 == 0)
			gate_map_keep(&gate->nonces, is_young, gate);
		came = zg_alloc(1, sizeof(*came));
		gate_map_put(&gate->nonces, key, came);
	}
	*came = now;
	return true;
}

int64_t gate_told_fen(const struct gate *gate, int64_t fen)
{
	return gate->fault.wrong == GATE_WRONG_AMOUNT ? fen + 1 : fen;
}

const char *gate_told_number(const struct gate *gate, const char *number)
{
	return gate->fault.wrong == GATE_WRONG_NUMBER ? "NOT_YOUR_ORDER_000001" : number;
}

const char *gate_told_merchant(const struct gate *gate, const char *merchant)
{
	return gate->fault.wrong == GATE_WRONG_MERCHANT ? "1900000109" : merchant;
}

const char *gate_told_text(const struct gate *gate, const char *text)
{
	/* clears the screen, asks the terminal to answer, turns the line round, rings, and ends in more lines than a screen has */
	static const char hostile[] = "\x1b[2J\x1b[c\x1b]0;PAID\x07\xE2\x80\xAE\x07支付成功\r\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nPAID PAID PAID "
				      "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈";

	return gate->fault.wrong == GATE_HOSTILE_TEXT ? hostile : text;
}

/* ---- one request ---- */

static void set_body(struct gate_reply *reply, int status, const char *type, const char *body)
{
	zg_buffer_clear(&reply->head);
	zg_buffer_clear(&reply->body);
	reply->status = status;
	gate_reply_header(reply, "Content-Type", type);
	zg_buffer_add_text(&reply->body, body);
}

/* What goes wrong before anything is done; true: it is answered, or dropped. */
static bool spoil_before(struct gate *gate, struct gate_reply *reply)
{
	switch (gate->fault.wrong) {
	case GATE_DROP_BEFORE:
		reply->wire = GATE_DROPPED;
		return true;
	case GATE_ERROR_BEFORE:
		set_body(reply, (int)gate->fault.value, "text/html", "<html><body><h1>Server Error</h1></body></html>\n");
		return true;
	case GATE_HOLD:
		reply->hold_ms = gate->fault.value;
		return true;
	default:
		return false;
	}
}

static void alter(struct zg_buffer *body)
{
	/* a digit, so that it still reads well: of the amount, if one is near the middle */
	for (size_t i = body->length / 2; i < body->length; i++) {
		if (body->bytes[i] >= '0' && body->bytes[i] <= '8') {
			body->bytes[i]++;
			return;
		}
	}
	if (body->length > 0)
		body->bytes[body->length / 2] ^= 1;
}

static void add_spaces(struct zg_buffer *body)
{
	char spaces[4096];

	memset(spaces, ' ', sizeof(spaces));
	while (body->length < HUGE_BODY)
		zg_buffer_add(body, spaces, sizeof(spaces));
}

static void copy_answer(struct gate_reply *to, const struct gate_reply *from)
{
	zg_buffer_clear(&to->head);
	zg_buffer_clear(&to->body);
	to->status = from->status;
	zg_buffer_add(&to->head, from->head.bytes, from->head.length);
	zg_buffer_add(&to->body, from->body.bytes, from->body.length);
}

static void spoil_after(struct gate *gate, struct gate_reply *reply, struct gate_reply *last)
{
	switch (gate->fault.wrong) {
	case GATE_DROP_AFTER:
		reply->wire = GATE_DROPPED;
		break;
	case GATE_TRUNCATE:
		reply->wire = GATE_CUT;
		break;
	case GATE_DRIP:
		reply->wire = GATE_DRIPS;
		break;
	case GATE_DELAY:
		reply->delay_ms = gate->fault.value;
		break;
	case GATE_ERROR_AFTER:
		set_body(reply, (int)gate->fault.value, "text/html", "<html><body><h1>Server Error</h1></body></html>\n");
		break;
	case GATE_ALTERED:
		alter(&reply->body);
		break;
	case GATE_HUGE:
		add_spaces(&reply->body);
		break;
	case GATE_HTML:
		set_body(reply, 200, "text/html", "<html><head><title>Welcome</title></head><body>Please sign in to use our network.</body></html>\n");
		break;
	case GATE_REDIRECT:
		set_body(reply, 302, "text/plain", "");
		gate_reply_header(reply, "Location", "http://elsewhere.invalid/v3/pay");
		break;
	case GATE_REPLAY:
		if (last->status)
			copy_answer(reply, last);
		break;
	default:
		break;
	}
}

void gate_run(struct gate *gate)
{
	gate_order_run(gate);
}

static void answer_at(struct gate *gate, const struct gate_door *door, const struct gate_request *request, struct gate_reply *reply)
{
	struct gate_reply *last = &gate->last[reply->channel][reply->call];

	if (gate->fault.wrong == GATE_DUPLICATE) {
		struct gate_reply first = { .channel = reply->channel, .call = reply->call, .is_known = true };

		door->answer(gate, request, &first);
		gate_reply_clear(&first);
		gate->is_repeat = true;
	}
	door->answer(gate, request, reply);
	gate->is_repeat = false;
	spoil_after(gate, reply, last);
	if (gate->fault.wrong == GATE_RIGHT && reply->status == 200)
		copy_answer(last, reply);
}

void gate_answer(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	char path[512];

	gate_run(gate);
	gate_path(request, path, sizeof(path));
	for (size_t i = 0; i < DOORS; i++) {
		if (!doors[i]->knows(request, path, &reply->call))
			continue;
		reply->channel = doors[i]->channel;
		reply->is_known = true;
		gate->fault = request->was_held ? (struct gate_fault){ 0 } : gate_fault_take(gate, reply->channel, reply->call);
		reply->fault = gate->fault.wrong ? gate_fault_name(gate->fault.wrong) : NULL;
		if (!spoil_before(gate, reply))
			answer_at(gate, doors[i], request, reply);
		gate->fault = (struct gate_fault){ 0 };
		return;
	}
	gate_refuse(reply, "path", "no such address");
	set_body(reply, 404, "application/json", "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"no such address\"}");
}
