/* A made-up shop to try the till in, with a virtual printer beside it, payment gateways, and a customer with a phone. */
#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/cli/demo_part.h"
#include "src/io/data.h"
#include "src/shop/pay.h"
#include "src/shop/right.h"
#include "src/till/config.h"
#include "src/till/founding.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_MS 3000    /* to read the logins before the screen covers them */

static const struct {
	const char *login, *name, *role, *pin;
} people[] = {
	{ "boss", "王老板", "admin", "8526" },    /* made by the founding */
	{ "ding", "丁店长", "supervisor", "7413" },
	{ "lin", "林小妹", "cashier", "6092" },
};

#define PEOPLE (sizeof(people) / sizeof(people[0]))

/* Payment codes by their first digits and their length; one that nobody used yet is as good as any. */
static const struct {
	enum zg_wallet wallet;
	const char *first;
	int more;
} codes[] = {
	{ ZG_WALLET_WECHAT, "13", 16 },
	{ ZG_WALLET_ALIPAY, "28", 16 },
	{ ZG_WALLET_UNIONPAY, "62", 17 },    /* by Lakala */
};

struct demo {
	struct zg_cli *cli;
	bool is_fresh;           /* in a directory of its own that goes with it */
	bool is_made;            /* the shop is whole: what goes wrong later leaves it, with its logs */
	struct zg_demo_part printer, gateways;
};

/* ---- the shop ---- */

static enum zg_result make_directory(struct demo *demo, struct zg_error *err)
{
	const char *base = getenv("TMPDIR");
	char *path;

	if (zg_cli_option(demo->cli, "home"))
		return ZG_OK;
	path = zg_print("%s/zhanggui-demo-XXXXXX", base && base[0] == '/' ? base : "/tmp");
	if (!mkdtemp(path)) {
		enum zg_result result = zg_fail(err, ZG_BROKEN, _("No directory for the demo could be made (%s). Give one with --home DIR."),
						strerror(errno));

		free(path);
		return result;
	}
	free(demo->cli->home);
	demo->cli->home = path;
	demo->is_fresh = true;
	return ZG_OK;
}

static bool has_books(const char *home)
{
	char *path = zg_print("%s/zhanggui.db", home);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static enum zg_result add_people(struct zg_cli *cli, struct zg_error *err)
{
	enum zg_result result = ZG_OK;

	for (size_t i = 1; i < PEOPLE && result == ZG_OK; i++) {
		json_t *args = zg_json_object();

		zg_json_set_string(args, "login", people[i].login);
		zg_json_set_string(args, "name", people[i].name);
		zg_json_set_string(args, "role", people[i].role);
		zg_json_set_string(args, "pin", people[i].pin);
		result = zg_cli_act_as(cli, "user.add", args, people[0].login, people[0].pin, NULL, err);
	}
	return result;
}

/* Where they are, the program's other data are too: the printer's profile, the templates. */
static enum zg_result find_goods(char path[PATH_MAX], struct zg_error *err)
{
	char *file = zg_print("%s/demo/products.csv", zg_data_directory());
	enum zg_result result = realpath(file, path) ? ZG_OK
		: zg_fail(err, ZG_BROKEN, _("The demo's goods are missing: %s. Install the program whole, or set ZHANGGUI_DATA."), file);

	free(file);
	return result;
}

static enum zg_result import_goods(struct zg_cli *cli, struct zg_error *err)
{
	char path[PATH_MAX];
	enum zg_result result = find_goods(path, err);

	if (result != ZG_OK)
		return result;
	json_t *args = zg_json_object();

	zg_json_set_string(args, "path", path);
	return zg_cli_act_as(cli, "product.import", args, people[0].login, people[0].pin, NULL, err);
}

static enum zg_result found(struct zg_cli *cli, struct zg_error *err)
{
	bool chinese = strncmp(setlocale(LC_MESSAGES, NULL), "zh", 2) == 0 || strncmp(getenv("LANGUAGE") ? getenv("LANGUAGE") : "", "zh", 2) == 0;
	struct zg_founding founding = {
		.home = cli->home, .name = "好又多便利店", .language = chinese ? "zh_CN" : "en", .admin = people[0].login,
		.admin_name = people[0].name, .pin = people[0].pin,
	};
	/* Before anything else, so that a demo that was cut off is known as one. */
	char *paper = zg_print("%s/paper.txt", cli->home);
	enum zg_result result = zg_shop_found(&founding, cli->parts->clock, err);

	if (result == ZG_OK)
		result = zg_config_change(cli->home, (const char *const[]){
			"demo.paper", paper, "shop.address", "杭州市演示路 1 号", "shop.phone", "0571-00000000",
			"shop.rounding", "jiao", "printer.profile", "virtual-58", NULL }, err);
	free(paper);
	if (result == ZG_OK)
		result = add_people(cli, err);
	if (result == ZG_OK)
		result = import_goods(cli, err);
	return result;
}

/* A real shop is never taken for a demo: its printer would be taken from it. */
static enum zg_result check_demo(const struct zg_cli *cli, struct zg_error *err)
{
	struct zg_config config;
	char path[PATH_MAX];
	enum zg_result result = zg_config_read(cli->home, &config, err);

	if (result == ZG_OK && config.demo_paper[0])
		result = find_goods(path, err);
	else if (result == ZG_OK)
		result = zg_fail(err, ZG_INVALID, _("%s is a real shop, not a demo. Choose another directory."), cli->home);
	return result;
}

static enum zg_result settle(struct zg_cli *cli, struct zg_error *err)
{
	struct zg_buffer logins = { 0 };
	const char *theme = zg_cli_option(cli, "theme");
	char *link = zg_print("file:%s/printer", cli->home);

	for (size_t i = 0; i < PEOPLE; i++)
		zg_buffer_print(&logins, "%s%s %s", i ? ", " : "", people[i].login, people[i].pin);
	enum zg_result result = zg_config_change(cli->home, (const char *const[]){
		"printer.link", link, "demo.logins", zg_buffer_text(&logins), theme ? "till.theme" : NULL, theme, NULL }, err);

	zg_buffer_clear(&logins);
	free(link);
	return result;
}

/* ---- what stands beside it ---- */

static enum zg_result start_printer(struct demo *demo, struct zg_error *err)
{
	char *link = zg_print("%s/printer", demo->cli->home), *paper = zg_print("%s/paper.txt", demo->cli->home), line[256] = "";
	const char *words[] = { "printer", "--link", link, "--paper", paper, "--profile", "58", "--until-eof", NULL };
	int in[2];
	enum zg_result result = ZG_OK;

	if (pipe2(in, O_CLOEXEC) == 0) {
		demo->printer.control = in[1];
		result = zg_demo_part_start(&demo->printer, demo->cli->home, words, in[0], line, sizeof(line), err);
	} else {
		result = zg_fail(err, ZG_BROKEN, _("The demo's simulator could not be started (%s)."), strerror(errno));
	}
	free(link);
	free(paper);
	return result;
}

/* ---- showing it ---- */

static void show_logins(const struct zg_cli *cli)
{
	struct zg_buffer text = { 0 };
	struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
	char line[64];

	zg_buffer_print(&text, _("A demo shop in %s. Its people:\n"), cli->home);
	for (size_t i = 0; i < PEOPLE; i++) {
		enum zg_role role = ZG_ROLE_CASHIER;

		zg_role_parse(people[i].role, &role);
		zg_buffer_print(&text, _("  login %-5s PIN %s  %s, %s\n"), people[i].login, people[i].pin, people[i].name,
				_(zg_role_title(role)));
	}
	zg_buffer_print(&text, "%s\n", _("Payments by phone: the made-up customer pays after three seconds. Scan a code of the phone, or type one and Enter; each is good once:"));
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		zg_buffer_print(&text, _("  %s: %s and any %d digits\n"), _(zg_wallet_title(codes[i].wallet)), codes[i].first, codes[i].more);
	zg_buffer_print(&text, "%s\n", _("The till opens in a moment; Enter opens it at once."));
	zg_cli_print(zg_buffer_text(&text));
	fflush(stdout);
	zg_buffer_clear(&text);
	if (poll(&wait, 1, LOOK_MS) == 1 && read(STDIN_FILENO, line, sizeof(line)) < 0)
		return;    /* the till finds out by itself that the terminal is gone */
}

/* From here on an end by a signal is the till's to take, and none cuts off what is tidied up afterwards: two come when a terminal closes. */
static void keep_ends(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &ends, NULL);
}

int zg_demo_command(struct zg_cli *cli)
{
	struct demo demo = { .cli = cli, .printer = { .control = -1 }, .gateways = { .control = -1 } };
	struct zg_error err = { .text = "" };
	int code = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return zg_cli_usage(cli, _("The demo needs a terminal."));
	enum zg_result result = make_directory(&demo, &err);

	if (result == ZG_OK)
		result = has_books(cli->home) ? check_demo(cli, &err) : found(cli, &err);
	if (result == ZG_OK)
		result = settle(cli, &err);
	demo.is_made = result == ZG_OK;
	if (result == ZG_OK)
		result = start_printer(&demo, &err);
	if (result == ZG_OK)
		result = zg_demo_pay_start(&demo.gateways, cli->home, &err);
	if (result == ZG_OK) {
		keep_ends();
		show_logins(cli);
		code = zg_cli_run_till(cli);
	} else {
		code = zg_cli_fail(cli, &err);
	}
	zg_demo_part_stop(&demo.gateways);
	zg_demo_part_stop(&demo.printer);
	if (demo.is_fresh && (code == 0 || !demo.is_made))
		zg_demo_remove(cli->home);    /* what stays is in a temporary directory */
	return code;
}
