-- A person's wish to be forgotten (PIPL 47): what must still be kept is only stored, and destroyed when that is over.
ALTER TABLE household ADD COLUMN restricted_ms BIGINT;
ALTER TABLE casefile ADD COLUMN restricted_ms BIGINT;

CREATE TABLE restriction (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    state TEXT NOT NULL,
    asked_by BLOB,
    reference TEXT NOT NULL,
    reason_sealed BLOB,
    restricted_by BLOB,
    restricted_ms BIGINT,
    due_on TEXT,
    lift_asked_ms BIGINT,
    proposed_by BLOB,
    proposed_ms BIGINT,
    approved_by BLOB,
    ended_ms BIGINT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (state IN ('asked', 'refused', 'restricted', 'proposed', 'lifted', 'destroyed')),
    CHECK ((state IN ('refused', 'lifted', 'destroyed')) = (ended_ms IS NOT NULL)),
    CHECK (state NOT IN ('restricted', 'proposed', 'destroyed') OR (restricted_ms IS NOT NULL AND due_on IS NOT NULL)),
    -- Four eyes: who proposes a destruction does not approve it.
    CONSTRAINT restriction_four_eyes CHECK (state <> 'destroyed'
        OR (proposed_by IS NOT NULL AND approved_by IS NOT NULL AND proposed_by <> approved_by))
);
CREATE UNIQUE INDEX restriction_one_open ON restriction (county_id, household_id) WHERE ended_ms IS NULL;
CREATE INDEX restriction_by_household ON restriction (county_id, household_id, created_ms);
CREATE INDEX restriction_by_time ON restriction (county_id, created_ms, id);
CREATE INDEX restriction_by_due ON restriction (county_id, due_on, id) WHERE ended_ms IS NULL;

CREATE TRIGGER restriction_ends_once BEFORE UPDATE ON restriction FOR EACH ROW
    WHEN OLD.ended_ms IS NOT NULL AND (NEW.state <> OLD.state OR NEW.ended_ms IS NOT OLD.ended_ms
            OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.approved_by IS NOT OLD.approved_by)
        OR NEW.household_id <> OLD.household_id
BEGIN
    SELECT RAISE(ABORT, 'falin: restriction.kept');
END;

CREATE TRIGGER restriction_no_delete BEFORE DELETE ON restriction FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: restriction.kept');
END;

-- Nothing new begins for a restricted household, and its cases go no step.
CREATE TRIGGER pairing_not_restricted BEFORE INSERT ON pairing FOR EACH ROW
    WHEN NEW.to_date IS NULL AND EXISTS (
        SELECT 1 FROM household h
        WHERE h.county_id = NEW.county_id AND h.id = NEW.household_id AND h.restricted_ms IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'falin: household.restricted');
END;

CREATE TRIGGER contact_card_not_restricted BEFORE INSERT ON contact_card FOR EACH ROW
    WHEN NEW.revoked_ms IS NULL AND EXISTS (
        SELECT 1 FROM household h
        WHERE h.county_id = NEW.county_id AND h.id = NEW.household_id AND h.restricted_ms IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'falin: household.restricted');
END;

CREATE TRIGGER casefile_not_restricted BEFORE INSERT ON casefile FOR EACH ROW
    WHEN NEW.closed_ms IS NULL AND EXISTS (
        SELECT 1 FROM household h
        WHERE h.county_id = NEW.county_id AND h.id = NEW.household_id AND h.restricted_ms IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'falin: household.restricted');
END;

CREATE TRIGGER casefile_restricted_stands BEFORE UPDATE OF state ON casefile FOR EACH ROW
    WHEN OLD.restricted_ms IS NOT NULL AND NEW.state <> OLD.state
BEGIN
    SELECT RAISE(ABORT, 'falin: case.restricted');
END;
