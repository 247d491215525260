DROP INDEX casefile_open;
CREATE INDEX casefile_open ON casefile (county_id, flow, state, next_role) WHERE closed_ms IS NULL;
