-- The token by which a program acted, so that the acts of one that leaked can be found.
ALTER TABLE journal_entry ADD COLUMN token_id BYTEA;
CREATE INDEX journal_by_token ON journal_entry (county_id, token_id, at_ms) WHERE token_id IS NOT NULL;
