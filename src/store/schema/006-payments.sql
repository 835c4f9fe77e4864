-- Payments by phone. A payment is one attempt to get an amount of a sale under one order number of ours; a sale may have several.
-- What a channel said is a row of payment_event; money that goes back is a row of pay_refund. None of them is ever removed, and only
-- what is still open moves on.

CREATE TABLE payment (
	id INTEGER PRIMARY KEY,
	sale_id INTEGER NOT NULL REFERENCES sale (id),
	number TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 20 AND 32 AND number NOT GLOB '*[^0-9A-Z_]*'),
	channel TEXT NOT NULL CHECK (channel IN ('wechat', 'alipay', 'lakala')),
	wallet TEXT NOT NULL CHECK (wallet IN ('wechat', 'alipay', 'unionpay', 'ecny', 'bestpay', 'suning')),
	way TEXT NOT NULL CHECK (way IN ('code', 'shown')),
	amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
	state TEXT NOT NULL CHECK (state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling', 'paid', 'refused', 'cancelled', 'manual')),
	is_declined INTEGER NOT NULL DEFAULT 0 CHECK (is_declined IN (0, 1)),
	is_free INTEGER NOT NULL DEFAULT 0 CHECK (is_free IN (0, 1)),    -- the counter may try again
	is_cancel_taken INTEGER NOT NULL DEFAULT 0 CHECK (is_cancel_taken IN (0, 1)),
	let_go_by TEXT NOT NULL DEFAULT '',      -- the two who said that the sale goes on without knowing how this one ended
	begun_at INTEGER NOT NULL,
	begun_by TEXT NOT NULL REFERENCES person (login),
	expires_at INTEGER NOT NULL DEFAULT 0,   -- of a code that we show; 0 else
	code_hash TEXT NOT NULL DEFAULT '',      -- of the customer's code: SHA-256, and its last four digits; never the code
	code_end TEXT NOT NULL DEFAULT '' CHECK (length(code_end) <= 4),
	sent_at INTEGER NOT NULL DEFAULT 0,
	ended_at INTEGER NOT NULL DEFAULT 0,
	paid_at INTEGER NOT NULL DEFAULT 0,      -- the channel's time
	channel_no TEXT NOT NULL DEFAULT '',     -- the channel's own number
	statement_no TEXT NOT NULL DEFAULT '',   -- what its statement lists it by, when that is another
	payer TEXT NOT NULL DEFAULT '',          -- masked
	note TEXT NOT NULL DEFAULT '',           -- what the channel said last, or people when they ended it
	CHECK ((state IN ('paid', 'refused', 'cancelled', 'manual')) = (ended_at <> 0)),
	CHECK (state NOT IN ('paid', 'manual') OR is_free = 0)
) STRICT;
CREATE INDEX payment_sale ON payment (sale_id);
CREATE INDEX payment_open ON payment (id) WHERE state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling');
CREATE INDEX payment_manual ON payment (id) WHERE state = 'manual';
CREATE INDEX payment_begun ON payment (begun_at);
CREATE INDEX payment_code ON payment (code_hash) WHERE code_hash <> '';

-- Everything that was asked of a channel and what came of it, for disputes. No secrets, no whole codes.
CREATE TABLE payment_event (
	id INTEGER PRIMARY KEY,
	payment_id INTEGER NOT NULL REFERENCES payment (id),
	refund_id INTEGER REFERENCES pay_refund (id),
	at INTEGER NOT NULL,
	call TEXT NOT NULL,                      -- 'code', 'show', 'query', 'cancel', 'refund', 'refund_query'; 'till' for what people or time decided
	event TEXT NOT NULL,                     -- what it meant by the rules
	says TEXT NOT NULL,
	proof TEXT NOT NULL,
	amount_fen INTEGER NOT NULL DEFAULT -1,  -- that the channel named; -1: none
	status INTEGER NOT NULL DEFAULT 0,       -- of HTTP; 0: no whole answer
	code TEXT NOT NULL DEFAULT '',
	words TEXT NOT NULL DEFAULT '',
	request_id TEXT NOT NULL DEFAULT '',
	serial TEXT NOT NULL DEFAULT '',
	body_hash TEXT NOT NULL DEFAULT '',
	took_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX payment_event_payment ON payment_event (payment_id);

CREATE TABLE pay_refund (
	id INTEGER PRIMARY KEY,
	payment_id INTEGER NOT NULL REFERENCES payment (id),
	sale_id INTEGER REFERENCES sale (id),    -- the refund that it belongs to; NULL: it came too late for its sale
	number TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 20 AND 32 AND number NOT GLOB '*[^0-9A-Z_]*'),
	amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
	state TEXT NOT NULL CHECK (state IN ('new', 'running', 'done', 'failed', 'manual')),
	begun_at INTEGER NOT NULL,
	begun_by TEXT NOT NULL,                  -- a login; '-': the till by itself
	ended_at INTEGER NOT NULL DEFAULT 0,
	channel_no TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',
	CHECK ((state IN ('done', 'failed')) = (ended_at <> 0))
) STRICT;
CREATE INDEX pay_refund_payment ON pay_refund (payment_id);
CREATE INDEX pay_refund_sale ON pay_refund (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX pay_refund_open ON pay_refund (id) WHERE state IN ('new', 'running', 'manual');

-- A second attempt begins only when the first is final or declined and asked about, or two people let it go.
CREATE TRIGGER payment_new BEFORE INSERT ON payment
WHEN NEW.state IS NOT 'new' OR EXISTS (SELECT 1 FROM payment WHERE id = NEW.id OR number = NEW.number)
  OR NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM payment)
  OR (SELECT kind || state FROM sale WHERE id = NEW.sale_id) NOT IN ('saleopen', 'salehung')
  OR EXISTS (SELECT 1 FROM payment WHERE sale_id = NEW.sale_id AND is_free = 0 AND let_go_by = ''
	AND state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling', 'manual'))
BEGIN SELECT RAISE(ABORT, 'a payment begins with a new number, when no other of its sale is under way'); END;
CREATE TRIGGER payment_fixed BEFORE UPDATE ON payment
WHEN NEW.id IS NOT OLD.id OR NEW.sale_id IS NOT OLD.sale_id OR NEW.number IS NOT OLD.number OR NEW.channel IS NOT OLD.channel
  OR NEW.wallet IS NOT OLD.wallet OR NEW.way IS NOT OLD.way OR NEW.amount_fen IS NOT OLD.amount_fen OR NEW.begun_at IS NOT OLD.begun_at
  OR NEW.begun_by IS NOT OLD.begun_by OR NEW.expires_at IS NOT OLD.expires_at OR NEW.code_hash IS NOT OLD.code_hash OR NEW.code_end IS NOT OLD.code_end
  OR (OLD.let_go_by <> '' AND NEW.let_go_by IS NOT OLD.let_go_by) OR (OLD.sent_at <> 0 AND NEW.sent_at IS NOT OLD.sent_at)
  OR OLD.state = 'paid' OR (NEW.state = 'new' AND OLD.state <> 'new') OR (NEW.state = 'sent' AND OLD.state NOT IN ('new', 'sent'))
  OR (OLD.state IN ('refused', 'cancelled') AND NEW.state <> 'manual')
  OR (OLD.state = 'manual' AND NEW.state NOT IN ('manual', 'paid', 'refused', 'cancelled'))
BEGIN SELECT RAISE(ABORT, 'a payment''s order and its end cannot be changed'); END;
-- Paid is only what the channel has proved, by number and amount.
CREATE TRIGGER payment_paid BEFORE UPDATE ON payment
WHEN NEW.state = 'paid' AND (NEW.sent_at = 0 OR NOT EXISTS (SELECT 1 FROM payment_event WHERE payment_id = NEW.id AND event = 'paid' AND proof = 'verified'
	AND amount_fen = NEW.amount_fen))
BEGIN SELECT RAISE(ABORT, 'a payment is paid when its channel has proved it'); END;
CREATE TRIGGER payment_keep BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'a payment cannot be removed'); END;

CREATE TRIGGER payment_event_new BEFORE INSERT ON payment_event
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM payment_event)
BEGIN SELECT RAISE(ABORT, 'what a channel said comes after what it said before'); END;
CREATE TRIGGER payment_event_fixed BEFORE UPDATE ON payment_event
BEGIN SELECT RAISE(ABORT, 'what a channel said cannot be changed'); END;
CREATE TRIGGER payment_event_keep BEFORE DELETE ON payment_event
BEGIN SELECT RAISE(ABORT, 'what a channel said cannot be removed'); END;

CREATE TRIGGER pay_refund_new BEFORE INSERT ON pay_refund
WHEN NEW.state IS NOT 'new' OR EXISTS (SELECT 1 FROM pay_refund WHERE id = NEW.id OR number = NEW.number)
  OR EXISTS (SELECT 1 FROM payment WHERE number = NEW.number)
  OR NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM pay_refund)
  OR NEW.amount_fen + (SELECT coalesce(sum(amount_fen), 0) FROM pay_refund WHERE payment_id = NEW.payment_id AND state <> 'failed')
	> coalesce((SELECT amount_fen FROM payment WHERE id = NEW.payment_id AND state = 'paid'), -1)
BEGIN SELECT RAISE(ABORT, 'no more goes back than was paid'); END;
CREATE TRIGGER pay_refund_fixed BEFORE UPDATE ON pay_refund
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id OR NEW.sale_id IS NOT OLD.sale_id OR NEW.number IS NOT OLD.number
  OR NEW.amount_fen IS NOT OLD.amount_fen OR NEW.begun_at IS NOT OLD.begun_at OR NEW.begun_by IS NOT OLD.begun_by OR NEW.reason IS NOT OLD.reason
  OR OLD.state IN ('done', 'failed') OR (NEW.state = 'new' AND OLD.state <> 'new')
BEGIN SELECT RAISE(ABORT, 'a refund of a payment cannot be changed'); END;
CREATE TRIGGER pay_refund_keep BEFORE DELETE ON pay_refund
BEGIN SELECT RAISE(ABORT, 'a refund of a payment cannot be removed'); END;

-- Money by phone in a sale is payments that were proved, no more and no less; and nothing of it is left unknown behind a closed sale, unless
-- it was declined, or two people let it go.
CREATE TRIGGER sale_phone BEFORE UPDATE ON sale
WHEN NEW.state = 'paid' AND NEW.kind = 'sale'
 AND ((SELECT coalesce(sum(kept_fen), 0) FROM tender WHERE sale_id = NEW.id AND kind IN ('wechat', 'alipay', 'unionpay', 'ecny', 'bestpay', 'suning'))
	IS NOT (SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE sale_id = NEW.id AND state = 'paid'
		AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = payment.id AND sale_id IS NULL))
   OR EXISTS (SELECT 1 FROM payment WHERE sale_id = NEW.id AND is_free = 0 AND let_go_by = ''
	AND state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling', 'manual')))
BEGIN SELECT RAISE(ABORT, 'money by phone is what its channel has proved'); END;
CREATE TRIGGER sale_phone_void BEFORE UPDATE ON sale
WHEN NEW.state = 'void' AND OLD.state <> 'void'
 AND EXISTS (SELECT 1 FROM payment WHERE sale_id = NEW.id AND ((is_free = 0 AND let_go_by = '' AND state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling', 'manual'))
	OR (state = 'paid' AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = payment.id AND sale_id IS NULL))))
BEGIN SELECT RAISE(ABORT, 'a sale with money by phone is not cancelled before that went back'); END;

-- A parked payment that succeeds closes its sale by itself, while another sale is being rung.
DROP TRIGGER tender_new;
CREATE TRIGGER tender_new BEFORE INSERT ON tender
WHEN (SELECT state FROM sale WHERE id = NEW.sale_id) NOT IN ('open', 'hung')
  OR EXISTS (SELECT 1 FROM tender WHERE sale_id = NEW.sale_id AND no = NEW.no)
  OR NOT EXISTS (SELECT 1 FROM sale WHERE id = NEW.sale_id)
BEGIN SELECT RAISE(ABORT, 'a closed sale takes no tender'); END;
DROP TRIGGER sale_line_fixed;
CREATE TRIGGER sale_line_fixed BEFORE UPDATE ON sale_line
WHEN (SELECT state FROM sale WHERE id = OLD.sale_id) NOT IN ('open', 'hung') OR NEW.sale_id <> OLD.sale_id OR NEW.no <> OLD.no
BEGIN SELECT RAISE(ABORT, 'a line of a closed sale cannot be changed'); END;
DROP TRIGGER sale_discount_new;
CREATE TRIGGER sale_discount_new BEFORE INSERT ON sale_discount
WHEN coalesce((SELECT state FROM sale WHERE id = NEW.sale_id), '') NOT IN ('open', 'hung')
BEGIN SELECT RAISE(ABORT, 'a closed sale takes no discount'); END;
DROP TRIGGER sale_discount_fixed;
CREATE TRIGGER sale_discount_fixed BEFORE UPDATE ON sale_discount
WHEN (SELECT state FROM sale WHERE id = OLD.sale_id) NOT IN ('open', 'hung') OR NEW.sale_id <> OLD.sale_id
BEGIN SELECT RAISE(ABORT, 'a discount of a closed sale cannot be changed'); END;
DROP TRIGGER sale_discount_keep;
CREATE TRIGGER sale_discount_keep BEFORE DELETE ON sale_discount
WHEN (SELECT state FROM sale WHERE id = OLD.sale_id) NOT IN ('open', 'hung')
BEGIN SELECT RAISE(ABORT, 'a discount of a closed sale cannot be removed'); END;
