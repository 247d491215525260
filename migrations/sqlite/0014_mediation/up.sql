-- Mediation committees as a tree with terms, and their members (人民调解法 7-13).
CREATE TABLE committee (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    parent_id BLOB,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    division_id BLOB,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    term_from TEXT NOT NULL,
    term_to TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (term_from <= term_to)
);
CREATE UNIQUE INDEX committee_by_name ON committee (county_id, name) WHERE active;
CREATE INDEX committee_in_order ON committee (county_id, sort_key, id);

CREATE TABLE committee_member (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    committee_id BLOB NOT NULL,
    worker_id BLOB,
    name TEXT NOT NULL,
    gender TEXT,
    duty TEXT NOT NULL CHECK (duty IN ('chair', 'deputy', 'member', 'mediator')),
    minority BOOLEAN NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (to_date IS NULL OR from_date <= to_date)
);
CREATE INDEX committee_member_by_committee ON committee_member (county_id, committee_id);
CREATE UNIQUE INDEX committee_one_chair ON committee_member (county_id, committee_id) WHERE duty = 'chair' AND to_date IS NULL;
