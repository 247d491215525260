CREATE TABLE import_batch (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    household_kind TEXT,
    file_name TEXT NOT NULL,
    file_hash BYTEA NOT NULL,
    file_sealed BYTEA,
    mapping TEXT,
    state TEXT NOT NULL,
    total_rows INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    new_rows INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    staged_rows INTEGER NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    committed_ms BIGINT,
    undone_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (state IN ('uploaded', 'checked', 'staging', 'committed', 'undone', 'failed', 'forgotten'))
);
CREATE INDEX import_batch_by_time ON import_batch (county_id, created_ms, id);

CREATE TABLE import_finding (
    county_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    n INTEGER NOT NULL,
    sheet TEXT NOT NULL,
    row_number INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    severity TEXT NOT NULL,
    PRIMARY KEY (county_id, batch_id, n)
);

-- What an import changed in rows that were there before: sealed images, for undo.
CREATE TABLE import_change (
    county_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    n INTEGER NOT NULL,
    noun TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    change TEXT NOT NULL,
    before_sealed BYTEA,
    after_sealed BYTEA,
    PRIMARY KEY (county_id, batch_id, n),
    CHECK (change IN ('new', 'changed'))
);
CREATE INDEX import_change_by_subject ON import_change (county_id, subject_id);
