#include "contrib/sim/gate.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_LIVES_MS 60000    /* a code is refreshed every minute */

struct shown {
	int64_t shown;    /* running clock */
	bool is_used;
};

/* ---- plans ---- */

static const struct {
	const char *name;
	enum gate_act act;
	bool has_time;
	int64_t usual_ms;
} plans[] = {
	{ "pays",           GATE_PAYS,     false, 0     },
	{ "pays-after",     GATE_PAYS,     true,  3000  },
	{ "password",       GATE_TYPES,    true,  8000  },
	{ "refuses",        GATE_REFUSES,  false, 0     },
	{ "refuses-after",  GATE_REFUSES,  true,  4000  },
	{ "vanishes",       GATE_VANISHES, false, 0     },
	{ "pays-late",      GATE_LATE,     true,  55000 },
	{ "pays-at-cancel", GATE_SNEAKS,   false, 0     },
};
#define PLANS (sizeof(plans) / sizeof(plans[0]))

bool gate_plan_read(const char *words, struct gate_plan *plan)
{
	size_t length = strcspn(words, " ");

	for (size_t i = 0; i < PLANS; i++) {
		if (strncmp(words, plans[i].name, length) != 0 || plans[i].name[length])
			continue;
		const char *rest = words + length + strspn(words + length, " ");
		char *end;
		long long number = strtoll(rest, &end, 10);

		if (*rest && (!plans[i].has_time || *end || number < 0))
			return false;
		*plan = (struct gate_plan){ plans[i].act, *rest ? number : plans[i].usual_ms };
		return true;
	}
	return false;
}

/* The mix of a busy day, in percent. */
static struct gate_plan by_lot(struct gate *gate)
{
	static const struct { unsigned percent; enum gate_act act; int64_t from_ms, to_ms; } mix[] = {
		{ 55, GATE_PAYS,     0,     0     },
		{ 14, GATE_PAYS,     500,   20000 },
		{ 9,  GATE_TYPES,    2000,  60000 },
		{ 6,  GATE_REFUSES,  0,     0     },
		{ 4,  GATE_REFUSES,  1000,  20000 },
		{ 5,  GATE_VANISHES, 0,     0     },
		{ 4,  GATE_LATE,     46000, 90000 },
		{ 3,  GATE_SNEAKS,   0,     0     },
	};
	unsigned lot = (unsigned)gate_lot(gate, 100);
	size_t i = 0;

	while (lot >= mix[i].percent)
		lot -= mix[i++].percent;
	int64_t range = mix[i].to_ms - mix[i].from_ms;

	return (struct gate_plan){ mix[i].act, mix[i].from_ms + (range ? (int64_t)gate_lot(gate, (uint64_t)range) : 0) };
}

struct gate_plan gate_phone_decide(struct gate *gate)
{
	struct gate_phone *phone = &gate->phone;

	if (phone->next_count > 0) {
		struct gate_plan plan = phone->next[0];

		memmove(phone->next, phone->next + 1, --phone->next_count * sizeof(*phone->next));
		return plan;
	}
	return phone->is_random ? by_lot(gate) : phone->standing;
}

/* ---- codes ---- */

/* reference: the channels' own error texts and three public tills, by prefix and length */
static const struct { const char *wallet; int from, to; size_t shortest, longest; } wallets[] = {
	{ "wechat",   10, 15, 18, 18 },
	{ "alipay",   25, 30, 16, 24 },
	{ "unionpay", 62, 62, 19, 19 },
	{ "ecny",     1,  1,  19, 19 },
	{ "bestpay",  51, 51, 18, 18 },
	{ "suning",   83, 83, 18, 18 },
};
#define WALLETS (sizeof(wallets) / sizeof(wallets[0]))

const char *gate_code_wallet(const char *code)
{
	size_t length = strlen(code);

	if (length < 16 || length > 24 || strspn(code, "0123456789") != length)
		return NULL;
	int prefix = (code[0] - '0') * 10 + (code[1] - '0');

	for (size_t i = 0; i < WALLETS; i++)
		if (prefix >= wallets[i].from && prefix <= wallets[i].to && length >= wallets[i].shortest && length <= wallets[i].longest)
			return wallets[i].wallet;
	return NULL;
}

static struct shown *shown_now(struct gate *gate, const char *code)
{
	struct shown *shown = zg_alloc(1, sizeof(*shown));

	shown->shown = gate_running(gate);
	gate_map_put(&gate->phone.codes, code, shown);
	return shown;
}

bool gate_phone_show(struct gate *gate, const char *wallet, char code[32])
{
	for (size_t i = 0; i < WALLETS; i++) {
		if (strcmp(wallet, wallets[i].wallet) != 0)
			continue;
		int spread = wallets[i].to - wallets[i].from + 1;

		do {
			int at = snprintf(code, 32, "%02d", wallets[i].from + (int)gate_lot(gate, (uint64_t)spread));
			size_t length = wallets[i].shortest > 18 ? wallets[i].shortest : 18;

			while ((size_t)at < length)
				code[at++] = (char)('0' + gate_lot(gate, 10));
			code[at] = '\0';
		} while (gate_map_get(&gate->phone.codes, code));
		shown_now(gate, code);
		return true;
	}
	return false;
}

enum gate_code gate_phone_scanned(struct gate *gate, const char *code)
{
	struct shown *shown = gate_map_get(&gate->phone.codes, code);

	if (!shown)
		shown = shown_now(gate, code);
	if (shown->is_used)
		return GATE_CODE_USED;
	if (gate_running(gate) - shown->shown > CODE_LIVES_MS)
		return GATE_CODE_OLD;
	shown->is_used = true;
	return GATE_CODE_FRESH;
}

void gate_phone_clear(struct gate_phone *phone)
{
	free(phone->next);
	gate_map_clear(&phone->codes, free);
	*phone = (struct gate_phone){ 0 };
}
