-- Nothing is edited in silence, whoever holds the file: what the first tables let through by hand is refused here.

-- A number is given by the row that carries it and by nothing else: the counters follow the sales and the Zs. A counter alone
-- could be moved before, and then every sale was refused, for the next number was not the one after the last. One that stands ahead
-- of its rows by such a hand goes back to them: no receipt and no Z ever had the numbers between.
DROP TRIGGER counter_step;
UPDATE counter SET value = max((SELECT coalesce(max(receipt_no), 0) FROM sale),
	(SELECT coalesce(max(last), 0) FROM lost_numbers WHERE name = 'receipt')) WHERE name = 'receipt';
UPDATE counter SET value = max((SELECT coalesce(max(z_no), 0) FROM shift),
	(SELECT coalesce(max(last), 0) FROM lost_numbers WHERE name = 'z')) WHERE name = 'z';
CREATE TRIGGER counter_step BEFORE UPDATE ON counter
WHEN NEW.name <> OLD.name
  OR NOT ((NEW.value = OLD.value + 1 AND CASE OLD.name
		WHEN 'receipt' THEN EXISTS (SELECT 1 FROM sale WHERE receipt_no = NEW.value)
		WHEN 'z' THEN EXISTS (SELECT 1 FROM shift WHERE z_no = NEW.value)
		ELSE 0 END)
	OR EXISTS (SELECT 1 FROM lost_numbers WHERE name = OLD.name AND first = OLD.value + 1 AND last = NEW.value))
BEGIN SELECT RAISE(ABORT, 'a number can only be the next one'); END;
DROP TRIGGER counter_once;
CREATE TRIGGER counter_once BEFORE INSERT ON counter
BEGIN SELECT RAISE(ABORT, 'there are two counters, of receipts and of Zs'); END;

DROP TRIGGER sale_close;
CREATE TRIGGER sale_close BEFORE UPDATE ON sale
WHEN NEW.state = 'paid'
 AND (NEW.receipt_no IS NOT (SELECT value FROM counter WHERE name = 'receipt') + 1
   OR NEW.receipt_no IS NOT max((SELECT coalesce(max(receipt_no), 0) FROM sale),
	(SELECT coalesce(max(last), 0) FROM lost_numbers WHERE name = 'receipt')) + 1
   OR NOT EXISTS (SELECT 1 FROM shift WHERE id = NEW.shift_id AND state = 'open')
   OR NEW.day IS NULL OR NEW.closed_at IS NULL OR NEW.closed_by IS NULL OR NEW.journal_seq IS NULL
   OR NOT EXISTS (SELECT 1 FROM sale_line WHERE sale_id = NEW.id AND quantity_milli <> 0))
BEGIN SELECT RAISE(ABORT, 'a sale closes complete, in an open shift, with the next number'); END;
CREATE TRIGGER sale_number AFTER UPDATE ON sale
WHEN NEW.state = 'paid' AND OLD.state <> 'paid'
BEGIN UPDATE counter SET value = NEW.receipt_no WHERE name = 'receipt'; END;

DROP TRIGGER shift_z;
CREATE TRIGGER shift_z BEFORE UPDATE ON shift
WHEN NEW.state = 'closed' AND OLD.state = 'open'
 AND (NEW.z_no IS NOT (SELECT value FROM counter WHERE name = 'z') + 1
   OR NEW.z_no IS NOT max((SELECT coalesce(max(z_no), 0) FROM shift),
	(SELECT coalesce(max(last), 0) FROM lost_numbers WHERE name = 'z')) + 1
   OR EXISTS (SELECT 1 FROM sale WHERE shift_id = OLD.id AND state = 'open' AND kind = 'refund'))
BEGIN SELECT RAISE(ABORT, 'Z numbers have no gaps'); END;
CREATE TRIGGER shift_number AFTER UPDATE ON shift
WHEN NEW.state = 'closed' AND OLD.state = 'open'
BEGIN UPDATE counter SET value = NEW.z_no WHERE name = 'z'; END;

-- A slip is what was printed, or will be: only where it is on its way moves on. There is one original, and the copies are
-- counted. What may be on paper is never queued again: what comes then is a copy, and says so. (IS NOT, for OR REPLACE turns a NULL
-- into the column's default after a trigger has looked at it, and NULL <> anything is neither.)
CREATE TRIGGER print_job_new BEFORE INSERT ON print_job
WHEN NEW.state IS NOT 'queued' OR NEW.copy IS NULL OR NEW.copy < 0 OR EXISTS (SELECT 1 FROM print_job WHERE id = NEW.id)
  OR (NEW.copy > 0 AND NEW.copy IS NOT (SELECT coalesce(max(copy), 0) + 1 FROM print_job WHERE kind = NEW.kind AND ref = NEW.ref))
  OR (NEW.copy = 0 AND NEW.ref <> 0 AND NEW.kind IN ('sale', 'refund', 'z', 'cash')
	AND EXISTS (SELECT 1 FROM print_job WHERE kind = NEW.kind AND ref = NEW.ref))
BEGIN SELECT RAISE(ABORT, 'a slip is queued once, and its copies are counted'); END;
CREATE TRIGGER print_job_fixed BEFORE UPDATE ON print_job
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.ref IS NOT OLD.ref OR NEW.body IS NOT OLD.body OR NEW.copy IS NOT OLD.copy
  OR NEW.queued_at IS NOT OLD.queued_at
  OR (OLD.state IN ('sent', 'printed', 'unknown', 'dropped') AND NEW.state IN ('queued', 'sending', 'failed'))
BEGIN SELECT RAISE(ABORT, 'a slip cannot be changed, and one that may be on paper is not printed again as new'); END;
CREATE TRIGGER print_job_keep BEFORE DELETE ON print_job
BEGIN SELECT RAISE(ABORT, 'a slip cannot be removed'); END;

-- A price changes by an import alone. (No trigger stands before new goods: with one SQLite copies every page before each row, and an
-- import of 100,000 took twice as long. What was sold keeps its own name and price whatever becomes of the list.)
CREATE TRIGGER import_new BEFORE INSERT ON import
WHEN NEW.state IS NOT 'writing' OR EXISTS (SELECT 1 FROM import WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an import begins by writing'); END;
CREATE TRIGGER import_fixed BEFORE UPDATE ON import
WHEN OLD.state <> 'writing' OR NEW.id IS NOT OLD.id OR NEW.started_at IS NOT OLD.started_at
BEGIN SELECT RAISE(ABORT, 'an import that is live cannot be changed'); END;
CREATE TRIGGER import_keep BEFORE DELETE ON import
WHEN OLD.state <> 'writing'
BEGIN SELECT RAISE(ABORT, 'an import that is live cannot be removed'); END;
CREATE TRIGGER item_fixed BEFORE UPDATE ON item
WHEN NEW.id IS NOT OLD.id OR NEW.code IS NOT OLD.code OR NEW.name IS NOT OLD.name OR NEW.unit IS NOT OLD.unit OR NEW.price_fen IS NOT OLD.price_fen
  OR NEW.tax_bp IS NOT OLD.tax_bp OR NEW.tax_code IS NOT OLD.tax_code OR NEW.kind IS NOT OLD.kind OR NEW.initials IS NOT OLD.initials
  OR NEW.category IS NOT OLD.category OR NEW.is_active IS NOT OLD.is_active OR NEW.barcodes IS NOT OLD.barcodes OR NEW.from_import IS NOT OLD.from_import
  OR (SELECT state FROM import WHERE id = coalesce(NEW.until_import, OLD.until_import)) IS NOT 'writing'
  OR (OLD.until_import IS NOT NULL AND NEW.until_import IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'goods change by an import, which ends a row and writes another'); END;

-- A row of the journal is joined to the sale and to the shift that it tells of, and to no other. (Its JSON has no blanks, and a
-- quote within a text is escaped; SQLite lets no trigger call its JSON functions where the schema is not trusted.)
DROP TRIGGER journal_sale_new;
CREATE TRIGGER journal_sale_new BEFORE INSERT ON journal_sale
WHEN NEW.seq IS NOT (SELECT max(seq) FROM journal) OR EXISTS (SELECT 1 FROM journal_sale WHERE sale_id = NEW.sale_id AND seq = NEW.seq)
  OR NOT EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq
	AND (instr(body, '"sale":' || NEW.sale_id || ',') OR instr(body, '"sale":' || NEW.sale_id || '}')
	  OR instr(body, iif(kind = 'print.receipt', '"number":"', '"origin":"') || (SELECT number FROM sale WHERE id = NEW.sale_id) || '"')))
BEGIN SELECT RAISE(ABORT, 'only the newest row of the journal is joined to its sale, once'); END;
DROP TRIGGER journal_shift_new;
CREATE TRIGGER journal_shift_new BEFORE INSERT ON journal_shift
WHEN NEW.seq IS NOT (SELECT max(seq) FROM journal) OR EXISTS (SELECT 1 FROM journal_shift WHERE shift_id = NEW.shift_id AND seq = NEW.seq)
  OR NOT EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq
	AND (instr(body, '"shift":' || NEW.shift_id || ',') OR instr(body, '"shift":' || NEW.shift_id || '}')))
BEGIN SELECT RAISE(ABORT, 'only the newest row of the journal is joined to its shift, once'); END;
