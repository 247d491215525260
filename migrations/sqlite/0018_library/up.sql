-- What a plugin's library is still to be told or asked: an event that a hook watches, a part of a job. A row goes in the
-- transaction that keeps what the library wants done, so each has its effect once. One that failed too often stands
-- still, with a letter about it.
CREATE TABLE plugin_errand (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hook', 'job')),
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    period TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    cursor TEXT NOT NULL,
    part INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'failed')),
    tries INTEGER NOT NULL,
    due_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, plugin, kind, code, position, period, subject_id)
);
CREATE INDEX plugin_errand_waiting ON plugin_errand (county_id, plugin, state, due_ms, id);
