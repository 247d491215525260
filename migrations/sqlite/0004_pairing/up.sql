CREATE TABLE pairing (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    worker_id BLOB,
    firm_id BLOB,
    from_date TEXT NOT NULL,
    to_date TEXT,
    end_reason TEXT,
    plan_id BLOB,
    end_plan_id BLOB,
    created_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    PRIMARY KEY (county_id, id),
    CONSTRAINT pairing_one_provider CHECK ((worker_id IS NULL) <> (firm_id IS NULL)),
    CONSTRAINT pairing_end_complete CHECK (
        (to_date IS NULL) = (end_reason IS NULL) AND (to_date IS NULL) = (ended_ms IS NULL)),
    CONSTRAINT pairing_span CHECK (to_date IS NULL OR from_date <= to_date)
);
CREATE UNIQUE INDEX pairing_one_current ON pairing (county_id, household_id, kind) WHERE to_date IS NULL;
CREATE INDEX pairing_by_household ON pairing (county_id, household_id, from_date);
CREATE INDEX pairing_by_worker ON pairing (county_id, worker_id, to_date);
CREATE INDEX pairing_by_firm ON pairing (county_id, firm_id, to_date);

CREATE TABLE pairing_consent (
    county_id BLOB NOT NULL,
    pairing_id BLOB NOT NULL,
    side TEXT NOT NULL,
    accepted BOOLEAN NOT NULL,
    how TEXT,
    note_sealed BLOB,
    account_id BLOB,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, pairing_id, side),
    CHECK (side IN ('provider', 'household'))
);

-- Conflicts of interest: this provider must not look after this household (律师法 39).
CREATE TABLE pairing_conflict (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    worker_id BLOB,
    firm_id BLOB,
    reason TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    lifted_ms BIGINT,
    PRIMARY KEY (county_id, id),
    CHECK ((worker_id IS NULL) <> (firm_id IS NULL))
);
CREATE INDEX pairing_conflict_by_household ON pairing_conflict (county_id, household_id);

CREATE TABLE plan (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    place_id BLOB,
    leaver_id BLOB,
    effective_on TEXT NOT NULL,
    summary TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    committed_ms BIGINT,
    undone_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (kind IN ('pairing', 'handover')),
    CHECK (state IN ('staging', 'draft', 'committed', 'undone'))
);
CREATE INDEX plan_by_time ON plan (county_id, created_ms, id);

-- One row a household that the plan changes or cannot place; ids of the spans are drawn beforehand,
-- so that commit and undo are set-based statements.
CREATE TABLE plan_row (
    county_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    household_kind TEXT NOT NULL,
    village_id BLOB NOT NULL,
    old_pairing_id BLOB,
    old_worker_id BLOB,
    old_firm_id BLOB,
    worker_id BLOB,
    firm_id BLOB,
    pairing_id BLOB NOT NULL,
    undo_pairing_id BLOB NOT NULL,
    unplaced_reason TEXT,
    override_reason TEXT,
    PRIMARY KEY (county_id, plan_id, household_id)
);
CREATE INDEX plan_row_by_village ON plan_row (county_id, plan_id, village_id);
