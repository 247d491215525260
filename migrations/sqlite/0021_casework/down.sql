DROP INDEX booking_by_case;
ALTER TABLE casefile_step DROP COLUMN happened_on;
DROP INDEX deadline_one_a_day;
DROP INDEX deadline_one_open;
UPDATE deadline SET dropped_ms = created_ms, next_ms = NULL WHERE items IS NOT NULL AND met_ms IS NULL AND dropped_ms IS NULL;
CREATE UNIQUE INDEX deadline_one_open ON deadline (county_id, subject_id, code)
    WHERE met_ms IS NULL AND dropped_ms IS NULL;
ALTER TABLE deadline DROP COLUMN items;
