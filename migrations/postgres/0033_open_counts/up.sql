DROP INDEX casefile_open;
-- How many wait is asked for on every first page of the day: counted in the index alone, for which SQLite wants its
-- condition in it too.
CREATE INDEX casefile_open ON casefile (county_id, flow, state, next_role, restricted_ms, closed_ms)
    WHERE closed_ms IS NULL;
