-- Sketches are searched in memory, where they are laid again at each start; what was decided stays here. A sketch of the kind before
-- is made anew from its article's text.
DROP TABLE sketches;
ALTER TABLE story_articles ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;   -- the state of the story index that it made
UPDATE story_articles SET sketch = x'';
CREATE INDEX story_articles_seq ON story_articles (seq);
