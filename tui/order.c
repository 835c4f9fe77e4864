#include "tui/order.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/desk.h"

#include <stdlib.h>
#include <string.h>

/* An order on its way: it outlives the box that asks for a lender. */
struct pending {
	struct pending *next;    /* among those that were sent */
	struct zg_app *app;
	struct zg_order order;
	void (*ask)(struct pending *p, enum zg_right right);    /* for a lender; NULL: one was asked already */
};

static void let_go(struct pending *p)
{
	json_decref(p->order.args);
	free(p);
}

static void take_out(struct pending *p)
{
	void **head = &zg_desk_of(p->app)->sent;

	if (*head == p) {
		*head = p->next;
		return;
	}
	struct pending *before = *head;

	while (before->next != p)
		before = before->next;
	before->next = p->next;
}

static void ended(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	struct pending *p = self;
	enum zg_right right;
	const char *needs = zg_json_string(answer, "needs", "");

	take_out(p);
	/* A right that only the act could know of is asked for here. */
	if (result == ZG_REFUSED && p->ask && zg_right_parse(needs, &right) && !zg_desk_of(p->app)->waiting) {
		p->ask(p, right);
		return;
	}
	zg_app_offer(p->app);    /* scans that waited for this answer */
	if (result == ZG_OK && p->order.done)
		p->order.done(p->app, answer, p->order.data);
	else if (result != ZG_OK && p->order.failed)
		p->order.failed(p->app, result, answer, err, p->order.data);
	else if (result != ZG_OK) {
		zg_app_fail(p->app, err);
		zg_app_beep(p->app);
	}
	let_go(p);
}

static void send(struct pending *p, const char *with, const char *with_pin)
{
	struct zg_call call = { .act = p->order.act, .args = p->order.args, .with = with, .with_pin = with_pin, .done = ended, .self = p };

	p->next = zg_desk_of(p->app)->sent;
	zg_desk_of(p->app)->sent = p;
	zg_till_call(zg_app_till(p->app), &call);
}

/* The one order that waits for its lender; the desk keeps it while the box is open. */
static const char *lent(struct zg_app *app, void *self, const char *const *answers)
{
	struct pending *p = zg_desk_of(app)->waiting;

	(void)self;
	zg_desk_of(app)->waiting = NULL;
	if (p && answers)
		send(p, answers[0], answers[1]);
	else if (p)
		let_go(p);
	return NULL;
}

void zg_order_forget(struct zg_app *app)
{
	struct zg_desk *desk = zg_desk_of(app);

	if (desk->waiting)
		let_go(desk->waiting);
	desk->waiting = NULL;
	while (desk->sent) {
		struct pending *p = desk->sent;

		desk->sent = p->next;
		zg_till_forget(zg_app_till(app), p);
		let_go(p);
	}
}

static void ask_lender(struct pending *p, enum zg_right right)
{
	char text[ZG_ERROR_TEXT];
	struct zg_form form = {
		.title = p->order.second ? _("A second person signs") : _("A supervisor's right is needed"), .text = text,
		.fields = { { .label = _("Login"), .room = 32 }, { .label = _("PIN"), .room = 12, .secret = true } },
		.done = lent,
	};

	if (p->order.second)
		snprintf(text, sizeof(text), "%s", p->order.second);
	else
		snprintf(text, sizeof(text), _("\"%s\" is not among your rights. A supervisor may lend it for this once."), _(zg_right_title(right)));
	p->ask = NULL;
	zg_desk_of(p->app)->waiting = p;
	zg_app_form(p->app, &form);
}

bool zg_order_is_under_way(const struct zg_app *app)
{
	return zg_desk_of(app)->sent != NULL;
}

/* What is ordered for the sale on the screen must not land on the next one. */
static void name_sale(struct pending *p)
{
	const char *act = p->order.act;

	if (strncmp(act, "sale.", 5) != 0 || strcmp(act, "sale.take") == 0 || strcmp(act, "sale.refund") == 0)
		return;
	if (!p->order.args)
		p->order.args = zg_json_object();
	zg_json_set_integer(p->order.args, "sale", zg_till_sale_id(zg_app_till(p->app)));
}

void zg_order_send(struct zg_app *app, const struct zg_order *order)
{
	const struct zg_act *act = zg_act_find(order->act);
	const struct zg_person *person = zg_till_person(zg_app_till(app));
	enum zg_right right = order->right != ZG_RIGHT_NONE ? order->right : act->right;
	struct pending *p = zg_alloc(1, sizeof(*p));

	*p = (struct pending){ .app = app, .order = *order, .ask = ask_lender };
	name_sale(p);
	if (person && (order->second || !zg_role_has(person->role, right)) && !zg_desk_of(app)->waiting)
		ask_lender(p, right);
	else
		send(p, NULL, NULL);
}
