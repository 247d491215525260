ALTER TABLE worker DROP COLUMN practice_since;
