-- The shop's books. Released migrations are never edited; a correction is a new file.
-- Units: *_fen money (1 yuan = 100), *_milli quantity (1 piece or kg = 1000), *_bp rates
-- (13 % = 1300), *_at Unix milliseconds UTC, day the business day 'YYYY-MM-DD'.

CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers without gaps: 'receipt' and 'z'. They only go up, one by one.
CREATE TABLE counter (
	name TEXT PRIMARY KEY,
	value INTEGER NOT NULL CHECK (value >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('receipt', 0), ('z', 0);

CREATE TRIGGER counter_step BEFORE UPDATE ON counter
WHEN NEW.name <> OLD.name OR NEW.value <> OLD.value + 1
BEGIN SELECT RAISE(ABORT, 'a number can only be the next one'); END;
CREATE TRIGGER counter_keep BEFORE DELETE ON counter
BEGIN SELECT RAISE(ABORT, 'a counter cannot be removed'); END;
CREATE TRIGGER counter_once BEFORE INSERT ON counter
WHEN EXISTS (SELECT 1 FROM counter WHERE name = NEW.name) OR NEW.value <> 0
BEGIN SELECT RAISE(ABORT, 'a counter starts once, at 0'); END;

-- What happened, in order. Each row is sealed over itself and the row before it.
CREATE TABLE journal (
	seq INTEGER PRIMARY KEY CHECK (seq > 0),
	at INTEGER NOT NULL,
	who TEXT NOT NULL,                  -- login; '-' before anyone is signed in
	uid INTEGER NOT NULL,               -- user of the operating system
	kind TEXT NOT NULL,
	body TEXT NOT NULL CHECK (body GLOB '{*}'),
	prev BLOB NOT NULL CHECK (length(prev) = 32),
	mac BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;

CREATE TRIGGER journal_next BEFORE INSERT ON journal
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
  OR NEW.prev IS NOT coalesce((SELECT mac FROM journal ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN SELECT RAISE(ABORT, 'a journal row can only be the next one'); END;
CREATE TRIGGER journal_fixed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END;
CREATE TRIGGER journal_keep BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal cannot be shortened'); END;

-- Which rows of the journal tell of a sale, so that its story is found without reading them all. Written with the row.
CREATE TABLE journal_sale (
	sale_id INTEGER NOT NULL,
	seq INTEGER NOT NULL REFERENCES journal (seq),
	PRIMARY KEY (sale_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER journal_sale_new BEFORE INSERT ON journal_sale
WHEN NEW.seq IS NOT (SELECT max(seq) FROM journal) OR EXISTS (SELECT 1 FROM journal_sale WHERE sale_id = NEW.sale_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'only the newest row of the journal is joined to its sale, once'); END;
CREATE TRIGGER journal_sale_fixed BEFORE UPDATE ON journal_sale
BEGIN SELECT RAISE(ABORT, 'what the journal tells of cannot be changed'); END;
CREATE TRIGGER journal_sale_keep BEFORE DELETE ON journal_sale
BEGIN SELECT RAISE(ABORT, 'what the journal tells of cannot be removed'); END;

-- People. The PIN is kept only as a yescrypt hash.
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	login TEXT NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 32),
	name TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'admin')),
	pin_hash TEXT NOT NULL,
	is_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_locked IN (0, 1)),
	wrong_tries INTEGER NOT NULL DEFAULT 0 CHECK (wrong_tries >= 0),
	wait_ms INTEGER NOT NULL DEFAULT 0 CHECK (wait_ms >= 0)    -- running time left until tries count afresh
) STRICT;
CREATE TRIGGER person_keep BEFORE DELETE ON person
BEGIN SELECT RAISE(ABORT, 'a person is locked, never removed'); END;

-- Goods. An import writes its rows in small commits under its own number and becomes visible at once when
-- its state turns 'live'. Imports are one after the other, and what a killed one left is removed before the next
-- begins, so a row is in the list when from_import <= the highest live number < until_import (or that is NULL).
CREATE TABLE import (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL CHECK (state IN ('writing', 'live')),
	started_at INTEGER NOT NULL,
	item_count INTEGER NOT NULL DEFAULT 0    -- goods in the list once it is live
) STRICT;

-- A row is never changed: an import that changes an item ends this row and writes another.
CREATE TABLE item (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	unit TEXT NOT NULL,
	price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
	tax_bp INTEGER NOT NULL CHECK (tax_bp BETWEEN 0 AND 10000),
	tax_code TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('piece', 'weighed', 'open-price')),
	initials TEXT NOT NULL,
	category TEXT NOT NULL,
	is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
	barcodes TEXT NOT NULL,                  -- in normal form and the file's order, '|' between
	from_import INTEGER NOT NULL REFERENCES import (id),
	until_import INTEGER REFERENCES import (id)
) STRICT;
CREATE UNIQUE INDEX item_code ON item (code, from_import);
CREATE INDEX item_initials ON item (initials);
CREATE INDEX item_from ON item (from_import);
CREATE INDEX item_until ON item (until_import) WHERE until_import IS NOT NULL;

-- What leads to an item when it is scanned or typed whole: its own code and its barcodes, in normal form. An index
-- kept by hand from item.code and item.barcodes, written and removed with the item's row.
CREATE TABLE barcode (
	code TEXT NOT NULL,
	item_id INTEGER NOT NULL,
	PRIMARY KEY (code, item_id)
) STRICT, WITHOUT ROWID;

-- Characters and pairs of characters of names and initials: rowid is item.id. Contentless; 'ascii' leaves our own
-- splitting alone.
CREATE VIRTUAL TABLE item_gram USING fts5 (grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
-- FTS5's own merging comes in bursts of 30 ms; the program merges a little with each commit instead.
INSERT INTO item_gram (item_gram, rank) VALUES ('automerge', 0);

-- A turn at the till, from the opening float to its Z.
CREATE TABLE shift (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
	day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	opened_at INTEGER NOT NULL,
	opened_by TEXT NOT NULL REFERENCES person (login),
	float_fen INTEGER NOT NULL CHECK (float_fen >= 0),
	closed_at INTEGER,
	closed_by TEXT REFERENCES person (login),
	z_no INTEGER UNIQUE,
	expected_fen INTEGER,
	counted_fen INTEGER,
	totals TEXT CHECK (totals IS NULL OR totals GLOB '{*}'),
	journal_seq INTEGER REFERENCES journal (seq),
	CHECK ((state = 'closed') = (z_no IS NOT NULL AND closed_at IS NOT NULL AND closed_by IS NOT NULL
		AND expected_fen IS NOT NULL AND counted_fen IS NOT NULL AND totals IS NOT NULL AND journal_seq IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX shift_one_open ON shift (state) WHERE state = 'open';
CREATE INDEX shift_day ON shift (day);

CREATE TRIGGER shift_new BEFORE INSERT ON shift
WHEN NEW.state <> 'open' OR NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM shift)
BEGIN SELECT RAISE(ABORT, 'a shift begins open, as the next one'); END;
CREATE TRIGGER shift_fixed BEFORE UPDATE ON shift
WHEN OLD.state = 'closed' OR NEW.id <> OLD.id OR NEW.day <> OLD.day OR NEW.opened_at <> OLD.opened_at
  OR NEW.opened_by <> OLD.opened_by OR NEW.float_fen <> OLD.float_fen
BEGIN SELECT RAISE(ABORT, 'a shift''s beginning and a closed shift cannot be changed'); END;
CREATE TRIGGER shift_z BEFORE UPDATE ON shift
WHEN NEW.state = 'closed' AND OLD.state = 'open'
 AND (NEW.z_no IS NOT (SELECT value FROM counter WHERE name = 'z')
   OR NEW.z_no IS NOT (SELECT coalesce(max(z_no), 0) + 1 FROM shift)
   OR EXISTS (SELECT 1 FROM sale WHERE shift_id = OLD.id AND state = 'open' AND kind = 'refund'))
BEGIN SELECT RAISE(ABORT, 'Z numbers have no gaps'); END;
CREATE TRIGGER shift_keep BEFORE DELETE ON shift
BEGIN SELECT RAISE(ABORT, 'a shift cannot be removed'); END;

-- One customer's purchase, or (kind 'refund') money given back for one. Refunds are negative throughout.
CREATE TABLE sale (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund')),
	state TEXT NOT NULL CHECK (state IN ('open', 'hung', 'paid', 'void')),
	opened_at INTEGER NOT NULL,
	cashier TEXT NOT NULL REFERENCES person (login),
	hung_at INTEGER,
	discount TEXT NOT NULL DEFAULT '' ,      -- the whole-sale discount's rule, '' for none
	shift_id INTEGER,                        -- where it is counted; of a void before any shift is open: the next one
	day TEXT,
	receipt_no INTEGER UNIQUE,               -- perpetual, without gaps
	number TEXT UNIQUE,                      -- as printed
	closed_at INTEGER,
	closed_by TEXT REFERENCES person (login),
	origin_id INTEGER REFERENCES sale (id),  -- of a refund: the sale it gives back
	total_fen INTEGER NOT NULL DEFAULT 0,    -- lines after discounts
	rounding_fen INTEGER NOT NULL DEFAULT 0, -- 抹零, taken off the total; same sign as the total
	reason TEXT NOT NULL DEFAULT '',         -- of a void or a refund
	journal_seq INTEGER REFERENCES journal (seq),
	anchor TEXT NOT NULL DEFAULT '',         -- the journal's first 8 hex digits, as printed
	CHECK ((kind = 'refund') = (origin_id IS NOT NULL)),
	CHECK ((state = 'paid') = (receipt_no IS NOT NULL)),
	CHECK ((receipt_no IS NULL) = (number IS NULL))
) STRICT;
CREATE INDEX sale_waiting ON sale (state) WHERE state IN ('open', 'hung');
CREATE UNIQUE INDEX sale_one_open ON sale (state) WHERE state = 'open' AND kind = 'sale';
CREATE INDEX sale_shift ON sale (shift_id);
CREATE INDEX sale_day ON sale (day);
CREATE INDEX sale_origin ON sale (origin_id) WHERE origin_id IS NOT NULL;

CREATE TABLE sale_line (
	sale_id INTEGER NOT NULL REFERENCES sale (id),
	no INTEGER NOT NULL CHECK (no > 0),
	item_id INTEGER NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	unit TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('piece', 'weighed', 'open-price')),
	tax_bp INTEGER NOT NULL CHECK (tax_bp BETWEEN 0 AND 10000),
	tax_code TEXT NOT NULL,
	list_price_fen INTEGER NOT NULL,
	price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
	price_is_set INTEGER NOT NULL DEFAULT 0 CHECK (price_is_set IN (0, 1)),
	quantity_milli INTEGER NOT NULL,         -- what is sold; 0: the whole line was taken off again
	removed_milli INTEGER NOT NULL DEFAULT 0 CHECK (removed_milli >= 0),    -- the trace of what was taken off
	discount TEXT NOT NULL DEFAULT '',       -- the line discount's rule, '' for none
	discount_fen INTEGER NOT NULL DEFAULT 0, -- taken off by it
	share_fen INTEGER NOT NULL DEFAULT 0,    -- share of the whole-sale discount
	amount_fen INTEGER NOT NULL,             -- price × quantity less the two above
	rounding_fen INTEGER NOT NULL DEFAULT 0, -- share of 抹零; the customer paid amount - rounding
	net_fen INTEGER NOT NULL DEFAULT 0,
	tax_fen INTEGER NOT NULL DEFAULT 0,
	origin_no INTEGER,                       -- of a refund: the line it gives back
	added_at INTEGER NOT NULL,
	PRIMARY KEY (sale_id, no)
) STRICT, WITHOUT ROWID;

-- What was taken off and who pays for it. Rewritten while the sale is open, fixed with it.
CREATE TABLE sale_discount (
	sale_id INTEGER NOT NULL REFERENCES sale (id),
	no INTEGER NOT NULL CHECK (no > 0),
	line_no INTEGER,                         -- NULL: the whole sale
	kind TEXT NOT NULL CHECK (kind IN ('line', 'sale', 'coupon')),
	label TEXT NOT NULL,
	amount_fen INTEGER NOT NULL,
	funder TEXT NOT NULL,                    -- 'shop', or the channel or maker that pays for it
	coupon TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (sale_id, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE tender (
	sale_id INTEGER NOT NULL REFERENCES sale (id),
	no INTEGER NOT NULL CHECK (no > 0),
	kind TEXT NOT NULL CHECK (length(kind) > 0),
	tendered_fen INTEGER NOT NULL,           -- handed over
	kept_fen INTEGER NOT NULL,               -- what stayed: takings; tendered - kept is the change
	at INTEGER NOT NULL,
	PRIMARY KEY (sale_id, no)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sale_new BEFORE INSERT ON sale
WHEN NEW.state <> 'open' OR EXISTS (SELECT 1 FROM sale WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a sale begins open'); END;
CREATE TRIGGER sale_fixed BEFORE UPDATE ON sale
WHEN OLD.state IN ('paid', 'void') OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.opened_at <> OLD.opened_at
BEGIN SELECT RAISE(ABORT, 'a closed sale cannot be changed'); END;
CREATE TRIGGER sale_keep BEFORE DELETE ON sale
BEGIN SELECT RAISE(ABORT, 'a sale cannot be removed'); END;
CREATE TRIGGER sale_close BEFORE UPDATE ON sale
WHEN NEW.state = 'paid'
 AND (NEW.receipt_no IS NOT (SELECT value FROM counter WHERE name = 'receipt')
   OR NEW.receipt_no IS NOT (SELECT coalesce(max(receipt_no), 0) + 1 FROM sale)
   OR NOT EXISTS (SELECT 1 FROM shift WHERE id = NEW.shift_id AND state = 'open')
   OR NEW.day IS NULL OR NEW.closed_at IS NULL OR NEW.closed_by IS NULL OR NEW.journal_seq IS NULL
   OR NOT EXISTS (SELECT 1 FROM sale_line WHERE sale_id = NEW.id AND quantity_milli <> 0))
BEGIN SELECT RAISE(ABORT, 'a sale closes complete, in an open shift, with the next number'); END;
CREATE TRIGGER sale_balance BEFORE UPDATE ON sale
WHEN NEW.state = 'paid'
 AND (NEW.total_fen IS NOT (SELECT sum(amount_fen) FROM sale_line WHERE sale_id = NEW.id AND quantity_milli <> 0)
   OR NEW.rounding_fen IS NOT (SELECT sum(rounding_fen) FROM sale_line WHERE sale_id = NEW.id AND quantity_milli <> 0)
   OR NEW.total_fen - NEW.rounding_fen IS NOT (SELECT sum(kept_fen) FROM tender WHERE sale_id = NEW.id)
   OR EXISTS (SELECT 1 FROM sale_line WHERE sale_id = NEW.id AND quantity_milli <> 0
       AND net_fen + tax_fen <> amount_fen - rounding_fen)
   OR (SELECT coalesce(sum(amount_fen), 0) FROM sale_discount WHERE sale_id = NEW.id) IS NOT
      (SELECT sum(discount_fen + share_fen) FROM sale_line WHERE sale_id = NEW.id AND quantity_milli <> 0))
BEGIN SELECT RAISE(ABORT, 'lines and tenders do not add up'); END;
CREATE TRIGGER sale_sign BEFORE UPDATE ON sale
WHEN NEW.state = 'paid'
 AND ((NEW.kind = 'sale' AND (NEW.total_fen < 0 OR EXISTS (SELECT 1 FROM sale_line WHERE sale_id = NEW.id AND quantity_milli < 0)
        OR EXISTS (SELECT 1 FROM tender WHERE sale_id = NEW.id AND (kept_fen < 0 OR tendered_fen < kept_fen))))
   OR (NEW.kind = 'refund' AND (NEW.total_fen > 0 OR EXISTS (SELECT 1 FROM sale_line WHERE sale_id = NEW.id
        AND (quantity_milli > 0 OR amount_fen > 0 OR origin_no IS NULL)))))
BEGIN SELECT RAISE(ABORT, 'a sale takes money and a refund gives it'); END;
-- Never above what was paid, never twice: all refunds of a line together stay within the line.
CREATE TRIGGER refund_limit BEFORE UPDATE ON sale
WHEN NEW.state = 'paid' AND NEW.kind = 'refund'
 AND (NOT EXISTS (SELECT 1 FROM sale WHERE id = NEW.origin_id AND kind = 'sale' AND state = 'paid')
   OR EXISTS (
	SELECT 1 FROM sale_line AS mine
	LEFT JOIN sale_line AS sold ON sold.sale_id = NEW.origin_id AND sold.no = mine.origin_no AND sold.quantity_milli <> 0
	WHERE mine.sale_id = NEW.id AND mine.quantity_milli <> 0
	  AND (sold.no IS NULL
	    OR sold.quantity_milli + (SELECT sum(l.quantity_milli) FROM sale AS r JOIN sale_line AS l ON l.sale_id = r.id
		WHERE r.origin_id = NEW.origin_id AND (r.state = 'paid' OR r.id = NEW.id) AND l.origin_no = mine.origin_no) < 0
	    OR sold.amount_fen - sold.rounding_fen + (SELECT sum(l.amount_fen - l.rounding_fen) FROM sale AS r
		JOIN sale_line AS l ON l.sale_id = r.id
		WHERE r.origin_id = NEW.origin_id AND (r.state = 'paid' OR r.id = NEW.id) AND l.origin_no = mine.origin_no) < 0)))
BEGIN SELECT RAISE(ABORT, 'a refund cannot be above what was paid'); END;

CREATE TRIGGER sale_line_new BEFORE INSERT ON sale_line
WHEN (SELECT state FROM sale WHERE id = NEW.sale_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a closed sale takes no line'); END;
CREATE TRIGGER sale_line_fixed BEFORE UPDATE ON sale_line
WHEN (SELECT state FROM sale WHERE id = OLD.sale_id) IS NOT 'open' OR NEW.sale_id <> OLD.sale_id OR NEW.no <> OLD.no
BEGIN SELECT RAISE(ABORT, 'a line of a closed sale cannot be changed'); END;
CREATE TRIGGER sale_line_keep BEFORE DELETE ON sale_line
BEGIN SELECT RAISE(ABORT, 'a line is marked as taken off, never deleted'); END;

CREATE TRIGGER sale_discount_new BEFORE INSERT ON sale_discount
WHEN (SELECT state FROM sale WHERE id = NEW.sale_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a closed sale takes no discount'); END;
CREATE TRIGGER sale_discount_fixed BEFORE UPDATE ON sale_discount
WHEN (SELECT state FROM sale WHERE id = OLD.sale_id) IS NOT 'open' OR NEW.sale_id <> OLD.sale_id
BEGIN SELECT RAISE(ABORT, 'a discount of a closed sale cannot be changed'); END;
CREATE TRIGGER sale_discount_keep BEFORE DELETE ON sale_discount
WHEN (SELECT state FROM sale WHERE id = OLD.sale_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a discount of a closed sale cannot be removed'); END;

CREATE TRIGGER tender_new BEFORE INSERT ON tender
WHEN (SELECT state FROM sale WHERE id = NEW.sale_id) IS NOT 'open'
  OR EXISTS (SELECT 1 FROM tender WHERE sale_id = NEW.sale_id AND no = NEW.no)
BEGIN SELECT RAISE(ABORT, 'a closed sale takes no tender'); END;
CREATE TRIGGER tender_fixed BEFORE UPDATE ON tender
BEGIN SELECT RAISE(ABORT, 'a tender cannot be changed'); END;
CREATE TRIGGER tender_keep BEFORE DELETE ON tender
BEGIN SELECT RAISE(ABORT, 'a tender cannot be removed'); END;

-- Cash that comes or goes without a sale, and the openings of the drawer. Append-only.
CREATE TABLE cash_move (
	id INTEGER PRIMARY KEY,
	shift_id INTEGER NOT NULL REFERENCES shift (id),
	kind TEXT NOT NULL CHECK (kind IN ('in', 'out')),
	amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
	reason TEXT NOT NULL CHECK (length(reason) > 0),
	at INTEGER NOT NULL,
	who TEXT NOT NULL REFERENCES person (login)
) STRICT;
CREATE INDEX cash_move_shift ON cash_move (shift_id);

CREATE TABLE drawer_opening (
	id INTEGER PRIMARY KEY,
	shift_id INTEGER NOT NULL,               -- where it is counted: the open one, or else the next one
	sale_id INTEGER REFERENCES sale (id),    -- NULL: without a sale
	reason TEXT NOT NULL,
	at INTEGER NOT NULL,
	who TEXT NOT NULL REFERENCES person (login)
) STRICT;
CREATE INDEX drawer_opening_shift ON drawer_opening (shift_id);

-- A blind count of the drawer. The last one before the close is the one that counts.
CREATE TABLE cash_count (
	id INTEGER PRIMARY KEY,
	shift_id INTEGER NOT NULL REFERENCES shift (id),
	pieces TEXT NOT NULL CHECK (pieces GLOB '{*}'),    -- {"10000": 3, ...}: fen of a piece, how many; {} when only a sum was given
	total_fen INTEGER NOT NULL CHECK (total_fen >= 0),
	events INTEGER NOT NULL,                 -- sales, refunds and movements of the shift by then: a later one makes the count stale
	at INTEGER NOT NULL,
	who TEXT NOT NULL REFERENCES person (login)
) STRICT;
CREATE INDEX cash_count_shift ON cash_count (shift_id);

CREATE TRIGGER cash_move_new BEFORE INSERT ON cash_move
WHEN (SELECT state FROM shift WHERE id = NEW.shift_id) IS NOT 'open' OR EXISTS (SELECT 1 FROM cash_move WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'cash moves only in an open shift'); END;
CREATE TRIGGER cash_move_fixed BEFORE UPDATE ON cash_move
BEGIN SELECT RAISE(ABORT, 'a cash movement cannot be changed'); END;
CREATE TRIGGER cash_move_keep BEFORE DELETE ON cash_move
BEGIN SELECT RAISE(ABORT, 'a cash movement cannot be removed'); END;
CREATE TRIGGER drawer_opening_new BEFORE INSERT ON drawer_opening
WHEN EXISTS (SELECT 1 FROM drawer_opening WHERE id = NEW.id)
  OR NEW.shift_id IS NOT coalesce((SELECT id FROM shift WHERE state = 'open'), (SELECT coalesce(max(id), 0) + 1 FROM shift))
BEGIN SELECT RAISE(ABORT, 'the drawer opens only now'); END;
CREATE TRIGGER drawer_opening_fixed BEFORE UPDATE ON drawer_opening
BEGIN SELECT RAISE(ABORT, 'an opening of the drawer cannot be changed'); END;
CREATE TRIGGER drawer_opening_keep BEFORE DELETE ON drawer_opening
BEGIN SELECT RAISE(ABORT, 'an opening of the drawer cannot be removed'); END;
CREATE TRIGGER cash_count_new BEFORE INSERT ON cash_count
WHEN (SELECT state FROM shift WHERE id = NEW.shift_id) IS NOT 'open' OR EXISTS (SELECT 1 FROM cash_count WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a count belongs to an open shift'); END;
CREATE TRIGGER cash_count_fixed BEFORE UPDATE ON cash_count
BEGIN SELECT RAISE(ABORT, 'a count cannot be changed'); END;
CREATE TRIGGER cash_count_keep BEFORE DELETE ON cash_count
BEGIN SELECT RAISE(ABORT, 'a count cannot be removed'); END;

-- Slips for the printer and pulses for the drawer. A slip is unprinted until it is 'printed' or set aside.
CREATE TABLE print_job (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,                      -- 'sale', 'refund', 'x', 'z', 'transactions', 'cash', 'test', 'drawer'
	ref INTEGER NOT NULL,                    -- id of the sale, shift, cash movement; 0 without
	body TEXT NOT NULL DEFAULT '',           -- the document, where it cannot be read from the books later
	copy INTEGER NOT NULL DEFAULT 0,         -- 0 the original, n the n-th reprint
	state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'printed', 'unknown', 'failed', 'dropped')),
	queued_at INTEGER NOT NULL,
	ended_at INTEGER,                        -- NULL: queued, sending, or sent and yet to be confirmed
	note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX print_job_waiting ON print_job (state) WHERE ended_at IS NULL;
CREATE INDEX print_job_open ON print_job (state) WHERE state IN ('unknown', 'failed');
CREATE INDEX print_job_ref ON print_job (kind, ref);
