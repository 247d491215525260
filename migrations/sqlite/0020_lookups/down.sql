DROP INDEX casefile_by_any_old_number;
DROP INDEX casefile_by_any_number;
