-- Ids that were renamed (`was` in the configuration) and whose history has followed.
CREATE TABLE renames (
    kind TEXT NOT NULL,
    old  TEXT NOT NULL,
    new  TEXT NOT NULL,
    PRIMARY KEY (kind, old, new)
) STRICT, WITHOUT ROWID;

-- The rule's id when the alert was made, where it has another since: that is what the ledger's chain covers.
ALTER TABLE alerts ADD COLUMN was TEXT;
