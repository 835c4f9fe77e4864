-- What people settled another way has an end too; and a payment knows the merchant that it was begun for.

-- By whose contract: asked by another merchant's, a channel says that there is no such order, which proves nothing. '': begun before this was kept.
ALTER TABLE payment ADD COLUMN merchant TEXT NOT NULL DEFAULT '' CHECK (length(merchant) <= 96);

-- People have ended what its channel does not: nothing more is asked or sent for it. What they did stands in the journal.
ALTER TABLE payment ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
ALTER TABLE pay_refund ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pay_refund ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';

CREATE TRIGGER payment_settled_new BEFORE INSERT ON payment
WHEN NEW.settled_at IS NOT 0 OR NEW.settled_by IS NOT ''
BEGIN SELECT RAISE(ABORT, 'a new payment is settled by nobody'); END;
-- Only what is left to people, and holds its sale no more, is theirs to end.
CREATE TRIGGER payment_settled BEFORE UPDATE ON payment
WHEN NEW.merchant IS NOT OLD.merchant
  OR (OLD.settled_at <> 0 AND (NEW.settled_at IS NOT OLD.settled_at OR NEW.settled_by IS NOT OLD.settled_by OR NEW.state IS NOT OLD.state))
  OR (OLD.settled_at = 0 AND (NEW.settled_at IS NOT 0 OR NEW.settled_by IS NOT '')
	AND (coalesce(NEW.settled_at, 0) <= 0 OR coalesce(NEW.settled_by, '') = '' OR OLD.state <> 'manual' OR NEW.state <> 'manual'
	 OR (NEW.let_go_by = '' AND (SELECT state FROM sale WHERE id = OLD.sale_id) IN ('open', 'hung'))))
BEGIN SELECT RAISE(ABORT, 'people end a payment once, when it is left to them'); END;

CREATE TRIGGER pay_refund_settled_new BEFORE INSERT ON pay_refund
WHEN NEW.settled_at IS NOT 0 OR NEW.settled_by IS NOT ''
BEGIN SELECT RAISE(ABORT, 'a new refund is settled by nobody'); END;
DROP TRIGGER pay_refund_fixed;
CREATE TRIGGER pay_refund_fixed BEFORE UPDATE ON pay_refund
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id OR NEW.sale_id IS NOT OLD.sale_id OR NEW.number IS NOT OLD.number
  OR NEW.amount_fen IS NOT OLD.amount_fen OR NEW.begun_at IS NOT OLD.begun_at OR NEW.begun_by IS NOT OLD.begun_by OR NEW.reason IS NOT OLD.reason
  OR OLD.state = 'done' OR OLD.settled_at <> 0 OR (NEW.state = 'new' AND OLD.state <> 'new')
  OR (OLD.state = 'failed' AND (NEW.state <> 'failed' OR NEW.ended_at IS NOT OLD.ended_at OR NEW.channel_no IS NOT OLD.channel_no
	OR NEW.note IS NOT OLD.note OR NEW.settled_at = 0))
BEGIN SELECT RAISE(ABORT, 'a refund of a payment cannot be changed'); END;
-- What was tried again is the newer one's to end, and money given another way is given once.
CREATE TRIGGER pay_refund_settled BEFORE UPDATE ON pay_refund
WHEN OLD.settled_at = 0 AND (NEW.settled_at IS NOT 0 OR NEW.settled_by IS NOT '')
 AND (coalesce(NEW.settled_at, 0) <= 0 OR coalesce(NEW.settled_by, '') = '' OR NEW.state IS NOT OLD.state OR OLD.state NOT IN ('new', 'failed', 'manual')
  OR EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = OLD.payment_id AND sale_id IS OLD.sale_id AND id > OLD.id)
  OR (OLD.state = 'failed' AND OLD.amount_fen + (SELECT coalesce(sum(amount_fen), 0) FROM pay_refund
	WHERE payment_id = OLD.payment_id AND (state <> 'failed' OR settled_at <> 0)) > (SELECT amount_fen FROM payment WHERE id = OLD.payment_id)))
BEGIN SELECT RAISE(ABORT, 'people end a refund once, when its channel did not'); END;

-- As before; what people gave back another way is given back.
DROP TRIGGER pay_refund_new;
CREATE TRIGGER pay_refund_new BEFORE INSERT ON pay_refund
WHEN NEW.state IS NOT 'new' OR EXISTS (SELECT 1 FROM pay_refund WHERE id = NEW.id OR number = NEW.number)
  OR EXISTS (SELECT 1 FROM payment WHERE number = NEW.number)
  OR NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM pay_refund)
  OR NEW.amount_fen + (SELECT coalesce(sum(amount_fen), 0) FROM pay_refund WHERE payment_id = NEW.payment_id AND (state <> 'failed' OR settled_at <> 0))
	> coalesce((SELECT amount_fen FROM payment WHERE id = NEW.payment_id AND state = 'paid'), -1)
BEGIN SELECT RAISE(ABORT, 'no more goes back than was paid'); END;
DROP TRIGGER pay_refund_sale;
CREATE TRIGGER pay_refund_sale BEFORE INSERT ON pay_refund
WHEN (NEW.sale_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sale AS s JOIN payment AS p ON p.id = NEW.payment_id
	WHERE s.id = NEW.sale_id AND s.kind = 'refund' AND s.origin_id = p.sale_id
	 AND (s.state = 'open' OR (s.state = 'paid'
	  AND EXISTS (SELECT 1 FROM pay_refund WHERE sale_id = s.id AND payment_id = p.id AND state = 'failed' AND amount_fen = NEW.amount_fen)
	  AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE sale_id = s.id AND payment_id = p.id AND (state <> 'failed' OR settled_at <> 0))))))
  OR (NEW.sale_id IS NULL AND (NEW.amount_fen IS NOT (SELECT amount_fen FROM payment WHERE id = NEW.payment_id)
	OR EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = NEW.payment_id AND (sale_id IS NOT NULL OR state <> 'failed' OR settled_at <> 0))
	OR EXISTS (SELECT 1 FROM tender AS t JOIN payment AS p ON p.id = NEW.payment_id JOIN sale AS s ON s.id = p.sale_id
		WHERE s.state = 'paid' AND t.sale_id = s.id AND t.kind = p.wallet
		 AND t.kept_fen IS (SELECT sum(amount_fen) FROM payment AS o WHERE o.sale_id = s.id AND o.wallet = t.kind AND o.state = 'paid'
			AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = o.id AND sale_id IS NULL)))))
BEGIN SELECT RAISE(ABORT, 'money goes back for goods that came back, or because it came for nothing'); END;
DROP INDEX payment_manual;
CREATE INDEX payment_manual ON payment (id) WHERE state = 'manual' AND settled_at = 0;
