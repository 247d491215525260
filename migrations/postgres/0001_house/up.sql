CREATE TABLE county (
    county_id BYTEA NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
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
    id BYTEA NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    county_id BYTEA NOT NULL,
    worker_id BYTEA,
    password_hash TEXT,
    activation_index BYTEA UNIQUE,
    activation_sealed BYTEA,
    activation_until_ms BIGINT,
    totp_sealed BYTEA,
    totp_step BIGINT NOT NULL,
    disabled BOOLEAN NOT NULL,
    seen_ms BIGINT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX account_by_county ON account (county_id, created_ms, id);
CREATE UNIQUE INDEX account_one_worker ON account (county_id, worker_id) WHERE worker_id IS NOT NULL;

CREATE TABLE account_role (
    account_id BYTEA NOT NULL REFERENCES account (id),
    county_id BYTEA NOT NULL,
    role TEXT NOT NULL,
    place_id BYTEA NOT NULL,
    PRIMARY KEY (account_id, county_id, role, place_id)
);
-- The three administrators exclude each other (trust.md).
CREATE UNIQUE INDEX account_one_administrator ON account_role (account_id, county_id)
    WHERE role IN ('security_admin', 'audit_admin', 'platform_admin');

CREATE TABLE session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE,
    account_id BYTEA NOT NULL REFERENCES account (id),
    county_id BYTEA NOT NULL,
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
    name_tag BYTEA NOT NULL,
    source BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    on_day TEXT NOT NULL,
    retry_at_ms BIGINT NOT NULL,
    owners BOOLEAN NOT NULL,
    seen_ms BIGINT NOT NULL,
    PRIMARY KEY (name_tag, source)
);
CREATE INDEX signin_guess_by_age ON signin_guess (seen_ms);

CREATE TABLE token (
    id BYTEA NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id BYTEA NOT NULL REFERENCES account (id),
    county_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    used_ms BIGINT,
    revoked_ms BIGINT
);
CREATE INDEX token_by_county ON token (county_id, created_ms, id);

CREATE TABLE idempotency (
    caller BYTEA NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_mac BYTEA NOT NULL,
    status INTEGER NOT NULL,
    answer BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_ms);

CREATE TABLE write_generation (
    county_id BYTEA NOT NULL,
    noun TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (county_id, noun)
);

CREATE TABLE holiday (
    county_id BYTEA NOT NULL,
    date TEXT NOT NULL,
    name TEXT NOT NULL,
    is_workday BOOLEAN NOT NULL,
    PRIMARY KEY (county_id, date)
);

CREATE TABLE journal_entry (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    event TEXT NOT NULL,
    reason TEXT NOT NULL,
    account_id BYTEA,
    subject_noun TEXT,
    subject_id BYTEA,
    details TEXT NOT NULL,
    mac BYTEA NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (county_id, id)
);
CREATE INDEX journal_by_time ON journal_entry (county_id, at_ms, id);
CREATE INDEX journal_by_subject ON journal_entry (county_id, subject_id, at_ms);

CREATE TABLE journal_seal (
    county_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    entry_id BYTEA NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (county_id, seq),
    UNIQUE (county_id, entry_id)
);
