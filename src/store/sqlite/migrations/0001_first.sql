-- Times are milliseconds since 1970 (UTC). Ids of sources, rules and channels stand with '-' for every '_'; what was typed
-- stands beside them where it is shown. Texts in `data` are JSON.

-- The token of the last claim, the state of the story index, and about how late it was when somebody last came for work.
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('lease', 0), ('story', 0), ('clock', 0);

CREATE TABLE sources (
    id             INTEGER PRIMARY KEY,
    source         TEXT NOT NULL UNIQUE,
    typed          TEXT NOT NULL,
    enabled        INTEGER NOT NULL DEFAULT 1,
    due_at         INTEGER NOT NULL,
    ready_at       INTEGER NOT NULL,            -- due_at, or the end of the lease while it is claimed
    lease          INTEGER,
    state          TEXT NOT NULL,
    since          INTEGER,
    error          TEXT,
    failures       INTEGER NOT NULL DEFAULT 0,
    told_failing   INTEGER NOT NULL DEFAULT 0,
    interval_ms    INTEGER,
    baselined      INTEGER NOT NULL DEFAULT 0,
    last_success   INTEGER,
    last_read      INTEGER,                     -- the last poll that brought a document: keys age by it, not by the clock
    last_new       INTEGER,
    gap_at         INTEGER,
    moved_count    INTEGER NOT NULL DEFAULT 0,
    moved_to       TEXT,
    configured_url TEXT NOT NULL,
    url            TEXT NOT NULL,
    etag           TEXT,
    last_modified  TEXT,
    title          TEXT,
    language       TEXT
) STRICT;
CREATE INDEX sources_ready ON sources (ready_at) WHERE enabled = 1;

-- What was ever seen in a feed: small rows, many of them. `key` is 64 bits of the SHA-256 of the entry's key.
CREATE TABLE keys (
    source      INTEGER NOT NULL REFERENCES sources (id),
    key         INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL,
    rereads     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- Entries that wait to be read; a row goes when it is read.
CREATE TABLE entries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    source     INTEGER NOT NULL REFERENCES sources (id),
    key        INTEGER NOT NULL,
    at         INTEGER NOT NULL,                -- when it was published, never in the future: newest first
    first_seen INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    away_until INTEGER,                         -- claimed, or to be tried again, until then; NULL: may be claimed
    lease      INTEGER,
    data       TEXT NOT NULL,
    UNIQUE (source, key)
) STRICT;
CREATE INDEX entries_newest ON entries (at DESC, id, source) WHERE away_until IS NULL;
CREATE INDEX entries_by_source ON entries (source, at DESC, id) WHERE away_until IS NULL;
CREATE INDEX entries_away ON entries (away_until) WHERE away_until IS NOT NULL;

CREATE TABLE articles (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    source     INTEGER NOT NULL REFERENCES sources (id),
    key        INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    read_at    INTEGER NOT NULL,
    complete   INTEGER NOT NULL,
    copy       INTEGER NOT NULL,                -- a rule had told its story already
    too_old    INTEGER NOT NULL,
    evidence   INTEGER NOT NULL DEFAULT 0,      -- an alert was made of it
    published  INTEGER,
    url        TEXT NOT NULL,
    title      TEXT NOT NULL,
    data       TEXT NOT NULL,
    UNIQUE (source, key)
) STRICT;
CREATE INDEX articles_read ON articles (read_at, complete, copy, too_old);
CREATE INDEX articles_old ON articles (read_at) WHERE evidence = 0;

CREATE TABLE matches (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    rule    TEXT NOT NULL,
    data    TEXT NOT NULL,
    PRIMARY KEY (article, rule)
) STRICT;

CREATE TABLE near_misses (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    rule    TEXT NOT NULL,
    why     TEXT NOT NULL,
    title   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (article, rule, why)
) STRICT, WITHOUT ROWID;
CREATE INDEX near_misses_at ON near_misses (at);

CREATE TABLE stories (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    story      TEXT NOT NULL UNIQUE,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    seq        INTEGER NOT NULL
) STRICT;
CREATE INDEX stories_last_seen ON stories (last_seen);

CREATE TABLE story_urls (
    url   TEXT NOT NULL,
    story INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    PRIMARY KEY (url, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_urls_story ON story_urls (story);

CREATE TABLE story_articles (
    article    INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    story      INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    sketch     BLOB NOT NULL,                   -- hashes in ascending order, eight bytes each, the lowest first
    seen       INTEGER NOT NULL
) STRICT;
CREATE INDEX story_articles_story ON story_articles (story);
CREATE INDEX story_articles_seen ON story_articles (seen);

-- The smallest hashes of each sketch: those by which it is found.
CREATE TABLE sketches (
    hash    INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES story_articles (article) ON DELETE CASCADE,
    PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX sketches_article ON sketches (article);

CREATE TABLE alerts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    rule       TEXT NOT NULL,
    story      INTEGER NOT NULL REFERENCES stories (id),
    article    INTEGER REFERENCES articles (id) ON DELETE SET NULL,
    made       INTEGER NOT NULL,
    suppressed TEXT,                            -- JSON, why it was not told
    data       TEXT NOT NULL,
    UNIQUE (rule, story)
) STRICT;
CREATE INDEX alerts_story ON alerts (story);
CREATE INDEX alerts_article ON alerts (article);
CREATE INDEX alerts_made ON alerts (made);

-- An alert's article is its evidence, and is kept as long.
CREATE TRIGGER alerts_evidence AFTER INSERT ON alerts BEGIN
    UPDATE articles SET evidence = 1 WHERE id = new.article;
END;
CREATE TRIGGER alerts_evidence_over AFTER DELETE ON alerts BEGIN
    UPDATE articles SET evidence = 0 WHERE id = old.article
        AND NOT EXISTS (SELECT 1 FROM alerts WHERE article = old.article);
END;

CREATE TABLE windows (
    channel  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    typed    TEXT NOT NULL,                     -- the channel
    enabled  INTEGER NOT NULL DEFAULT 1,
    opened   INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,
    ready_at INTEGER NOT NULL,                  -- due_at, or the end of the lease while it is claimed
    lease    INTEGER,
    PRIMARY KEY (channel, digest)
) STRICT, WITHOUT ROWID;

-- Never the same id twice: a copy that comes while a digest is being made replaces the row, and the digest's commit must not
-- mark the new one as told.
CREATE TABLE digest_items (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    digest  TEXT NOT NULL,
    alert   INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    told_at INTEGER,
    told_by INTEGER REFERENCES messages (id) ON DELETE SET NULL     -- the digest's message, if one was sent
) STRICT;
CREATE INDEX digest_items_told_by ON digest_items (told_by) WHERE told_by IS NOT NULL;
CREATE UNIQUE INDEX digest_items_waiting ON digest_items (channel, digest, alert) WHERE told_at IS NULL;
CREATE INDEX digest_items_alert ON digest_items (alert);

CREATE TABLE messages (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    message TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,                      -- as typed
    kind    TEXT NOT NULL,
    owed_at INTEGER NOT NULL,
    alert   INTEGER REFERENCES alerts (id) ON DELETE SET NULL,
    subject TEXT NOT NULL,
    data    TEXT NOT NULL
) STRICT;
CREATE INDEX messages_alert ON messages (alert) WHERE alert IS NOT NULL;
CREATE INDEX messages_owed ON messages (owed_at);

CREATE TABLE deliveries (
    message      INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    recipient    TEXT NOT NULL,
    channel      TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_attempt INTEGER,
    ready_at     INTEGER,                       -- next_attempt, or the end of the lease while it is claimed; NULL: it has ended
    lease        INTEGER,
    maybe_twice  INTEGER NOT NULL DEFAULT 0,
    error        TEXT,
    PRIMARY KEY (message, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_ready ON deliveries (channel, ready_at, message) WHERE ready_at IS NOT NULL;
CREATE INDEX deliveries_state ON deliveries (state) WHERE state <> 'sent';

-- The ledger: each attempt and what the peer said.
CREATE TABLE attempts (
    message    INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    recipient  TEXT NOT NULL,
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL,
    reply      TEXT NOT NULL,
    maybe_sent INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_message ON attempts (message);

CREATE TABLE baselines (
    source      INTEGER PRIMARY KEY REFERENCES sources (id),
    at          INTEGER NOT NULL,
    articles    INTEGER NOT NULL,
    would_alert INTEGER NOT NULL,
    by_rule     TEXT NOT NULL,                  -- JSON: [[the rule's title, how many], …]
    told        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX baselines_untold ON baselines (at) WHERE told = 0;

CREATE TABLE disabled_channels (
    channel TEXT PRIMARY KEY,
    why     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Deliveries as they are shown: those of a disabled channel are held.
CREATE VIEW outbox AS
    SELECT d.*, iif(d.ready_at IS NOT NULL AND EXISTS (SELECT 1 FROM disabled_channels x WHERE x.channel = d.channel),
                    'held', d.state) AS shown
    FROM deliveries d;

-- Messages that nobody has begun to send to anybody: they may still be rewritten.
CREATE VIEW untouched AS
    SELECT m.id, m.message, m.channel, m.alert FROM messages m
    WHERE NOT EXISTS (SELECT 1 FROM deliveries d
                      WHERE d.message = m.id
                        AND (d.ready_at IS NULL OR d.attempts > 0 OR d.lease IS NOT NULL));
