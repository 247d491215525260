DROP INDEX casefile_open;
