-- The last polls of each source, for people to look at: a ring of limits::POLLS_KEPT slots.
CREATE TABLE polls (
    source  INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    slot    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    new     INTEGER NOT NULL,
    error   TEXT,
    PRIMARY KEY (source, slot)
) STRICT, WITHOUT ROWID;

-- Polls that were ever committed: the next one's slot.
ALTER TABLE sources ADD COLUMN polls INTEGER NOT NULL DEFAULT 0;

-- The newest articles of one source.
CREATE INDEX articles_by_source ON articles (source, id);
