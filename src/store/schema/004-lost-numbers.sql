-- Receipts and Zs that lost books gave. When an admin goes on with an older copy of the books, numbers that stand on paper
-- already are not given again: the next one is above them, and this is why some are missing. Written with its 'journal.accept'.
CREATE TABLE lost_numbers (
	name TEXT NOT NULL CHECK (name IN ('receipt', 'z')),
	first INTEGER NOT NULL CHECK (first > 0),
	last INTEGER NOT NULL CHECK (last >= first),
	journal_seq INTEGER NOT NULL REFERENCES journal (seq),
	PRIMARY KEY (name, first)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER lost_numbers_new BEFORE INSERT ON lost_numbers
WHEN NEW.first IS NOT (SELECT value + 1 FROM counter WHERE name = NEW.name)
  OR EXISTS (SELECT 1 FROM lost_numbers WHERE name = NEW.name AND first = NEW.first)
  OR NEW.journal_seq IS NOT (SELECT max(seq) FROM journal)
  OR (SELECT kind FROM journal WHERE seq = NEW.journal_seq) IS NOT 'journal.accept'
BEGIN SELECT RAISE(ABORT, 'numbers are left out only with the row that accepts a copy'); END;
CREATE TRIGGER lost_numbers_fixed BEFORE UPDATE ON lost_numbers
BEGIN SELECT RAISE(ABORT, 'numbers that were left out cannot be changed'); END;
CREATE TRIGGER lost_numbers_keep BEFORE DELETE ON lost_numbers
BEGIN SELECT RAISE(ABORT, 'numbers that were left out cannot be taken back'); END;

DROP TRIGGER counter_step;
CREATE TRIGGER counter_step BEFORE UPDATE ON counter
WHEN NEW.name <> OLD.name OR (NEW.value <> OLD.value + 1
 AND NOT EXISTS (SELECT 1 FROM lost_numbers WHERE name = OLD.name AND first = OLD.value + 1 AND last = NEW.value))
BEGIN SELECT RAISE(ABORT, 'a number can only be the next one'); END;

DROP TRIGGER shift_z;
CREATE TRIGGER shift_z BEFORE UPDATE ON shift
WHEN NEW.state = 'closed' AND OLD.state = 'open'
 AND (NEW.z_no IS NOT (SELECT value FROM counter WHERE name = 'z')
   OR NEW.z_no IS NOT max((SELECT coalesce(max(z_no), 0) FROM shift),
	(SELECT coalesce(max(last), 0) FROM lost_numbers WHERE name = 'z')) + 1
   OR EXISTS (SELECT 1 FROM sale WHERE shift_id = OLD.id AND state = 'open' AND kind = 'refund'))
BEGIN SELECT RAISE(ABORT, 'Z numbers have no gaps'); END;

DROP TRIGGER sale_close;
CREATE TRIGGER sale_close BEFORE UPDATE ON sale
WHEN NEW.state = 'paid'
 AND (NEW.receipt_no IS NOT (SELECT value FROM counter WHERE name = 'receipt')
   OR NEW.receipt_no IS NOT max((SELECT coalesce(max(receipt_no), 0) FROM sale),
	(SELECT coalesce(max(last), 0) FROM lost_numbers WHERE name = 'receipt')) + 1
   OR NOT EXISTS (SELECT 1 FROM shift WHERE id = NEW.shift_id AND state = 'open')
   OR NEW.day IS NULL OR NEW.closed_at IS NULL OR NEW.closed_by IS NULL OR NEW.journal_seq IS NULL
   OR NOT EXISTS (SELECT 1 FROM sale_line WHERE sale_id = NEW.id AND quantity_milli <> 0))
BEGIN SELECT RAISE(ABORT, 'a sale closes complete, in an open shift, with the next number'); END;
