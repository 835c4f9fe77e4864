-- Cash refunds are rounded off like cash sales (抹零). A refund's lines keep the value that goes back in amount_fen, and in
-- rounding_fen what is taken off it, with the refund's sign; the other sign when what was rounded off an earlier refund
-- of the same sale goes back with this one. So the money of a line may pass what that line was paid with, and
-- the limit on the money is the sale's: by every refund, at most what the goods that are back by then were
-- paid with (each line's share rounded half up), and with all of them back exactly what was paid.
DROP TRIGGER refund_limit;
CREATE TRIGGER refund_limit BEFORE UPDATE ON sale
WHEN NEW.state = 'paid' AND NEW.kind = 'refund'
 AND (NOT EXISTS (SELECT 1 FROM sale WHERE id = NEW.origin_id AND kind = 'sale' AND state = 'paid')
   OR EXISTS (
	SELECT 1 FROM sale_line AS mine
	LEFT JOIN sale_line AS sold ON sold.sale_id = NEW.origin_id AND sold.no = mine.origin_no AND sold.quantity_milli <> 0
	WHERE mine.sale_id = NEW.id AND mine.quantity_milli <> 0
	  AND (sold.no IS NULL OR mine.amount_fen - mine.rounding_fen > 0
	    OR sold.quantity_milli + (SELECT sum(l.quantity_milli) FROM sale AS r JOIN sale_line AS l ON l.sale_id = r.id
		WHERE r.origin_id = NEW.origin_id AND (r.state = 'paid' OR r.id = NEW.id) AND l.origin_no = mine.origin_no) < 0
	    OR sold.amount_fen + (SELECT sum(l.amount_fen) FROM sale AS r JOIN sale_line AS l ON l.sale_id = r.id
		WHERE r.origin_id = NEW.origin_id AND (r.state = 'paid' OR r.id = NEW.id) AND l.origin_no = mine.origin_no) < 0)))
BEGIN SELECT RAISE(ABORT, 'a refund cannot be above what was sold'); END;

CREATE TRIGGER refund_money BEFORE UPDATE ON sale
WHEN NEW.state = 'paid' AND NEW.kind = 'refund'
 AND EXISTS (
	SELECT 1 FROM (
		SELECT sum((2 * line.paid * line.back + line.sold) / (2 * line.sold)) AS due, min(line.back >= line.sold) AS is_whole
		FROM (SELECT sold.quantity_milli AS sold, sold.amount_fen - sold.rounding_fen AS paid,
			coalesce((SELECT -sum(l.quantity_milli) FROM sale AS r JOIN sale_line AS l ON l.sale_id = r.id
				WHERE r.origin_id = NEW.origin_id AND (r.state = 'paid' OR r.id = NEW.id) AND l.origin_no = sold.no), 0) AS back
			FROM sale_line AS sold WHERE sold.sale_id = NEW.origin_id AND sold.quantity_milli <> 0) AS line) AS goods
	JOIN (SELECT NEW.rounding_fen - NEW.total_fen + coalesce(sum(rounding_fen - total_fen), 0) AS given
		FROM sale WHERE origin_id = NEW.origin_id AND state = 'paid') AS money
	WHERE (money.given > goods.due AND NEW.rounding_fen - NEW.total_fen <> 0) OR (goods.is_whole AND money.given <> goods.due))
BEGIN SELECT RAISE(ABORT, 'a refund cannot be above what was paid, and all of them together are what was paid'); END;
