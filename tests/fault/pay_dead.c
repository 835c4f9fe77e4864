/*
 * A dead network never freezes the till: while payments by phone are under way at addresses that take no connection, say nothing, send a byte a
 * second, reset everything, or whose names nobody answers for, somebody works at the real screen. Each key is timed until the screen shows it, each
 * Cancel until the screen says so, and a sale in cash. The part of P14 that is the counter's; dead_net has HTTP's. ZG_COUNT milliseconds
 * a scene (300). Times are figures: a machine that others use too fails only at a key of a second; from 10,000 ms on the promise's own bounds count.
 */
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/crew.h"
#include "tests/lab/gateway.h"
#include "tests/lab/resolver.h"
#include "tests/lab/web.h"
#include "tests/unit/chance.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOODS      "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nW1,6901234567892,Water,bottle,2.00,13%,,piece\n"
#define BARCODE    "6901234567892"
#define GROSS_US   1000000
#define KEY_US     5000       /* the promise: p99 of the keys */
#define CANCEL_US  100000     /* and every Cancel */
#define FULL_MS    10000
#define TIMES_MOST 100000
#define START      "7007"
#define HUNG       3          /* payments beside the one on the screen */

static void reset(struct web_peer *peer)
{
	web_take(peer);
	web_reset(peer);
}

static const struct scene {
	const char *name;
	web_serve *serve;       /* NULL: no server */
	bool is_full;           /* a listener that does not accept */
	bool is_quiet;          /* no payment is begun: what the machine itself takes */
} scenes[] = {
	{ "no payments, to compare", NULL, false, true },
	{ "no connection", NULL, true, false },
	{ "no answer", web_say_nothing, false, false },
	{ "names not answered for", NULL, false, false },
	{ "a byte a second", web_say_slowly, false, false },
	{ "resets", reset, false, false },
};

struct trial {
	struct tally tally;
	struct shop shop;
	struct counter counter;
	struct chance chance;
	char *place, *settings;
	long count;
	int64_t *keys, *cancels;
	size_t key_count, cancel_count;
	int64_t cash_us;
	long begun;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static int by_size(const void *a, const void *b)
{
	return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b);
}

static void begin(struct trial *t)
{
	t->place = crew_place();
	setenv("TMPDIR", t->place, 1);
	setenv(RESOLVER_NAME, "8000", 1);
	/* the lab's till, for its names, by the machine's own clock */
	run_use_clock("");
	unsetenv("ZG_LAB_CLOCK");
	shop_begin(&t->shop, GOODS, "[shop]\nname = Corner shop\nlanguage = en\n[till]\nid = 1\n");
	char *pin = zg_print("%s/boss.pin", t->shop.home);

	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	free(pin);
	t->settings = gateway_nowhere(t->place, (const char *const[]){ "@", "@", "@" });
	t->keys = zg_alloc(TIMES_MOST, sizeof(int64_t));
	t->cancels = zg_alloc(TIMES_MOST, sizeof(int64_t));
}

/* "@" stands where the address goes. */
static void set_address(struct trial *t, const char *url)
{
	struct zg_buffer text = { 0 };

	zg_buffer_add_text(&text, "[shop]\nname = Corner shop\nlanguage = en\n[till]\nid = 1\n");
	for (const char *at = t->settings; *at; at++)
		if (*at == '@')
			zg_buffer_add_text(&text, url);
		else
			zg_buffer_add_byte(&text, (unsigned char)*at);
	shop_write(&t->shop, "zhanggui.conf", zg_buffer_text(&text));
	zg_buffer_clear(&text);
}

/* Microseconds until the text is there, or gone. Something else may need it longer: a failure after 10 s. */
static int64_t timed(struct trial *t, const char *keys, const char *text, bool there)
{
	int64_t from = run_now_us();

	counter_write(&t->counter, keys);
	bool good = there ? counter_wait(&t->counter, text, 10000) : counter_gone(&t->counter, text, 10000);
	int64_t took = run_now_us() - from;

	CHECK(good && took < GROSS_US, "key %s: %lld ms until \"%s\" %s", keys, (long long)(took / 1000), text, there ? "stands there" : "is gone");
	return took;
}

static void begin_payment(struct trial *t)
{
	static const char *const heads[] = { "13", "28", "62" };
	char code[24];
	int kind = (int)(t->begun++ % 3);
	size_t length = kind == 2 ? 19 : 18;

	snprintf(code, sizeof(code), "%s", heads[kind]);
	for (size_t at = 2; at < length; at++)
		code[at] = (char)('0' + chance_between(&t->chance, 0, 9));
	code[length] = '\0';
	counter_scan(&t->counter, BARCODE);
	counter_wait(&t->counter, "2.00", 3000);
	counter_write(&t->counter, "+");
	counter_wait(&t->counter, "Take the money", 3000);
	counter_scan(&t->counter, code);
	if (!CHECK(counter_wait(&t->counter, "Ask now", 5000), "no payment begins")) {
		vt_print(t->counter.vt);
		exit(1);
	}
}

static void hang(struct trial *t)
{
	counter_write(&t->counter, "\033[18~");
	CHECK(counter_gone(&t->counter, "Ask now", 5000), "the sale is not hung");
}

/* Digits and their going, each until it is seen. */
static void type(struct trial *t)
{
	char seen[12] = START;

	/* the first ones are not timed: less of them may stand on the screen anyway */
	counter_type(&t->counter, START);
	counter_rest(&t->counter, 30);
	for (int i = 0; i < 4 && t->key_count < TIMES_MOST; i++) {
		strcat(seen, "7");
		t->keys[t->key_count++] = timed(t, "7", seen, true);
		counter_rest(&t->counter, 3);
	}
	for (size_t left = strlen(seen); left > strlen(START) && t->key_count < TIMES_MOST; left--) {
		seen[left] = '\0';
		t->keys[t->key_count++] = timed(t, "\177", seen, false);
		counter_rest(&t->counter, 3);
	}
	counter_type(&t->counter, "\177\177\177\177");
	counter_rest(&t->counter, 10);
}

static void cancel(struct trial *t)
{
	begin_payment(t);
	counter_rest(&t->counter, 30);
	/* one that was reset is over and free, if the answer came so fast */
	if (!vt_has(t->counter.vt, "Not paid.") && t->cancel_count < TIMES_MOST)
		t->cancels[t->cancel_count++] = timed(t, "\033", "is told to cancel", true);
	if (vt_has(t->counter.vt, "Ask now"))
		hang(t);
}

static void sell_for_cash(struct trial *t)
{
	counter_scan(&t->counter, BARCODE);
	counter_wait(&t->counter, "2.00", 3000);
	t->cash_us = timed(t, "+\r", "✓ Paid", true);
}

static void judge(struct trial *t, const struct scene *scene)
{
	bool is_full = t->count >= FULL_MS;

	qsort(t->keys, t->key_count, sizeof(t->keys[0]), by_size);
	qsort(t->cancels, t->cancel_count, sizeof(t->cancels[0]), by_size);
	int64_t key = t->key_count ? t->keys[t->key_count * 99 / 100] : -1, last = t->cancel_count ? t->cancels[t->cancel_count - 1] : -1;

	printf("figure: %s: %zu keys, median %.2f ms, p99 %.2f ms, longest %.1f ms; %zu Cancels, longest %.1f ms; a sale in cash %.1f ms\n", scene->name,
	       t->key_count, (double)t->keys[t->key_count / 2] / 1000, (double)key / 1000, (double)t->keys[t->key_count - 1] / 1000, t->cancel_count,
	       (double)last / 1000, (double)t->cash_us / 1000);
	if (scene->is_quiet)
		return;
	CHECK(t->key_count > 0 && t->cancel_count > 0, "%s: nothing was timed", scene->name);
	CHECK(!is_full || key <= KEY_US, "%s: p99 of the keys is %.2f ms", scene->name, (double)key / 1000);
	CHECK(!is_full || last <= CANCEL_US, "%s: a Cancel took %.1f ms", scene->name, (double)last / 1000);
}

static void play(struct trial *t, const struct scene *scene)
{
	struct web web = { 0 };
	int held[3] = { -1, -1, -1 };

	if (scene->serve)
		web_begin(&web, scene->serve, NULL, NULL, NULL, NULL);
	char *url = scene->serve || scene->is_full ? zg_print("http://127.0.0.1:%d", scene->serve ? web.port : web_full(held)) : zg_copy("https://hangs.test");

	set_address(t, url);
	t->key_count = t->cancel_count = 0;
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	if (CHECK(counter_sign_in(&t->counter, "lin", "6092"), "%s: nobody can sign in", scene->name)) {
		for (int i = 0; i < HUNG && !scene->is_quiet; i++) {
			begin_payment(t);
			hang(t);
		}
		for (int64_t until = run_now_us() + t->count * 1000; run_now_us() < until;) {
			if (!scene->is_quiet)
				cancel(t);
			for (int i = 0; i < 3; i++)
				type(t);
		}
		sell_for_cash(t);
		judge(t, scene);
	}
	counter_kill(&t->counter);
	if (scene->serve)
		web_end(&web);
	for (int i = 0; i < 3; i++)
		if (held[i] >= 0)
			close(held[i]);
	free(url);
}

int main(void)
{
	static struct trial t;

	run_begin();
	t.chance = chance_begin_at(14);
	t.count = chance_rounds(300);
	printf("pay_dead: ZG_SEED=%llu ZG_COUNT=%ld\n", (unsigned long long)t.chance.seed, t.count);
	begin(&t);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]) && t.tally.failed < 10; i++)
		play(&t, &scenes[i]);
	shop_end(&t.shop);
	crew_leave(t.place);
	free(t.settings);
	free(t.keys);
	free(t.cancels);
	return tally_end(&t.tally);
}
