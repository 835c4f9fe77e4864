"""A shop with a long past: copies one closed sale with its lines and tender a million times, in a till that does not run.

The triggers refuse that, rightly; they are dropped and made again word for word, so that the structure is what it was. The copies
share the journal row of the sale that they were made from: for measuring only.
"""

import sqlite3


def columns(books, table):
    return [row[1] for row in books.execute("PRAGMA table_info(%s)" % table)]


def copy(books, table, new):
    """Appends n copies of the first sale's rows of a table; `new` gives the columns that differ as SQL over n."""
    names = columns(books, table)
    values = ", ".join(new.get(name, "t.%s" % name) for name in names)
    key = "t.id" if table == "sale" else "t.sale_id"
    books.execute("INSERT INTO %s (%s) SELECT %s FROM copies CROSS JOIN %s t WHERE %s = (SELECT min(id) FROM sale WHERE state = 'paid')"
                  % (table, ", ".join(names), values, table, key))


def add(home, count):
    books = sqlite3.connect(home + "/zhanggui.db", isolation_level=None)
    books.execute("PRAGMA synchronous = OFF")
    books.execute("BEGIN IMMEDIATE")
    triggers = books.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        books.execute('DROP TRIGGER "%s"' % name)
    last, number = books.execute("SELECT max(id), max(receipt_no) FROM sale").fetchone()
    prefix = books.execute("SELECT substr(number, 1, 3) FROM sale WHERE state = 'paid'").fetchone()[0]
    books.execute("CREATE TEMP TABLE copies (n INTEGER PRIMARY KEY)")
    books.execute("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) INSERT INTO copies SELECT n FROM c", (count,))
    copy(books, "sale", {"id": "%d + n" % last, "receipt_no": "%d + n" % number, "number": "'%s' || printf('%%07d', %d + n)" % (prefix, number),
                         "day": "date('2026-01-01', '-' || (n / 800) || ' days')", "opened_at": "t.opened_at - 86400000 * (n / 800)",
                         "closed_at": "t.closed_at - 86400000 * (n / 800)"})
    for table in ("sale_line", "tender"):
        copy(books, table, {"sale_id": "%d + n" % last})
    books.execute("UPDATE counter SET value = ? WHERE name = 'receipt'", (number + count,))
    for _, sql in triggers:
        books.execute(sql)
    books.execute("COMMIT")
    books.close()
