-- How many alerts a channel was owed of late.
CREATE INDEX messages_flood ON messages (channel, owed_at) WHERE kind = 'alert.matched';
