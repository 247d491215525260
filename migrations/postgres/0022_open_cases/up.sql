-- What waits is asked for on every first page of the day, and most cases are closed.
CREATE INDEX casefile_open ON casefile (county_id, flow, state, next_role) WHERE closed_ms IS NULL;
