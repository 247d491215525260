DROP INDEX casefile_restricted;
DROP INDEX household_restricted;
