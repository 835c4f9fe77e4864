-- Which rows of the journal tell of a shift (those whose body names it), so that a day's list of transactions is read in the
-- journal's order without reading all of it. Written with the row. What happens while no shift is open names the next one.
CREATE TABLE journal_shift (
	shift_id INTEGER NOT NULL,
	seq INTEGER NOT NULL REFERENCES journal (seq),
	PRIMARY KEY (shift_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO journal_shift (shift_id, seq)
SELECT json_extract(body, '$.shift'), seq FROM journal
WHERE CASE WHEN json_valid(body) THEN json_type(body, '$.shift') = 'integer' ELSE 0 END;

CREATE TRIGGER journal_shift_new BEFORE INSERT ON journal_shift
WHEN NEW.seq IS NOT (SELECT max(seq) FROM journal) OR EXISTS (SELECT 1 FROM journal_shift WHERE shift_id = NEW.shift_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'only the newest row of the journal is joined to its shift, once'); END;
CREATE TRIGGER journal_shift_fixed BEFORE UPDATE ON journal_shift
BEGIN SELECT RAISE(ABORT, 'what the journal tells of cannot be changed'); END;
CREATE TRIGGER journal_shift_keep BEFORE DELETE ON journal_shift
BEGIN SELECT RAISE(ABORT, 'what the journal tells of cannot be removed'); END;
