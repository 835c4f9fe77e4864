#include "tests/unit/shop.h"

#include "src/base/alloc.h"
#include "src/io/hash.h"
#include "tests/unit/scratch.h"

#include <crypt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct zg_printer_driver *const no_printers[] = { NULL };

/* Of no test suite, so that experiments without one stand on the same shop: what must work and does not ends the process. */
__attribute__((format(printf, 2, 3))) static void must(bool holds, const char *format, ...)
{
	va_list args;

	if (holds)
		return;
	va_start(args, format);
	fputs("shop: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

static int64_t now_of(void *self)
{
	return zg_clock_now(&zg_real_clock) + ((struct shop *)self)->now_ms;
}

static int64_t running_of(void *self)
{
	return zg_clock_running(&zg_real_clock) + ((struct shop *)self)->running_ms;
}

static const char goods[] =
	"code,barcodes,name,unit,price,tax_rate,tax_code,kind\n"
	"1001,,农夫山泉 550ml,瓶,2.00,13%,,piece\n"
	"1002,,康师傅红烧牛肉面 桶装,桶,5.50,13%,,piece\n"
	"1003,6901028075831,三只松鼠 每日坚果 25g×7,盒,39.90,13%,,piece\n"
	"201,,散装红富士苹果,kg,12.98,9%,,weighed\n"
	"901,,杂项,,0.00,13%,,open-price\n";

static void write_file(const struct shop *shop, const char *name, const char *text)
{
	char *path = zg_print("%s/%s", shop->home, name);
	FILE *file = fopen(path, "w");

	must(file != NULL, "%s cannot be written", path);
	fputs(text, file);
	fclose(file);
	free(path);
}

/* A thousand tests sign in, and few of them are about how long that takes. */
unsigned long shop_pin_cost = 1;

static void hash_pin(char hash[ZG_PIN_HASH_TEXT])
{
	struct crypt_data data = { .initialized = 0 };
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *made = crypt_gensalt_rn("$y$", shop_pin_cost, NULL, 0, salt, (int)sizeof(salt)) ? crypt_r(SHOP_PIN, salt, &data) : NULL;

	must(made && strncmp(made, "$y$", 3) == 0 && strlen(made) < ZG_PIN_HASH_TEXT, "the PIN cannot be hashed");
	snprintf(hash, ZG_PIN_HASH_TEXT, "%s", made);
}

static void fill(const struct shop *shop)
{
	static const struct { const char *login, *name; enum zg_role role; } people[] = {
		{ "boss", "王老板", ZG_ROLE_ADMIN }, { "ding", "丁主管", ZG_ROLE_SUPERVISOR }, { "lin", "林晓", ZG_ROLE_CASHIER },
	};
	struct zg_store *store;
	struct zg_error err;
	char hash[ZG_PIN_HASH_TEXT];

	must(zg_store_open(shop->home, ZG_STORE_CREATE, &shop->clock, &store, &err) == ZG_OK, "%s", err.text);
	hash_pin(hash);
	must(zg_store_begin(store, ZG_SYNC_FULL, &err) == ZG_OK, "%s", err.text);
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		struct zg_person person = { .role = people[i].role };

		snprintf(person.login, sizeof(person.login), "%s", people[i].login);
		snprintf(person.name, sizeof(person.name), "%s", people[i].name);
		must(zg_people_add(store, &person, hash, &err) == ZG_OK, "%s", err.text);
	}
	must(zg_store_commit(store, &err) == ZG_OK, "%s", err.text);
	zg_store_close(store);
}

enum zg_result shop_open(struct shop *shop)
{
	struct zg_till_parts parts = { .home = shop->home, .clock = &shop->clock, .is_counter = true,
		.printers = shop->printers ? shop->printers : no_printers, .payers = shop->payers };

	parts.loop = shop->loop = zg_loop_new(&shop->clock);
	enum zg_result result = zg_till_open(&parts, &shop->till, &shop->err);

	if (result != ZG_OK) {
		zg_loop_free(shop->loop);
		shop->loop = NULL;
	}
	return result;
}

void shop_close(struct shop *shop)
{
	zg_till_close(shop->till);
	zg_loop_free(shop->loop);
	shop->till = NULL;
	shop->loop = NULL;
}

void shop_restart(struct shop *shop)
{
	shop_close(shop);
	must(shop_open(shop) == ZG_OK, "%s", shop->err.text);
}

void shop_leave(struct shop *shop)
{
	shop_close(shop);
	json_decref(shop->answer);
	free(shop->home);
	free(shop);
}

void shop_end(struct shop *shop)
{
	char *home = shop->home;

	shop->home = NULL;
	shop_leave(shop);
	scratch_end(home);
}

static void ended(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	struct shop *shop = self;

	json_decref(shop->answer);
	shop->answer = json_deep_copy(answer);
	shop->result = result;
	shop->err = err ? *err : (struct zg_error){ 0 };
	shop->done++;
}

static enum zg_result call(struct shop *shop, const struct zg_call *call_)
{
	int before = shop->done;

	zg_till_call(shop->till, call_);
	for (int i = 0; i < 2000 && shop->done == before; i++)
		zg_loop_step(shop->loop, 10);
	must(shop->done == before + 1, "%s was never answered, or twice", call_->act);
	return shop->result;
}

static json_t *pack(const char *format, va_list args)
{
	json_error_t why;
	json_t *object = format ? json_vpack_ex(&why, 0, format, args) : zg_json_object();

	must(object != NULL, "%s", why.text);
	return object;
}

enum zg_result shop_do(struct shop *shop, const char *act, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	json_t *args = pack(format, list);
	va_end(list);
	struct zg_call c = { .act = act, .args = args, .done = ended, .self = shop };
	enum zg_result result = call(shop, &c);

	json_decref(args);
	return result;
}

enum zg_result shop_do_as(struct shop *shop, const char *login, const char *with, const char *act, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	json_t *args = pack(format, list);
	va_end(list);
	struct zg_call c = { .act = act, .args = args, .as = login, .pin = SHOP_PIN, .with = with, .with_pin = with ? SHOP_PIN : NULL,
		.done = ended, .self = shop };
	enum zg_result result = call(shop, &c);

	json_decref(args);
	return result;
}

enum zg_result shop_sign_in(struct shop *shop, const char *login)
{
	return shop_do_as(shop, login, NULL, "session.start", NULL);
}

int64_t shop_integer(const struct shop *shop, const char *key)
{
	return zg_json_integer(shop->answer, key, -1);
}

const char *shop_text(const struct shop *shop, const char *key)
{
	return zg_json_string(shop->answer, key, "");
}

struct shop *shop_at(const char *home)
{
	struct shop *shop = zg_alloc(1, sizeof(*shop));

	shop->home = zg_copy(home);
	shop->clock = (struct zg_clock){ .now_ms = now_of, .running_ms = running_of, .self = shop };
	return shop;
}

struct shop *shop_begin(const char *config)
{
	char *home = scratch_begin();
	struct shop *shop = shop_at(home);

	free(home);
	write_file(shop, "zhanggui.conf", config ? config : "[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = 1\n");
	write_file(shop, "goods.csv", goods);
	fill(shop);
	must(shop_open(shop) == ZG_OK, "%s", shop->err.text);
	char *path = zg_print("%s/goods.csv", shop->home);

	must(shop_do_as(shop, "boss", NULL, "product.import", "{s:s}", "path", path) == ZG_OK, "%s", shop->err.text);
	free(path);
	return shop;
}
