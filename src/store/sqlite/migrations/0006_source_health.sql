-- What is known of how a source usually is. lull_ms: the longest silence that is ordinary for it.
ALTER TABLE sources ADD COLUMN lull_ms INTEGER;
ALTER TABLE sources ADD COLUMN told_stale INTEGER NOT NULL DEFAULT 0;
-- What its documents are (rss20, page, sitemapindex …), and whether its url is a feed that was found on its configured page.
ALTER TABLE sources ADD COLUMN format TEXT;
ALTER TABLE sources ADD COLUMN discovered INTEGER NOT NULL DEFAULT 0;
