DROP INDEX journal_by_transaction;
ALTER TABLE casefile_index ALTER COLUMN value TYPE TEXT COLLATE "default";
ALTER TABLE name_gram ALTER COLUMN gram TYPE TEXT COLLATE "default";
DROP INDEX casefile_by_any_old_number;
DROP INDEX casefile_by_any_number;
