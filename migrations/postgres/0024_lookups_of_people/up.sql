-- Conflicts of interest are asked for by what is known of each person, at every act that names a worker.
CREATE INDEX casefile_party_by_phone ON casefile_party (county_id, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX casefile_party_by_household ON casefile_party (county_id, household_id) WHERE household_id IS NOT NULL;
CREATE INDEX casefile_party_by_name ON casefile_party (county_id, name);

-- What waits is few, what was is many: rounds and first pages ask for the former every minute.
CREATE INDEX booking_offered ON booking (county_id, offer_until_ms) WHERE offer_until_ms IS NOT NULL;
CREATE INDEX deadline_open_by_due ON deadline (county_id, due_ms, id) WHERE met_ms IS NULL AND dropped_ms IS NULL;
CREATE INDEX call_open_by_time ON call_task (county_id, created_ms, id) WHERE done_ms IS NULL;

-- What a case's page and every act ask for, in the order in which they want it: without it SQLite walks the whole county
-- by another index that has that order.
CREATE INDEX deadline_of_subject ON deadline (county_id, subject_id, due_ms, id);
DROP INDEX deadline_by_subject;
CREATE INDEX paper_of_subject ON paper (county_id, subject_id, created_ms, id);
CREATE INDEX casefile_transfer_by_case ON casefile_transfer (county_id, case_id, created_ms, id);
