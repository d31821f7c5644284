-- The keys of each article's words, by which a search comes to those that may match. Nothing is in it that is not made of `articles`.
CREATE VIRTUAL TABLE article_keys USING fts5 (keys, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
-- All articles up to this one have their keys, but for those that were read again since.
INSERT INTO counters VALUES ('keyed', 0);
CREATE TABLE unkeyed (article INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER articles_changed AFTER UPDATE OF data ON articles BEGIN
    -- Not OR IGNORE: the statement that fires a trigger decides about conflicts in it.
    INSERT INTO unkeyed SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM unkeyed WHERE article = new.id);
END;
CREATE TRIGGER articles_gone AFTER DELETE ON articles BEGIN
    DELETE FROM article_keys WHERE rowid = old.id;
    DELETE FROM unkeyed WHERE article = old.id;
END;
