/* The control language: one line in, its answer out. contrib/sim/README.md lists it. */
#include "contrib/sim/gate.h"
#include "contrib/sim/gate_bill.h"
#include "contrib/sim/gate_time.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool phone_standing(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	(void)answer;
	if (strcmp(words, "random") == 0)
		return gate->phone.is_random = true;
	if (!gate_plan_read(words, &gate->phone.standing))
		return false;
	gate->phone.is_random = false;
	return true;
}

static bool phone_next(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	struct gate_phone *phone = &gate->phone;
	struct gate_plan plan;

	(void)answer;
	if (!gate_plan_read(words, &plan))
		return false;
	phone->next = zg_grow(phone->next, phone->next_count, &phone->next_room, sizeof(*phone->next));
	phone->next[phone->next_count++] = plan;
	return true;
}

/* What is being paid just now, all of it. */
static bool phone_now(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	struct gate_plan plan;
	size_t count = gate->pending_count;

	(void)answer;
	if (!gate_plan_read(words, &plan))
		return false;
	struct gate_order **orders = zg_alloc(count + 1, sizeof(struct gate_order *));

	for (size_t i = 0; i < count; i++)
		orders[i] = gate->pending[i];
	for (size_t i = 0; i < count; i++)
		gate_order_act(gate, orders[i], &plan);
	free(orders);
	return true;
}

static bool phone(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	if (strncmp(words, "next ", 5) == 0)
		return phone_next(gate, words + 5, answer);
	if (strncmp(words, "now ", 4) == 0)
		return phone_now(gate, words + 4, answer);
	return phone_standing(gate, words, answer);
}

static bool code(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	char text[32];

	if (!gate_phone_show(gate, words, text))
		return false;
	zg_buffer_print(answer, "%s\n", text);
	return true;
}

static bool fault(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	(void)answer;
	return gate_fault_order(&gate->faults, words);
}

static bool faults(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	gate_fault_list(&gate->faults, answer);
	return !*words;
}

static bool set(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	char name[32], value[16], more[2];

	if (!*words) {
		gate_settings_list(&gate->set, answer);
		return true;
	}
	return sscanf(words, "%31s %15s %1s", name, value, more) == 2 && gate_settings_set(&gate->set, name, value);
}

static bool ledger(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	zg_buffer_add(answer, zg_buffer_text(&gate->ledger.lines), gate->ledger.lines.length);
	return !*words;
}

static void print_json(json_t *value, struct zg_buffer *answer)
{
	char *text = zg_json_text(value);

	zg_buffer_print(answer, "%s\n", text);
	free(text);
	json_decref(value);
}

/* One order as a line of JSON, or all of them. */
static bool orders(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	bool found = !*words;

	for (size_t i = 0; i < gate->order_count; i++) {
		if (*words && strcmp(gate->all[i]->number, words) != 0)
			continue;
		print_json(gate_order_json(gate->all[i]), answer);
		found = true;
	}
	return found;
}

/* A day's bill as text, whether or not it would be ready: "bill CHANNEL DAY". */
static bool bill(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	char channel[16], day[16], more[2];
	struct zg_buffer summary = { 0 };
	int64_t day_ms;

	if (sscanf(words, "%15s %15s %1s", channel, day, more) != 2 || !gate_time_read(day, GATE_DAY, &day_ms))
		return false;
	switch (gate_channel_of(channel)) {
	case GATE_WECHAT: gate_bill_wechat(gate, day_ms, "ALL", answer); return true;
	case GATE_LAKALA: gate_bill_lakala(gate, day_ms, answer); return true;
	case GATE_ALIPAY:
		gate_bill_alipay(gate, day_ms, answer, &summary);
		zg_buffer_clear(&summary);
		return true;
	default: return false;
	}
}

static bool status(struct gate *gate, const char *words, struct zg_buffer *answer)
{
	json_t *all = zg_json_object();

	zg_json_set_integer(all, "now_ms", gate_now(gate));
	zg_json_set_integer(all, "orders", (int64_t)gate->order_count);
	zg_json_set_integer(all, "pending", (int64_t)gate->pending_count);
	zg_json_set_integer(all, "charged_fen", gate->ledger.charged_fen);
	zg_json_set_integer(all, "returned_fen", gate->ledger.returned_fen);
	zg_json_set_integer(all, "ledger", gate->ledger.count);
	print_json(all, answer);
	return !*words;
}

static const struct {
	const char *name;
	bool (*run)(struct gate *gate, const char *words, struct zg_buffer *answer);
	bool is_question;    /* its answer is what it prints; else "ok LINE" */
} commands[] = {
	{ "phone", phone, false }, { "code", code, true },     { "fault", fault, false },   { "faults", faults, true },
	{ "bill", bill, true },
	{ "set", set, false },     { "ledger", ledger, true }, { "orders", orders, true },  { "status", status, true },
};

bool gate_obey(struct gate *gate, const char *line, struct zg_buffer *answer)
{
	size_t length = strcspn(line, " ");
	const char *words = line + length + strspn(line + length, " ");

	gate_run(gate);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strlen(commands[i].name) != length || strncmp(commands[i].name, line, length) != 0)
			continue;
		if (!commands[i].run(gate, words, answer))
			break;
		if (!commands[i].is_question)
			zg_buffer_print(answer, "ok %s\n", line);
		return true;
	}
	zg_buffer_print(answer, "unknown %s\n", line);
	return false;
}
