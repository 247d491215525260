DROP INDEX casefile_open;
-- How many wait is asked for on every first page of the day: counted in the index alone.
CREATE INDEX casefile_open ON casefile (county_id, flow, state, next_role, restricted_ms) WHERE closed_ms IS NULL;
-- A workflow's page lists the newest in a state: a few of all that there ever were.
CREATE INDEX casefile_by_state ON casefile (county_id, flow, state, created_ms, id);
