/*
 * What the admin types: `zhanggui WORDS [ARGUMENTS] [OPTIONS]`.
 *
 * Commands are rows of one table. Options may stand before, between or after the words. Reads look
 * at a snapshot of the books, fetch all they need, let go and then print; changes are acts, done by the running
 * till when there is one. With --json a command prints one document, always with a member "result".
 * Exit codes: 0 done, 1 there is something to look at or nothing was found, 2 wrong usage or settings,
 * 3 refused, 4 no answer or an unknown outcome, 5 our own failure.
 */
#ifndef ZG_CLI_CLI_H
#define ZG_CLI_CLI_H

#include "src/base/buffer.h"
#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/base/result.h"
#include "src/io/hash.h"
#include "src/io/loop.h"
#include "src/io/printer.h"
#include "src/store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct zg_config;
struct zg_till;

/* What main joins to the commands; all borrowed. */
struct zg_cli_parts {
	const struct zg_clock *clock;
	const struct zg_printer_driver *const *printers;    /* ends with NULL */
	const struct zg_pay_driver *const *payers;          /* the payment channels; ends with NULL */
	/* Sells at this terminal until the cashier ends it. greeting: a line for the sign-in screen; NULL: none. */
	enum zg_result (*run_screen)(struct zg_till *till, struct zg_loop *loop, const char *greeting, struct zg_error *err);
	/* Shows the customer what the running till of that shop rings up, until a key ends it. */
	enum zg_result (*run_customer)(const char *home, const struct zg_config *config, struct zg_loop *loop, struct zg_error *err);
};

#define ZG_CLI_OPTIONS   24    /* given on one command line */
#define ZG_CLI_ARGUMENTS 64

struct zg_cli;

struct zg_command {
	const char *words;              /* "sale show" */
	const char *arguments;          /* synopsis: "NUMBER"; "" for none */
	const char *title;              /* msgid: what it does */
	const char *options;            /* names of its own options, "find state most"; "" for none */
	int least, most;                /* arguments */
	bool changes;                   /* needs --as, unless it makes a shop */
	int (*run)(struct zg_cli *cli); /* the exit code */
};

struct zg_option {
	const char *name;
	const char *value;     /* "LOGIN"; NULL: a flag */
	const char *title;     /* msgid */
	bool is_global;
};

struct zg_cli {
	const struct zg_cli_parts *parts;
	const struct zg_command *command;
	const char *program;                 /* argv[0] */
	char *home;                          /* absolute */
	bool json;
	struct { const struct zg_option *option; const char *value; } options[ZG_CLI_OPTIONS];
	size_t option_count;
	const char *arguments[ZG_CLI_ARGUMENTS];
	size_t argument_count;
};

int zg_cli_main(const struct zg_cli_parts *parts, int argc, char **argv);

/* The tables, ending with a NULL name. */
extern const struct zg_command zg_commands[];
extern const struct zg_option zg_options[];

/* The value of an option, "" for a flag; NULL: not given. The n-th of several, from 0. */
const char *zg_cli_option(const struct zg_cli *cli, const char *name);
const char *zg_cli_option_at(const struct zg_cli *cli, const char *name, size_t n);

/* ---- saying things: all clean text (zg_text_clean a line); out of --json, sentences go to standard error ---- */

void zg_cli_print(const char *text);                     /* to standard output */
/* Prints the document with "result": "ok" added, and lets it go. */
int zg_cli_document(json_t *document, int code);
/* Says err; with --json also as {"result", "message"}. Returns the exit code. */
int zg_cli_fail(const struct zg_cli *cli, const struct zg_error *err);
int zg_cli_fail_with(const struct zg_cli *cli, const struct zg_error *err, json_t *document);    /* adds to it; takes it over */
int zg_cli_usage(const struct zg_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A table for people: add the titles as the first row, cells left to right. */
struct zg_table {
	const char *align;      /* "<>": one sign a column, left and right */
	size_t count;
	char **cells;
};
void zg_table_add(struct zg_table *table, const char *cell);    /* copied */
void zg_table_print(struct zg_table *table);                    /* and lets it go */
void zg_table_drop(struct zg_table *table);                     /* unprinted */

/* ---- reaching the shop ---- */

/*
 * A reader's snapshot; prints why not and returns the exit code in *code when there is none. Books whose structure was changed
 * are not read: a view in a table's place tells whatever it likes. zg_cli_open_any reads those too, to find out about them.
 */
const struct zg_store *zg_cli_open(const struct zg_cli *cli, int *code);
const struct zg_store *zg_cli_open_any(const struct zg_cli *cli, int *code);
void zg_cli_close(const struct zg_store *store);
/*
 * Does an act as --as, with the PINs asked for or read. args is taken over. Prints failures; *answer (may be NULL) is
 * the caller's and NULL unless the code returned is 0.
 */
int zg_cli_act(struct zg_cli *cli, const char *act, json_t *args, json_t **answer);
/* The same with the PIN in hand (the demo); NULL with: nobody lends a right. */
enum zg_result zg_cli_act_as(struct zg_cli *cli, const char *act, json_t *args, const char *as, const char *pin,
			     json_t **answer, struct zg_error *err);

/* From the first line of a file ("-": standard input), or asked at the terminal without echo, twice for a new one. */
enum zg_result zg_cli_pin(const char *file, const char *question, bool is_new, char pin[ZG_PIN_MAX + 1], struct zg_error *err);

/* An amount in yuan, as an argument; a sentence and false when it is none. */
bool zg_cli_amount(const struct zg_cli *cli, const char *text, int64_t *fen);
/* A whole number in a range. */
bool zg_cli_number(const struct zg_cli *cli, const char *what, const char *text, int64_t least, int64_t most, int64_t *number);
/* Cash that was counted, "100x3" or "0.5x20", into pieces {"10000": 3}; each kind once. */
bool zg_cli_pieces(const struct zg_cli *cli, const char *text, json_t *pieces);

/* The business day of --day, or today's; the exit code in *code and false when it is none. */
bool zg_cli_day(const struct zg_cli *cli, char day[ZG_DAY_TEXT], int *code);

/* ---- the commands, one file each ---- */

int zg_cash_in_command(struct zg_cli *cli);
int zg_cash_out_command(struct zg_cli *cli);
int zg_config_check_command(struct zg_cli *cli);
int zg_config_show_command(struct zg_cli *cli);
int zg_customer_command(struct zg_cli *cli);
int zg_demo_command(struct zg_cli *cli);
int zg_doctor_command(struct zg_cli *cli);
int zg_init_command(struct zg_cli *cli);
int zg_journal_accept_command(struct zg_cli *cli);
int zg_journal_export_command(struct zg_cli *cli);
int zg_journal_tail_command(struct zg_cli *cli);
int zg_journal_verify_command(struct zg_cli *cli);
int zg_pay_cancel_command(struct zg_cli *cli);
int zg_pay_case_command(struct zg_cli *cli);
int zg_pay_check_command(struct zg_cli *cli);
int zg_pay_list_command(struct zg_cli *cli);
int zg_pay_query_command(struct zg_cli *cli);
int zg_pay_refund_command(struct zg_cli *cli);
int zg_pay_settle_command(struct zg_cli *cli);
int zg_pay_stop_command(struct zg_cli *cli);
int zg_pay_show_command(struct zg_cli *cli);
int zg_printer_list_command(struct zg_cli *cli);
int zg_printer_status_command(struct zg_cli *cli);
int zg_printer_test_command(struct zg_cli *cli);
int zg_product_export_command(struct zg_cli *cli);
int zg_product_find_command(struct zg_cli *cli);
int zg_product_import_command(struct zg_cli *cli);
int zg_product_list_command(struct zg_cli *cli);
int zg_receipt_reprint_command(struct zg_cli *cli);
int zg_receipt_show_command(struct zg_cli *cli);
int zg_refund_command(struct zg_cli *cli);
int zg_report_sales_command(struct zg_cli *cli);
int zg_report_transactions_command(struct zg_cli *cli);
int zg_report_x_command(struct zg_cli *cli);
int zg_report_z_command(struct zg_cli *cli);
int zg_sale_list_command(struct zg_cli *cli);
int zg_sale_show_command(struct zg_cli *cli);
int zg_shift_close_command(struct zg_cli *cli);
int zg_shift_count_command(struct zg_cli *cli);
int zg_shift_open_command(struct zg_cli *cli);
int zg_till_command(struct zg_cli *cli);
int zg_user_add_command(struct zg_cli *cli);
int zg_user_list_command(struct zg_cli *cli);
int zg_user_lock_command(struct zg_cli *cli);
int zg_user_pin_command(struct zg_cli *cli);
int zg_user_unlock_command(struct zg_cli *cli);
int zg_version_command(struct zg_cli *cli);

/* Opens the shop with a screen; used by till and demo. Prints failures. */
int zg_cli_run_till(struct zg_cli *cli);
#endif
