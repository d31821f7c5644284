-- How fast channels may be sent to: at most so many attempts in so long. As configured; written anew at each adoption.
CREATE TABLE rates (
    channel TEXT PRIMARY KEY,
    most    INTEGER NOT NULL,
    per     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_at ON attempts (at);
