ALTER TABLE casefile_step DROP COLUMN for_worker_id;
DROP TABLE booking_brought;
DROP TABLE deputy;
DROP TABLE casefile_unit;
DROP TABLE casefile_answerable;
