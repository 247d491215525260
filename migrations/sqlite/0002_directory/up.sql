CREATE TABLE division (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    parent_id BLOB,
    code TEXT,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    successor_id BLOB,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX division_one_code ON division (county_id, code) WHERE valid_to IS NULL AND code IS NOT NULL;
CREATE INDEX division_by_parent ON division (county_id, parent_id, code);

-- Every pair of a division and one at or below it, so that a place is one join.
CREATE TABLE division_path (
    county_id BLOB NOT NULL,
    above_id BLOB NOT NULL,
    below_id BLOB NOT NULL,
    PRIMARY KEY (county_id, above_id, below_id)
) WITHOUT ROWID;
CREATE INDEX division_path_up ON division_path (county_id, below_id, above_id);

CREATE TABLE facility (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    division_id BLOB NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    hours TEXT NOT NULL,
    access TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE INDEX facility_by_division ON facility (county_id, division_id);

CREATE TABLE firm (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    uscc TEXT,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    head_name TEXT NOT NULL,
    capacity INTEGER,
    active BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX firm_one_uscc ON firm (county_id, uscc) WHERE uscc IS NOT NULL;

CREATE TABLE worker (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    firm_id BLOB,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    gender TEXT,
    licence TEXT,
    phone TEXT NOT NULL,
    specialties TEXT NOT NULL,
    languages TEXT NOT NULL,
    capacity INTEGER,
    active BOOLEAN NOT NULL,
    left_on TEXT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX worker_one_licence ON worker (county_id, licence) WHERE licence IS NOT NULL;
CREATE INDEX worker_by_firm ON worker (county_id, firm_id);
CREATE INDEX worker_by_name ON worker (county_id, sort_key, id);

CREATE TABLE worker_leave (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    worker_id BLOB NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (from_date <= to_date)
);
CREATE INDEX worker_leave_by_worker ON worker_leave (county_id, worker_id, from_date);

CREATE TABLE adviser_post (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    division_id BLOB NOT NULL,
    worker_id BLOB NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT,
    hours TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (to_date IS NULL OR from_date <= to_date)
);
CREATE INDEX adviser_post_by_division ON adviser_post (county_id, division_id, from_date);
CREATE INDEX adviser_post_by_worker ON adviser_post (county_id, worker_id);

CREATE TABLE grid (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    division_id BLOB NOT NULL,
    name TEXT NOT NULL,
    keeper TEXT NOT NULL,
    worker_id BLOB,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, division_id, name)
);

CREATE TABLE room (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    division_id BLOB,
    address TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    equipment TEXT NOT NULL,
    hours TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);

-- One- and two-character grams of names and of their pinyin: full-text indexes of either database
-- cannot find a name of two characters.
CREATE TABLE name_gram (
    county_id BLOB NOT NULL,
    noun TEXT NOT NULL,
    gram TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    PRIMARY KEY (county_id, noun, gram, subject_id)
) WITHOUT ROWID;
CREATE INDEX name_gram_by_subject ON name_gram (county_id, subject_id);
