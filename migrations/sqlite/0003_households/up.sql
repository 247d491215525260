CREATE TABLE household (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    village_id BLOB NOT NULL,
    grid_id BLOB,
    head_name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    id_sealed BLOB,
    id_index BLOB,
    phones_sealed BLOB,
    address_sealed BLOB,
    note_sealed BLOB,
    provider_hint TEXT,
    active BOOLEAN NOT NULL,
    left_on TEXT,
    batch_id BLOB,
    staged BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE INDEX household_by_name ON household (county_id, sort_key, id);
CREATE INDEX household_by_village ON household (county_id, village_id, sort_key, id);
CREATE INDEX household_by_number ON household (county_id, id_index);
CREATE INDEX household_by_batch ON household (county_id, batch_id);

CREATE TABLE household_phone (
    county_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    phone_index BLOB NOT NULL,
    tail_index BLOB NOT NULL,
    PRIMARY KEY (county_id, household_id, phone_index)
) WITHOUT ROWID;
CREATE INDEX household_phone_by_number ON household_phone (county_id, phone_index);
CREATE INDEX household_phone_by_tail ON household_phone (county_id, tail_index);

CREATE TABLE household_member (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    name TEXT NOT NULL,
    relation TEXT NOT NULL,
    id_sealed BLOB,
    id_index BLOB,
    from_date TEXT NOT NULL,
    to_date TEXT,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (to_date IS NULL OR from_date <= to_date)
);
CREATE INDEX household_member_by_household ON household_member (county_id, household_id);
CREATE INDEX household_member_by_number ON household_member (county_id, id_index);

CREATE TABLE household_category (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    category_sealed BLOB NOT NULL,
    category_tag BLOB NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (to_date IS NULL OR from_date <= to_date)
);
CREATE INDEX household_category_by_household ON household_category (county_id, household_id);
CREATE INDEX household_category_by_tag ON household_category (county_id, category_tag);

CREATE TABLE contact_card (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    secret_index BLOB NOT NULL UNIQUE,
    secret_sealed BLOB NOT NULL,
    printed_pairing_id BLOB,
    printed_ms BIGINT,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX contact_card_one_valid ON contact_card (county_id, household_id) WHERE revoked_ms IS NULL;
