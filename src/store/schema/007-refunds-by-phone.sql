-- Money of a refund goes back the way it came: by the payments of its sale, at the card terminal, the rest in cash.

-- What the terminal or the voucher calls it, of money that was taken outside this till.
ALTER TABLE tender ADD COLUMN reference TEXT NOT NULL DEFAULT '' CHECK (length(reference) <= 64);

-- It is booked at once, before the rest of its sale is paid, and can be taken back until the sale is closed.
DROP TRIGGER tender_keep;
CREATE TRIGGER tender_keep BEFORE DELETE ON tender
WHEN OLD.kind NOT IN ('card', 'other') OR coalesce((SELECT state FROM sale WHERE id = OLD.sale_id), '') NOT IN ('open', 'hung')
BEGIN SELECT RAISE(ABORT, 'a tender cannot be removed'); END;
CREATE TRIGGER sale_outside_void BEFORE UPDATE ON sale
WHEN NEW.state = 'void' AND OLD.state <> 'void' AND EXISTS (SELECT 1 FROM tender WHERE sale_id = NEW.id AND kept_fen <> 0)
BEGIN SELECT RAISE(ABORT, 'a sale with money in it is not cancelled'); END;

-- The money by phone of a refund is rows of pay_refund, no more and no less.
CREATE TRIGGER refund_phone BEFORE UPDATE ON sale
WHEN NEW.state = 'paid' AND NEW.kind = 'refund'
 AND (EXISTS (SELECT 1 FROM tender AS t WHERE t.sale_id = NEW.id AND t.kind IN ('wechat', 'alipay', 'unionpay', 'ecny', 'bestpay', 'suning')
	AND -t.kept_fen IS NOT (SELECT sum(r.amount_fen) FROM pay_refund AS r JOIN payment AS p ON p.id = r.payment_id
		WHERE r.sale_id = NEW.id AND p.wallet = t.kind))
   OR EXISTS (SELECT 1 FROM pay_refund AS r JOIN payment AS p ON p.id = r.payment_id
	WHERE r.sale_id = NEW.id AND (p.sale_id IS NOT NEW.origin_id OR NOT EXISTS (SELECT 1 FROM tender WHERE sale_id = NEW.id AND kind = p.wallet))))
BEGIN SELECT RAISE(ABORT, 'money by phone goes back by the payments of its sale'); END;

-- It belongs to a refund that is being written, to one whose first try has failed, or to no refund: the payment came for nothing.
CREATE TRIGGER pay_refund_sale BEFORE INSERT ON pay_refund
WHEN (NEW.sale_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sale AS s JOIN payment AS p ON p.id = NEW.payment_id
	WHERE s.id = NEW.sale_id AND s.kind = 'refund' AND s.origin_id = p.sale_id
	 AND (s.state = 'open' OR (s.state = 'paid'
	  AND EXISTS (SELECT 1 FROM pay_refund WHERE sale_id = s.id AND payment_id = p.id AND state = 'failed' AND amount_fen = NEW.amount_fen)
	  AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE sale_id = s.id AND payment_id = p.id AND state <> 'failed')))))
  OR (NEW.sale_id IS NULL AND (NEW.amount_fen IS NOT (SELECT amount_fen FROM payment WHERE id = NEW.payment_id)
	OR EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = NEW.payment_id AND (sale_id IS NOT NULL OR state <> 'failed'))
	OR EXISTS (SELECT 1 FROM tender AS t JOIN payment AS p ON p.id = NEW.payment_id JOIN sale AS s ON s.id = p.sale_id
		WHERE s.state = 'paid' AND t.sale_id = s.id AND t.kind = p.wallet
		 AND t.kept_fen IS (SELECT sum(amount_fen) FROM payment AS o WHERE o.sale_id = s.id AND o.wallet = t.kind AND o.state = 'paid'
			AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = o.id AND sale_id IS NULL)))))
BEGIN SELECT RAISE(ABORT, 'money goes back for goods that came back, or because it came for nothing'); END;
CREATE INDEX pay_refund_not_done ON pay_refund (id) WHERE state <> 'done';
