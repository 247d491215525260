CREATE TABLE division (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    parent_id BYTEA,
    code TEXT COLLATE "C",
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    successor_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX division_one_code ON division (county_id, code) WHERE valid_to IS NULL AND code IS NOT NULL;
CREATE INDEX division_by_parent ON division (county_id, parent_id, code);

-- Every pair of a division and one at or below it, so that a place is one join.
CREATE TABLE division_path (
    county_id BYTEA NOT NULL,
    above_id BYTEA NOT NULL,
    below_id BYTEA NOT NULL,
    PRIMARY KEY (county_id, above_id, below_id)
);
CREATE INDEX division_path_up ON division_path (county_id, below_id, above_id);

CREATE TABLE facility (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    division_id BYTEA NOT NULL,
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
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
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
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    firm_id BYTEA,
    name TEXT NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
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
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    worker_id BYTEA NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (from_date <= to_date)
);
CREATE INDEX worker_leave_by_worker ON worker_leave (county_id, worker_id, from_date);

CREATE TABLE adviser_post (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    division_id BYTEA NOT NULL,
    worker_id BYTEA NOT NULL,
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
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    division_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    keeper TEXT NOT NULL,
    worker_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, division_id, name)
);

CREATE TABLE room (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    division_id BYTEA,
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
    county_id BYTEA NOT NULL,
    noun TEXT NOT NULL,
    gram TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    PRIMARY KEY (county_id, noun, gram, subject_id)
);
CREATE INDEX name_gram_by_subject ON name_gram (county_id, subject_id);
