-- What proves afterwards what was and was not seen.

-- Rows of the ledger keep their number through every copy of the file, and no number is given twice.
CREATE TABLE numbered_steps (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    alert INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    at    INTEGER NOT NULL,
    data  TEXT NOT NULL
) STRICT;
INSERT INTO numbered_steps SELECT rowid, alert, at, data FROM steps;
DROP TABLE steps;
ALTER TABLE numbered_steps RENAME TO steps;
CREATE INDEX steps_alert ON steps (alert);

CREATE TABLE numbered_attempts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    message    INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    recipient  TEXT NOT NULL,
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL,
    reply      TEXT NOT NULL,
    maybe_sent INTEGER NOT NULL
) STRICT;
INSERT INTO numbered_attempts SELECT rowid, message, recipient, at, state, reply, maybe_sent FROM attempts;
DROP TABLE attempts;
ALTER TABLE numbered_attempts RENAME TO attempts;
CREATE INDEX attempts_message ON attempts (message);
CREATE INDEX attempts_at ON attempts (at);

-- The rows of the ledger as a hash chain: each hash covers the one before it and the row's content. `age` is what the row is
-- forgotten by: when its alert was made, or its message owed.
CREATE TABLE chain (
    seq     INTEGER PRIMARY KEY,
    kind    INTEGER NOT NULL,                   -- 0: steps, 1: attempts
    row     INTEGER NOT NULL,
    age     INTEGER NOT NULL,
    content BLOB NOT NULL,
    hash    BLOB NOT NULL
) STRICT;
-- All rows up to these are in the chain, which ends at `linked`; rows older than `forgotten` may be gone.
INSERT INTO counters VALUES ('chained_steps', 0), ('chained_attempts', 0), ('linked', 0), ('forgotten', 0);

-- Times in which a source may have shown entries that nobody saw: nothing known was left in its document at the end.
CREATE TABLE gaps (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    since  INTEGER,                             -- its last good poll before
    until  INTEGER NOT NULL
) STRICT;
CREATE INDEX gaps_until ON gaps (until);
INSERT INTO gaps (source, until) SELECT id, gap_at FROM sources WHERE gap_at IS NOT NULL;
CREATE TRIGGER sources_gap AFTER UPDATE OF gap_at ON sources WHEN new.gap_at IS NOT old.gap_at AND new.gap_at IS NOT NULL BEGIN
    INSERT INTO gaps (source, since, until) VALUES (new.id, old.last_success, new.gap_at);
END;

-- A disposition: a silence of a watch in articles that meet a query.
ALTER TABLE silences ADD COLUMN context TEXT;

-- How many articles there are, so that nobody has to count a million.
INSERT INTO counters SELECT 'articles_full', count(*) FROM articles WHERE complete;
INSERT INTO counters SELECT 'articles_summary', count(*) FROM articles WHERE NOT complete;
CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
    UPDATE counters SET value = value + 1 WHERE name = iif(new.complete, 'articles_full', 'articles_summary');
END;
CREATE TRIGGER articles_recounted AFTER UPDATE OF complete ON articles WHEN new.complete <> old.complete BEGIN
    UPDATE counters SET value = value + iif(name = 'articles_full', 1, -1) * iif(new.complete, 1, -1)
        WHERE name IN ('articles_full', 'articles_summary');
END;
CREATE TRIGGER articles_uncounted AFTER DELETE ON articles BEGIN
    UPDATE counters SET value = value - 1 WHERE name = iif(old.complete, 'articles_full', 'articles_summary');
END;
