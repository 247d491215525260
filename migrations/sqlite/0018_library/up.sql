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

-- Documents that a plugin's library keeps for a county, sealed; and in clear what they are found by, in its order.
CREATE TABLE plugin_document (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    collection TEXT NOT NULL,
    item TEXT NOT NULL,
    version BIGINT NOT NULL,
    body_sealed BLOB NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, plugin, collection, item)
);

CREATE TABLE plugin_document_index (
    county_id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    collection TEXT NOT NULL,
    member TEXT NOT NULL,
    value TEXT NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (county_id, plugin, collection, member, value, item),
    FOREIGN KEY (county_id, plugin, collection, item)
        REFERENCES plugin_document (county_id, plugin, collection, item) ON DELETE CASCADE
);
CREATE INDEX plugin_document_index_by_item ON plugin_document_index (county_id, plugin, collection, item);
