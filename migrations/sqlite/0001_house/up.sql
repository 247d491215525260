CREATE TABLE county (
    county_id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    county_id BLOB NOT NULL,
    worker_id BLOB,
    password_hash TEXT,
    activation_index BLOB UNIQUE,
    activation_sealed BLOB,
    activation_until_ms BIGINT,
    totp_sealed BLOB,
    totp_step BIGINT NOT NULL,
    disabled BOOLEAN NOT NULL,
    seen_ms BIGINT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX account_by_county ON account (county_id, created_ms, id);
CREATE UNIQUE INDEX account_one_worker ON account (county_id, worker_id) WHERE worker_id IS NOT NULL;

CREATE TABLE account_role (
    account_id BLOB NOT NULL REFERENCES account (id),
    county_id BLOB NOT NULL,
    role TEXT NOT NULL,
    place_id BLOB NOT NULL,
    PRIMARY KEY (account_id, county_id, role, place_id)
) WITHOUT ROWID;
-- The three administrators exclude each other (trust.md).
CREATE UNIQUE INDEX account_one_administrator ON account_role (account_id, county_id)
    WHERE role IN ('security_admin', 'audit_admin', 'platform_admin');

CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    county_id BLOB NOT NULL,
    second_factor BOOLEAN NOT NULL,
    device TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);

-- Wrong guesses by keyed tags of the typed name and of where they came from, whether such an account exists or
-- not; the row with the empty source counts the day's guesses of all sources.
CREATE TABLE signin_guess (
    name_tag BLOB NOT NULL,
    source BLOB NOT NULL,
    failures INTEGER NOT NULL,
    on_day TEXT NOT NULL,
    retry_at_ms BIGINT NOT NULL,
    owners BOOLEAN NOT NULL,
    seen_ms BIGINT NOT NULL,
    PRIMARY KEY (name_tag, source)
);
CREATE INDEX signin_guess_by_age ON signin_guess (seen_ms);

CREATE TABLE token (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    county_id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    used_ms BIGINT,
    revoked_ms BIGINT
);
CREATE INDEX token_by_county ON token (county_id, created_ms, id);

CREATE TABLE idempotency (
    caller BLOB NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_mac BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_ms);

CREATE TABLE write_generation (
    county_id BLOB NOT NULL,
    noun TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (county_id, noun)
) WITHOUT ROWID;

CREATE TABLE holiday (
    county_id BLOB NOT NULL,
    date TEXT NOT NULL,
    name TEXT NOT NULL,
    is_workday BOOLEAN NOT NULL,
    PRIMARY KEY (county_id, date)
);

CREATE TABLE journal_entry (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    at_ms BIGINT NOT NULL,
    event TEXT NOT NULL,
    reason TEXT NOT NULL,
    account_id BLOB,
    subject_noun TEXT,
    subject_id BLOB,
    details TEXT NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE INDEX journal_by_time ON journal_entry (county_id, at_ms, id);
CREATE INDEX journal_by_subject ON journal_entry (county_id, subject_id, at_ms);

CREATE TABLE journal_seal (
    county_id BLOB NOT NULL,
    seq BIGINT NOT NULL,
    entry_id BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (county_id, seq),
    UNIQUE (county_id, entry_id)
);
