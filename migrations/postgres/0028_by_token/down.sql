DROP INDEX journal_by_token;
ALTER TABLE journal_entry DROP COLUMN token_id;
