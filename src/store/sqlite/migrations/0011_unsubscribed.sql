-- Readers who want no more of a channel; and the key of the links by which they say so: mails outlive a restart.
CREATE TABLE unsubscribed (
    channel   TEXT NOT NULL,
    recipient TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (channel, recipient)
) STRICT, WITHOUT ROWID;
CREATE TABLE ticket_key (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB NOT NULL
) STRICT;
