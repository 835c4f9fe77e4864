#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/locale.h"
#include "src/base/money.h"
#include "src/base/text.h"
#include "src/till/config.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_HOME "/var/lib/zhanggui"
#define NEAR_MAX     3    /* letters that may be wrong in a word we can guess, and at most half of its own */
#define WORD_MAX     40

const char *zg_cli_option_at(const struct zg_cli *cli, const char *name, size_t n)
{
	for (size_t i = 0; i < cli->option_count; i++)
		if (strcmp(cli->options[i].option->name, name) == 0 && n-- == 0)
			return cli->options[i].value;
	return NULL;
}

const char *zg_cli_option(const struct zg_cli *cli, const char *name)
{
	return zg_cli_option_at(cli, name, 0);
}

int zg_cli_usage(const struct zg_cli *cli, const char *format, ...)
{
	struct zg_error err = { .result = ZG_USAGE };
	va_list list;

	va_start(list, format);
	vsnprintf(err.text, sizeof(err.text), format, list);
	va_end(list);
	return zg_cli_fail(cli, &err);
}

bool zg_cli_amount(const struct zg_cli *cli, const char *text, int64_t *fen)
{
	if (zg_fen_parse(text, fen) && *fen >= 0)
		return true;
	zg_cli_usage(cli, _("'%s' is not an amount. Write yuan such as 12.50."), text);
	return false;
}

bool zg_cli_number(const struct zg_cli *cli, const char *what, const char *text, int64_t least, int64_t most, int64_t *number)
{
	size_t length = strlen(text);
	long long value = length > 0 && length < 18 && strspn(text, "0123456789") == length ? strtoll(text, NULL, 10) : -1;

	if (value >= least && value <= most) {
		*number = value;
		return true;
	}
	zg_cli_usage(cli, _("%s cannot be '%s'. Write a number from %lld to %lld."), what, text, (long long)least, (long long)most);
	return false;
}

/* ---- help ---- */

static void print_usage(struct zg_buffer *out, const struct zg_command *command)
{
	zg_buffer_print(out, "zhanggui %s%s%s", command->words, command->arguments[0] ? " " : "", command->arguments);
}

static bool has_option(const struct zg_command *command, const struct zg_option *option)
{
	size_t length = strlen(option->name);

	if (option->is_global)
		return true;
	for (const char *at = command->options; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == length && strncmp(at, option->name, length) == 0)
			return true;
	return false;
}

static void print_option(struct zg_buffer *out, const struct zg_option *option)
{
	char *left = zg_print("--%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : "");

	zg_buffer_print(out, "  %-24s %s\n", left, _(option->title));
	free(left);
}

static int help_all(void)
{
	struct zg_buffer out = { 0 };

	zg_buffer_print(&out, "%s\n\n", _("zhanggui: a cash register for the terminal. Without a word it opens the till."));
	for (const struct zg_command *command = zg_commands; command->words; command++) {
		char *left = zg_print("%s%s%s", command->words, command->arguments[0] ? " " : "", command->arguments);

		zg_buffer_print(&out, "  %-32s %s\n", left, _(command->title));
		free(left);
	}
	zg_buffer_print(&out, "\n%s\n", _("Options for every command:"));
	for (const struct zg_option *option = zg_options; option->name; option++)
		if (option->is_global)
			print_option(&out, option);
	zg_buffer_print(&out, "\n%s\n", _("'zhanggui COMMAND --help' tells more; so do the manual pages zhanggui(1) and zhanggui.conf(5)."));
	zg_cli_print(zg_buffer_text(&out));
	zg_buffer_clear(&out);
	return 0;
}

static int help_one(const struct zg_command *command)
{
	struct zg_buffer out = { 0 };

	print_usage(&out, command);
	zg_buffer_print(&out, "\n  %s\n\n", _(command->title));
	for (int global = 0; global < 2; global++)
		for (const struct zg_option *option = zg_options; option->name; option++)
			if (option->is_global == global && has_option(command, option))
				print_option(&out, option);
	zg_cli_print(zg_buffer_text(&out));
	zg_buffer_clear(&out);
	return 0;
}

/* ---- reading the line ---- */

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to change, add or drop to make one of the other; big when either is too long to guess at. */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], m = strlen(a), n = strlen(b);

	if (m > WORD_MAX || n > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= m; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t above = row[j];

			row[j] = least_of(least_of(above, row[j - 1]) + 1, corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[n];
}

static const char *nearest_command(const char *words)
{
	const char *best = NULL;
	size_t least = least_of(NEAR_MAX, strlen(words) / 2) + 1;

	for (const struct zg_command *command = zg_commands; command->words; command++)
		if (distance(words, command->words) < least) {
			least = distance(words, command->words);
			best = command->words;
		}
	return best;
}

static const char *nearest_option(const char *name)
{
	const char *best = NULL;
	size_t least = least_of(NEAR_MAX, strlen(name) / 2) + 1;

	for (const struct zg_option *option = zg_options; option->name; option++)
		if (distance(name, option->name) < least) {
			least = distance(name, option->name);
			best = option->name;
		}
	return best;
}

static const struct zg_option *find_option(const char *name, size_t length)
{
	for (const struct zg_option *option = zg_options; option->name; option++)
		if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
			return option;
	return NULL;
}

/* Takes the option at argv[*i], its value included. 0, or the exit code. */
static int take_option(struct zg_cli *cli, int argc, char **argv, int *i)
{
	const char *name = strcmp(argv[*i], "-h") == 0 ? "help" : argv[*i] + 2;
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct zg_option *option = find_option(name, length);
	const char *value = equals ? equals + 1 : "";

	if (argv[*i][1] != '-' && strcmp(argv[*i], "-h") != 0)
		return zg_cli_usage(cli, _("There is no option '%s'. Options are written with two dashes, such as --json."), argv[*i]);
	if (!option) {
		const char *near = nearest_option(name);

		return near ? zg_cli_usage(cli, _("There is no option '--%s'. Did you mean '--%s'?"), name, near)
			: zg_cli_usage(cli, _("There is no option '--%s'. 'zhanggui --help' lists what there is."), name);
	}
	if (!option->value && equals)
		return zg_cli_usage(cli, _("--%s takes no value."), option->name);
	if (option->value && !equals) {
		if (*i + 1 >= argc)
			return zg_cli_usage(cli, _("--%s needs a value: --%s %s."), option->name, option->name, option->value);
		value = argv[++*i];
	}
	if (strcmp(option->name, "line") != 0 && zg_cli_option(cli, option->name))
		return zg_cli_usage(cli, _("--%s is given twice. Give it once."), option->name);
	if (cli->option_count == ZG_CLI_OPTIONS)
		return zg_cli_usage(cli, _("There are too many options on this line."));
	cli->options[cli->option_count].option = option;
	cli->options[cli->option_count++].value = value;
	return 0;
}

static int split(struct zg_cli *cli, int argc, char **argv)
{
	bool only_words = false;
	int code = 0;

	for (int i = 1; i < argc && code == 0; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0)
			only_words = true;
		else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
			code = take_option(cli, argc, argv, &i);
		else if (cli->argument_count < ZG_CLI_ARGUMENTS)
			cli->arguments[cli->argument_count++] = argv[i];
		else
			code = zg_cli_usage(cli, _("There are too many words on this line."));
	}
	return code;
}

/* How many of the command's words stand at the start of the arguments; 0 when they are not all there. */
static size_t match(const struct zg_cli *cli, const struct zg_command *command)
{
	const char *at = command->words;
	size_t n = 0;

	for (;; n++) {
		size_t length = strcspn(at, " ");

		if (n >= cli->argument_count || strlen(cli->arguments[n]) != length || strncmp(cli->arguments[n], at, length) != 0)
			return 0;
		if (at[length] == '\0')
			return n + 1;
		at += length + 1;
	}
}

/* "product": which words may follow. False: no command starts so. */
static bool print_family(const char *first, struct zg_buffer *out)
{
	size_t length = strlen(first);

	for (const struct zg_command *command = zg_commands; command->words; command++)
		if (strncmp(command->words, first, length) == 0 && command->words[length] == ' ')
			zg_buffer_print(out, "%s%s", out->length ? ", " : "", command->words);
	return out->length > 0;
}

static int unknown_command(const struct zg_cli *cli)
{
	const char *first = cli->arguments[0], *second = cli->argument_count > 1 ? cli->arguments[1] : NULL;
	char *both = second ? zg_print("%s %s", first, second) : zg_copy(first);
	struct zg_buffer family = { 0 };
	const char *near = nearest_command(both);
	int code;

	if (!near)
		near = nearest_command(first);
	if (near && second)
		code = zg_cli_usage(cli, _("There is no command '%s'. Did you mean '%s'?"), both, near);
	else if (print_family(first, &family))
		code = second ? zg_cli_usage(cli, _("There is no command '%s'. There are: %s."), both, zg_buffer_text(&family))
			: zg_cli_usage(cli, _("'%s' needs one more word: %s."), first, zg_buffer_text(&family));
	else if (near)
		code = zg_cli_usage(cli, _("There is no command '%s'. Did you mean '%s'?"), both, near);
	else
		code = zg_cli_usage(cli, _("There is no command '%s'. 'zhanggui --help' lists what there is."), both);
	zg_buffer_clear(&family);
	free(both);
	return code;
}

static int find_command(struct zg_cli *cli)
{
	size_t words = 0;

	if (cli->argument_count == 0) {
		cli->command = &zg_commands[0];
		return 0;
	}
	for (const struct zg_command *command = zg_commands; command->words && words == 0; command++) {
		words = match(cli, command);
		cli->command = words ? command : NULL;
	}
	if (!words)
		return unknown_command(cli);
	cli->argument_count -= words;
	memmove(cli->arguments, cli->arguments + words, cli->argument_count * sizeof(cli->arguments[0]));
	return 0;
}

static int check_command(const struct zg_cli *cli)
{
	const struct zg_command *command = cli->command;

	for (size_t i = 0; i < cli->option_count; i++)
		if (!has_option(command, cli->options[i].option))
			return zg_cli_usage(cli, _("'%s' has no option --%s. 'zhanggui %s --help' lists what it has."), command->words,
					    cli->options[i].option->name, command->words);
	if ((int)cli->argument_count < command->least)
		return zg_cli_usage(cli, _("Something is missing. Write: zhanggui %s %s"), command->words, command->arguments);
	if ((int)cli->argument_count > command->most)
		return zg_cli_usage(cli, _("'%s' is too much. Write: zhanggui %s%s%s"), cli->arguments[command->most], command->words,
				    command->arguments[0] ? " " : "", command->arguments);
	return 0;
}

/* Absolute, because a running till may stand in another directory. */
static char *find_home(const struct zg_cli *cli)
{
	const char *given = zg_cli_option(cli, "home"), *env = getenv("ZHANGGUI_HOME");
	const char *home = given ? given : env && env[0] ? env : DEFAULT_HOME;
	char resolved[PATH_MAX], here[PATH_MAX];

	if (realpath(home, resolved))
		return zg_copy(resolved);
	if (home[0] != '/' && getcwd(here, sizeof(here)))
		return zg_print("%s/%s", here, home);
	return zg_copy(home);
}

/* Faults in the settings are told by the commands that need them; here only the language counts. */
static void choose_language(const struct zg_cli *cli)
{
	const char *wanted = zg_cli_option(cli, "language");
	struct zg_config config;

	if (wanted)
		zg_locale_choose(strncmp(wanted, "zh", 2) == 0 ? "zh_CN" : "en");
	else if (zg_config_read(cli->home, &config, NULL) == ZG_OK)
		zg_locale_choose(config.language);
}

/* JSON carries text only: a word that is none stops here. What is in the text, the acts and files judge. */
static int check_words(const struct zg_cli *cli, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t left = strlen(argv[i]), bytes;
		uint32_t character;
		bool valid = true;

		for (const char *at = argv[i]; valid && (bytes = zg_text_next(at, left, &character, &valid)) > 0; at += bytes)
			left -= bytes;
		if (!valid)
			return zg_cli_usage(cli, _("'%s' is not UTF-8 text. Type it again, or set the terminal to UTF-8."), argv[i]);
	}
	return 0;
}

/* Whoever asked for JSON reads JSON only, also when the line is wrong before the place where it asks. */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

int zg_cli_main(const struct zg_cli_parts *parts, int argc, char **argv)
{
	struct zg_cli cli = { .parts = parts, .program = argv[0], .json = wants_json(argc, argv) };
	int code = check_words(&cli, argc, argv);

	if (code == 0)
		code = split(&cli, argc, argv);
	if (code == 0) {
		cli.json = zg_cli_option(&cli, "json") != NULL;    /* `--find --json` asks for a text, not for JSON */
		cli.home = find_home(&cli);
		choose_language(&cli);
		if (zg_cli_option(&cli, "version"))
			code = zg_version_command(&cli);
		else if (zg_cli_option(&cli, "help") && cli.argument_count == 0)
			code = help_all();
		else if ((code = find_command(&cli)) == 0)
			code = zg_cli_option(&cli, "help") ? help_one(cli.command)
				: (code = check_command(&cli)) == 0 ? cli.command->run(&cli) : code;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "zhanggui: %s\n", _("The answer could not be written. Check the disk, or who reads it."));
		code = 5;
	}
	free(cli.home);
	return code;
}
