-- Who asked for quiet, about what, why, and until when.
CREATE TABLE silences (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    by      TEXT NOT NULL,
    target  TEXT NOT NULL,
    made    INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    author  TEXT NOT NULL,
    comment TEXT NOT NULL
) STRICT;
CREATE INDEX silences_until ON silences (until);
