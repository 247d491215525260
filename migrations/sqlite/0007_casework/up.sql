-- Cases of every flow, the core's and those of plugins: one state, one next actor, one version.

CREATE TABLE flow_state (
    flow TEXT NOT NULL,
    flow_version INTEGER NOT NULL,
    state TEXT NOT NULL,
    closed BOOLEAN NOT NULL,
    PRIMARY KEY (flow, flow_version, state)
);

CREATE TABLE flow_move (
    flow TEXT NOT NULL,
    flow_version INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    PRIMARY KEY (flow, flow_version, from_state, to_state)
);

CREATE TABLE flow_text (
    flow TEXT NOT NULL,
    flow_version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (flow, flow_version)
);

CREATE TABLE casefile (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    flow TEXT NOT NULL,
    flow_version INTEGER NOT NULL,
    state TEXT NOT NULL,
    number TEXT NOT NULL,
    old_number TEXT,
    division_id BLOB,
    household_id BLOB,
    person_name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    phone_index BLOB,
    id_index BLOB,
    worker_id BLOB,
    resident_id BLOB,
    opened_by BLOB,
    routed_by TEXT,
    fields_sealed BLOB NOT NULL,
    next_role TEXT,
    urgent BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    FOREIGN KEY (flow, flow_version, state) REFERENCES flow_state (flow, flow_version, state),
    CHECK ((closed_ms IS NULL) = (next_role IS NOT NULL))
);
CREATE UNIQUE INDEX casefile_by_number ON casefile (county_id, flow, number);
CREATE UNIQUE INDEX casefile_by_old_number ON casefile (county_id, flow, old_number) WHERE old_number IS NOT NULL;
CREATE INDEX casefile_by_time ON casefile (county_id, flow, created_ms, id);
CREATE INDEX casefile_by_turn ON casefile (county_id, flow, next_role, created_ms, id);
CREATE INDEX casefile_by_worker ON casefile (county_id, worker_id, created_ms, id);
CREATE INDEX casefile_by_household ON casefile (county_id, household_id, created_ms);
CREATE INDEX casefile_by_resident ON casefile (county_id, resident_id, created_ms);
CREATE INDEX casefile_by_phone ON casefile (county_id, phone_index);
CREATE INDEX casefile_by_number_of_id ON casefile (county_id, id_index);

CREATE TABLE casefile_step (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    role TEXT,
    account_id BLOB,
    worker_id BLOB,
    for_person BOOLEAN NOT NULL,
    fields_sealed BLOB,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX casefile_step_in_order ON casefile_step (county_id, case_id, n);

CREATE TABLE casefile_worker (
    county_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    worker_id BLOB NOT NULL,
    duty TEXT NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT,
    PRIMARY KEY (county_id, case_id, worker_id, duty, from_ms)
);
CREATE UNIQUE INDEX casefile_one_lead ON casefile_worker (county_id, case_id) WHERE to_ms IS NULL AND duty = 'lead';
CREATE INDEX casefile_worker_by_worker ON casefile_worker (county_id, worker_id);

CREATE TABLE casefile_party (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    side TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    household_id BLOB,
    phone_index BLOB,
    id_index BLOB,
    PRIMARY KEY (county_id, id)
);
CREATE INDEX casefile_party_by_case ON casefile_party (county_id, case_id, position);
CREATE INDEX casefile_party_by_number ON casefile_party (county_id, id_index);

CREATE TABLE casefile_link (
    county_id BLOB NOT NULL,
    from_id BLOB NOT NULL,
    to_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, from_id, to_id)
);
CREATE INDEX casefile_link_back ON casefile_link (county_id, to_id);

CREATE TABLE casefile_index (
    county_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    flow TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    amount BIGINT,
    PRIMARY KEY (county_id, case_id, field, value)
);
CREATE INDEX casefile_index_by_value ON casefile_index (county_id, flow, field, value);

CREATE TABLE casefile_transfer (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    from_worker_id BLOB,
    to_worker_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'withdrawn')),
    reason_sealed BLOB NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    decided_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK ((state = 'offered') = (decided_ms IS NULL))
);
CREATE UNIQUE INDEX casefile_one_offer ON casefile_transfer (county_id, case_id) WHERE state = 'offered';
CREATE INDEX casefile_transfer_by_worker ON casefile_transfer (county_id, to_worker_id, state);

CREATE TABLE attachment (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    name_sealed BLOB NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    removed_ms BIGINT,
    PRIMARY KEY (county_id, id)
);
CREATE INDEX attachment_by_case ON attachment (county_id, case_id, created_ms);

CREATE TABLE attachment_part (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    attachment_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX attachment_part_in_order ON attachment_part (county_id, attachment_id, n);

CREATE TRIGGER casefile_moves BEFORE UPDATE OF state, flow, flow_version, closed_ms ON casefile FOR EACH ROW
    WHEN NEW.flow <> OLD.flow
        OR (NEW.closed_ms IS NOT NULL) <> (
            SELECT s.closed FROM flow_state s WHERE s.flow = NEW.flow AND s.flow_version = NEW.flow_version
              AND s.state = NEW.state)
        OR (NEW.state <> OLD.state AND NOT EXISTS (
            SELECT 1 FROM flow_move m WHERE m.flow = OLD.flow AND m.flow_version = OLD.flow_version
              AND m.from_state = OLD.state AND m.to_state = NEW.state))
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile.move');
END;

CREATE TRIGGER casefile_no_delete BEFORE DELETE ON casefile FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile.kept');
END;

CREATE TRIGGER casefile_step_no_update BEFORE UPDATE OF case_id, n, action, from_state, to_state, account_id, at_ms
    ON casefile_step FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile_step.append_only');
END;

CREATE TRIGGER casefile_step_no_delete BEFORE DELETE ON casefile_step FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile_step.append_only');
END;
