/* A made-up shop to try the till in, with a virtual printer beside it. */
#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/io/data.h"
#include "src/shop/right.h"
#include "src/till/config.h"
#include "src/till/founding.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_MS  5000    /* for the virtual printer to begin */
#define LOOK_MS   3000    /* to read the logins before the screen covers them */
#define END_MS    2000    /* for it to end by itself */

static const struct {
	const char *login, *name, *role, *pin;
} people[] = {
	{ "boss", "王老板", "admin", "8526" },    /* made by the founding */
	{ "ding", "丁店长", "supervisor", "7413" },
	{ "lin", "林小妹", "cashier", "6092" },
};

#define PEOPLE (sizeof(people) / sizeof(people[0]))

struct demo {
	struct zg_cli *cli;
	bool is_fresh;           /* in a directory of its own that goes with it */
	bool is_made;            /* the shop is whole: what goes wrong later leaves it, with its logs */
	pid_t printer;           /* 0: not started */
	int control;             /* its standard input: it ends when this closes; -1 */
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

/* ---- the virtual printer ---- */

/* Beside this program, else in PATH. The caller frees it. */
static char *find_simulator(void)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length > 0) {
		self[length] = '\0';
		char *slash = strrchr(self, '/');
		char *path = zg_print("%.*s/zhanggui-sim", slash ? (int)(slash - self) : 0, self);

		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	return zg_copy("zhanggui-sim");
}

static bool is_ready(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char line[256];

	return poll(&wait, 1, READY_MS) == 1 && read(fd, line, sizeof(line)) >= 5 && memcmp(line, "ready", 5) == 0;
}

static int spawn(struct demo *demo, const char *program, char *const *words, int in, int out)
{
	extern char **environ;
	char *log = zg_print("%s/log/printer.log", demo->cli->home);
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);    /* Ctrl-C at this terminal is not for it */
	int why = posix_spawnp(&demo->printer, program, &actions, &attributes, words, environ);

	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(log);
	if (why != 0)
		demo->printer = 0;
	return why;
}

static void stop_printer(struct demo *demo)
{
	if (demo->control >= 0)
		close(demo->control);
	demo->control = -1;
	if (!demo->printer)
		return;
	for (int waited = 0; waitpid(demo->printer, NULL, WNOHANG) == 0; waited += 20) {
		if (waited == END_MS)
			kill(demo->printer, SIGTERM);
		nanosleep(&(struct timespec){ .tv_nsec = 20 * 1000 * 1000 }, NULL);
	}
	demo->printer = 0;
}

static enum zg_result start_printer(struct demo *demo, struct zg_error *err)
{
	char *program = find_simulator(), *link = zg_print("%s/printer", demo->cli->home);
	char *paper = zg_print("%s/paper.txt", demo->cli->home);
	char *words[] = { program, "printer", "--link", link, "--paper", paper, "--profile", "58", "--until-eof", NULL };
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	int why = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 ? 0 : errno;
	enum zg_result result = ZG_OK;

	if (why == 0)
		why = spawn(demo, program, words, in[0], out[1]);
	if (in[0] >= 0)
		close(in[0]);
	if (out[1] >= 0)
		close(out[1]);
	demo->control = in[1];
	if (why == ENOENT)
		result = zg_fail(err, ZG_BROKEN, _("The virtual printer is missing. Install the package zhanggui-sim."));
	else if (why != 0)
		result = zg_fail(err, ZG_BROKEN, _("The virtual printer could not be started (%s)."), strerror(why));
	else if (!is_ready(out[0]))
		result = zg_fail(err, ZG_BROKEN, _("The virtual printer did not begin. %s/log/printer.log says why."), demo->cli->home);
	if (out[0] >= 0)
		close(out[0]);
	if (result != ZG_OK)
		stop_printer(demo);
	free(program);
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
	zg_buffer_print(&text, "%s\n", _("The till opens in a moment; Enter opens it at once."));
	zg_cli_print(zg_buffer_text(&text));
	fflush(stdout);
	zg_buffer_clear(&text);
	if (poll(&wait, 1, LOOK_MS) == 1 && read(STDIN_FILENO, line, sizeof(line)) < 0)
		return;    /* the till finds out by itself that the terminal is gone */
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

int zg_demo_command(struct zg_cli *cli)
{
	struct demo demo = { .cli = cli, .control = -1 };
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
	if (result == ZG_OK) {
		show_logins(cli);
		code = zg_cli_run_till(cli);
	} else {
		code = zg_cli_fail(cli, &err);
	}
	stop_printer(&demo);
	if (demo.is_fresh && (code == 0 || !demo.is_made))
		(void)nftw(cli->home, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);    /* what stays is in a temporary directory */
	return code;
}
