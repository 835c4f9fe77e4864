/* The code that is being shown, on paper: for a screen that the customer does not see, or one that is too small. */
#include "src/base/i18n.h"
#include "src/store/jobs.h"
#include "src/till/acts.h"
#include "src/till/private.h"
#include "src/till/queue.h"
#include "src/till/slip_parts.h"
#include "src/till/teller.h"

#include <stdlib.h>

static void wake(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	zg_queue_wake(till->queue);
}

/* Only what a customer may pay by now. */
static enum zg_result find_shown(const struct zg_till *till, int64_t payment_id, struct zg_paying *paying, struct zg_error *err)
{
	if (!till->teller || zg_teller_look(till->teller, payment_id, paying) != ZG_OK || !zg_paying_is_shown(paying))
		return zg_fail(err, ZG_INVALID, _("No code is shown for this payment now, so there is none to print."));
	if (!till->config.link[0])
		return zg_fail(err, ZG_INVALID, _("No printer is set up. Write its link and profile into the settings, then try again."));
	return ZG_OK;
}

static json_t *document_of(const struct zg_till *till, const struct zg_deed *deed, const struct zg_paying *paying)
{
	json_t *document = zg_slip_start(till, deed->person.name, zg_clock_now(till->parts.clock));

	zg_json_set_string(document, "wallet", _(zg_wallet_title(paying->payment.wallet)));
	zg_json_set_integer(document, "amount_fen", paying->payment.amount_fen);
	zg_json_set_string(document, "url", paying->url);
	zg_json_set_integer(document, "expires_ms", paying->payment.expires_at);
	zg_json_set_string(document, "number", paying->payment.number);
	return document;
}

static enum zg_result print_code(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_paying paying;
	int64_t job = 0;
	enum zg_result result = find_shown(till, zg_json_integer(zg_deed_args(deed), "payment", 0), &paying, err);

	if (result != ZG_OK)
		return result;
	json_t *document = document_of(till, deed, &paying), *body = zg_json_object();
	char *text = zg_json_text(document);

	json_decref(document);
	result = zg_jobs_add(till->store, "code", paying.payment.id, 0, text, &job, err);
	free(text);
	zg_json_set_integer(body, "job", job);
	zg_json_set_string(body, "payment", paying.payment.number);
	zg_json_set_integer(zg_deed_answer(deed), "job", job);
	deed->then = wake;
	if (result == ZG_OK)
		return zg_deed_note(deed, "print.code", body, NULL, err);
	json_decref(body);
	return result;
}

const struct zg_act zg_act_print_code = {
	.name = "print.code", .title = N_("Print a code to pay by"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL, .run = print_code,
	.fields = { { "payment", ZG_FIELD_INTEGER, true, 1, INT64_MAX } },
};
