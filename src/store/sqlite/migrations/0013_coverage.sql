-- What coverage counts beside: articles of which there is no text, and in which languages they are. Of those that were read before
-- this nobody counted.
ALTER TABLE articles ADD COLUMN unreadable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN language TEXT;
DROP INDEX articles_read;
CREATE INDEX articles_read ON articles (read_at, complete, copy, too_old, unreadable, language);
CREATE INDEX articles_unreadable ON articles (complete) WHERE unreadable = 1;
