#include "src/shop/attempt.h"

#include "src/base/alloc.h"

/* Short, so that the table can be read as one. */
enum {
	NEW = ZG_PAY_NEW, SENT = ZG_PAY_SENT, WAIT = ZG_PAY_WAITING, DUNNO = ZG_PAY_UNKNOWN, BACK = ZG_PAY_CANCELLING,
	PAID = ZG_PAY_PAID, NO = ZG_PAY_REFUSED, OFF = ZG_PAY_CANCELLED, MAN = ZG_PAY_MANUAL,
};

/* What follows, by event (down) and state (across). OFF becomes NO for one that was declined. */
static const unsigned char follows[ZG_PAY_EVENTS][ZG_PAY_STATES] = {
	/*                       new   sent   waiting unknown cancelling paid  refused cancelled manual */
	[ZG_EVENT_SEND]      = { SENT, SENT,  WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_NOT_SENT]  = { NEW,  NO,    WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_DOUBT]     = { NEW,  DUNNO, WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_WAITING]   = { NEW,  WAIT,  WAIT,   WAIT,   BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_PAID]      = { NEW,  PAID,  PAID,   PAID,   PAID,      PAID, MAN,    MAN,      PAID },
	[ZG_EVENT_MISMATCH]  = { NEW,  MAN,   MAN,    MAN,    MAN,       PAID, MAN,    MAN,      MAN },
	[ZG_EVENT_DECLINED]  = { NEW,  DUNNO, DUNNO,  DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_WRONG]     = { NEW,  NO,    WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_UNPAID]    = { NEW,  DUNNO, WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_MISSING]   = { NEW,  DUNNO, WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_GONE]      = { NEW,  DUNNO, WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_CLOSED]    = { NEW,  OFF,   OFF,    OFF,    OFF,       PAID, NO,     OFF,      MAN },
	[ZG_EVENT_CANCELLED] = { NEW,  OFF,   OFF,    OFF,    OFF,       PAID, NO,     OFF,      MAN },
	[ZG_EVENT_TAKEN]     = { NEW,  SENT,  WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_CANCEL]    = { OFF,  SENT,  BACK,   BACK,   BACK,      PAID, NO,     OFF,      MAN },
	[ZG_EVENT_LIMIT]     = { NEW,  MAN,   MAN,    MAN,    MAN,       PAID, NO,     OFF,      MAN },
	[ZG_EVENT_START]     = { OFF,  DUNNO, WAIT,   DUNNO,  BACK,      PAID, NO,     OFF,      MAN },
};

static const char *const names[ZG_PAY_EVENTS] = {
	[ZG_EVENT_SEND] = "send",
	[ZG_EVENT_NOT_SENT] = "not_sent",
	[ZG_EVENT_DOUBT] = "doubt",
	[ZG_EVENT_WAITING] = "waiting",
	[ZG_EVENT_PAID] = "paid",
	[ZG_EVENT_MISMATCH] = "mismatch",
	[ZG_EVENT_DECLINED] = "declined",
	[ZG_EVENT_WRONG] = "wrong",
	[ZG_EVENT_UNPAID] = "unpaid",
	[ZG_EVENT_MISSING] = "missing",
	[ZG_EVENT_GONE] = "gone",
	[ZG_EVENT_CLOSED] = "closed",
	[ZG_EVENT_CANCELLED] = "cancelled",
	[ZG_EVENT_TAKEN] = "taken",
	[ZG_EVENT_CANCEL] = "cancel",
	[ZG_EVENT_LIMIT] = "limit",
	[ZG_EVENT_START] = "start",
};

/* After a decline: a query that says the money has not moved. The second refusal is a query's too, for the paying request leaves once. */
static bool agrees(enum zg_pay_event event)
{
	return event == ZG_EVENT_UNPAID || event == ZG_EVENT_MISSING || event == ZG_EVENT_GONE || event == ZG_EVENT_DECLINED;
}

bool zg_attempt_step(struct zg_attempt *attempt, enum zg_pay_event event)
{
	struct zg_attempt was = *attempt;
	bool is_over = zg_pay_state_is_final(was.state);

	zg_assert((unsigned)event < ZG_PAY_EVENTS && (unsigned)was.state < ZG_PAY_STATES);
	attempt->state = follows[event][was.state];
	if (event == ZG_EVENT_DECLINED && was.state != ZG_PAY_NEW && !is_over)
		attempt->is_declined = true;
	if (event == ZG_EVENT_TAKEN && was.state == ZG_PAY_CANCELLING)
		attempt->is_cancel_taken = true;
	/* no such order, 30 s after a decline or an accepted cancelling: there never will be one */
	if (event == ZG_EVENT_GONE && !is_over && (was.is_declined || was.is_cancel_taken))
		attempt->state = ZG_PAY_CANCELLED;
	if (!is_over && attempt->state == ZG_PAY_CANCELLED && attempt->is_declined)
		attempt->state = ZG_PAY_REFUSED;
	if (agrees(event) && was.is_declined && !is_over)
		attempt->is_free = true;
	if (attempt->state == ZG_PAY_REFUSED || attempt->state == ZG_PAY_CANCELLED)
		attempt->is_free = true;
	else if (zg_pay_state_is_final(attempt->state))
		attempt->is_free = false;
	zg_assert(was.state != ZG_PAY_PAID || attempt->state == ZG_PAY_PAID);
	return was.state != attempt->state || was.is_declined != attempt->is_declined || was.is_free != attempt->is_free ||
	       was.is_cancel_taken != attempt->is_cancel_taken;
}

const char *zg_pay_event_name(enum zg_pay_event event)
{
	return names[event];
}
