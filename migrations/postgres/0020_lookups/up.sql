-- Cases are looked up by number alone at the public door: whoever has a slip knows no flow.
CREATE INDEX casefile_by_any_number ON casefile (county_id, number);
CREATE INDEX casefile_by_any_old_number ON casefile (county_id, old_number) WHERE old_number IS NOT NULL;

-- Both are searched by ranges: in the order of a language `~zhang` to `~zhang{` holds something else than in that of bytes.
ALTER TABLE name_gram ALTER COLUMN gram TYPE TEXT COLLATE "C";
ALTER TABLE casefile_index ALTER COLUMN value TYPE TEXT COLLATE "C";

-- The sealer looks for what has been committed since its last pass, by transaction, and not through all history.
CREATE INDEX journal_by_transaction ON journal_entry (xid);
