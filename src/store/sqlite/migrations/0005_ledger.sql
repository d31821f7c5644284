-- Each decision about an alert, with its reason and what it stands on; only ever added to.
CREATE TABLE steps (
    alert INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    at    INTEGER NOT NULL,
    data  TEXT NOT NULL
) STRICT;
CREATE INDEX steps_alert ON steps (alert);
