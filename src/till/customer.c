#include "src/till/customer.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/io/control.h"
#include "src/till/teller.h"
#include "src/till/till.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 300
#define ANSWER_MS  800

struct zg_customer {
	const char *home;
	const struct zg_clock *clock;
	struct zg_control_client *client;    /* NULL: not connected */
};

/* ---- the till's end ---- */

static json_t *line_of(const struct zg_line *line)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "name", line->name);
	zg_json_set_string(row, "unit", line->kind == ZG_ITEM_WEIGHED ? line->unit : "");
	zg_json_set_integer(row, "quantity_milli", line->quantity);
	zg_json_set_integer(row, "amount_fen", line->amount_fen);
	return row;
}

static void put_sale(json_t *view, const struct zg_till *till)
{
	const struct zg_sale *sale = zg_till_sale(till);
	size_t live = 0, past = 0;
	json_t *lines = zg_json_array();

	for (size_t i = 0; i < zg_sale_line_count(sale); i++)
		live += zg_line_is_live(zg_sale_line(sale, i));
	for (size_t i = 0; i < zg_sale_line_count(sale); i++)
		if (zg_line_is_live(zg_sale_line(sale, i)) && ++past + ZG_CUSTOMER_LINES > live)
			zg_json_append(lines, line_of(zg_sale_line(sale, i)));
	zg_json_set_integer(view, "sale", live ? zg_till_sale_id(till) : 0);
	zg_json_set_integer(view, "count", (int64_t)live);
	zg_json_set(view, "lines", lines);
	zg_json_set_integer(view, "total_fen", zg_sale_totals(sale)->total_fen);
	zg_json_set_integer(view, "due_fen", zg_sale_due(sale));
	zg_json_set_integer(view, "received_fen", zg_sale_totals(sale)->total_fen - zg_sale_due(sale));
}

static void put_payment(json_t *view, const struct zg_till *till)
{
	struct zg_paying paying;
	bool is_paying = zg_till_teller(till) && zg_till_sale_id(till) &&
		zg_teller_look_sale(zg_till_teller(till), zg_till_sale_id(till), &paying) == ZG_OK;
	bool is_asked = is_paying && paying.payment.way == ZG_WAY_CODE && paying.payment.attempt.state == ZG_PAY_WAITING;

	zg_json_set_string(view, "wallet", is_paying ? zg_wallet_name(paying.payment.wallet) : "");
	zg_json_set_integer(view, "amount_fen", is_paying ? paying.payment.amount_fen : 0);
	zg_json_set_string(view, "url", is_paying && zg_paying_is_shown(&paying) ? paying.url : "");
	zg_json_set_boolean(view, "is_asked", is_asked);
}

json_t *zg_customer_json(const struct zg_till *till)
{
	const struct zg_last_sale *last = zg_till_last(till);
	json_t *view = zg_json_object(), *paid = zg_json_object();

	zg_json_set_string(view, "shop", zg_till_config(till)->name);
	put_sale(view, till);
	put_payment(view, till);
	zg_json_set_integer(paid, "id", last->id);
	zg_json_set_integer(paid, "total_fen", last->total_fen);
	zg_json_set_integer(paid, "change_fen", last->change_fen);
	zg_json_set(view, "last", paid);
	return view;
}

/* ---- the customer's end ---- */

struct zg_customer *zg_customer_new(const char *home, const struct zg_clock *clock)
{
	struct zg_customer *customer = zg_alloc(1, sizeof(*customer));

	*customer = (struct zg_customer){ .home = home, .clock = clock };
	return customer;
}

void zg_customer_free(struct zg_customer *customer)
{
	if (!customer)
		return;
	zg_control_disconnect(customer->client);
	free(customer);
}

enum zg_result zg_customer_look(struct zg_customer *customer, json_t **view, struct zg_error *err)
{
	json_t *request = zg_json_object(), *message = NULL;
	enum zg_result result = ZG_OK;

	*view = NULL;
	zg_json_set_string(request, "ask", "customer");
	if (!customer->client)
		result = zg_control_connect(customer->home, customer->clock, CONNECT_MS, &customer->client, err);
	if (result == ZG_OK)
		result = zg_control_ask(customer->client, request, ANSWER_MS, NULL, NULL, &message, err);
	json_decref(request);
	if (result == ZG_OK && zg_result_parse(zg_json_string(message, "result", "")) == ZG_OK)
		*view = json_incref(json_object_get(message, "answer"));
	else if (result == ZG_OK)
		result = zg_fail(err, ZG_OFFLINE, _("The till that runs is of another version. Restart it, then this screen."));
	json_decref(message);
	if (result != ZG_OK) {
		zg_control_disconnect(customer->client);
		customer->client = NULL;
	}
	return result;
}
