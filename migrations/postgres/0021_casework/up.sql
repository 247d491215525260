-- One deadline stands for the rows of a list that fall due on one day, such as the terms of an agreement: their places.
ALTER TABLE deadline ADD COLUMN items TEXT;
DROP INDEX deadline_one_open;
CREATE UNIQUE INDEX deadline_one_open ON deadline (county_id, subject_id, code)
    WHERE met_ms IS NULL AND dropped_ms IS NULL AND items IS NULL;
CREATE UNIQUE INDEX deadline_one_a_day ON deadline (county_id, subject_id, code, due)
    WHERE met_ms IS NULL AND dropped_ms IS NULL AND items IS NOT NULL;

-- What happened in an old system happened on a day of its own; at_ms says when it was brought here.
ALTER TABLE casefile_step ADD COLUMN happened_on TEXT;

-- The bookings of a case stand on its page.
CREATE INDEX booking_by_case ON booking (county_id, mediation_case_id, starts_ms) WHERE mediation_case_id IS NOT NULL;
