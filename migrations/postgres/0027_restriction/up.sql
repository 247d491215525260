-- A person's wish to be forgotten (PIPL 47): what must still be kept is only stored, and destroyed when that is over.
ALTER TABLE household ADD COLUMN restricted_ms BIGINT;
ALTER TABLE casefile ADD COLUMN restricted_ms BIGINT;

CREATE TABLE restriction (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    household_id BYTEA NOT NULL,
    state TEXT NOT NULL,
    asked_by BYTEA,
    reference TEXT NOT NULL,
    reason_sealed BYTEA,
    restricted_by BYTEA,
    restricted_ms BIGINT,
    due_on TEXT,
    lift_asked_ms BIGINT,
    proposed_by BYTEA,
    proposed_ms BIGINT,
    approved_by BYTEA,
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
    WHEN (OLD.ended_ms IS NOT NULL AND (NEW.state <> OLD.state OR NEW.ended_ms IS DISTINCT FROM OLD.ended_ms
            OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.approved_by IS DISTINCT FROM OLD.approved_by)
        OR NEW.household_id <> OLD.household_id)
    EXECUTE FUNCTION falin_refuse('restriction.kept');

CREATE TRIGGER restriction_no_delete BEFORE DELETE ON restriction FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('restriction.kept');

-- Nothing new begins for a restricted household, and its cases go no step.
CREATE FUNCTION falin_not_restricted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM household h
        WHERE h.county_id = NEW.county_id AND h.id = NEW.household_id AND h.restricted_ms IS NOT NULL) THEN
        RAISE EXCEPTION 'falin: household.restricted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pairing_not_restricted BEFORE INSERT ON pairing FOR EACH ROW
    WHEN (NEW.to_date IS NULL) EXECUTE FUNCTION falin_not_restricted();

CREATE TRIGGER contact_card_not_restricted BEFORE INSERT ON contact_card FOR EACH ROW
    WHEN (NEW.revoked_ms IS NULL) EXECUTE FUNCTION falin_not_restricted();

CREATE TRIGGER casefile_not_restricted BEFORE INSERT ON casefile FOR EACH ROW
    WHEN (NEW.closed_ms IS NULL AND NEW.household_id IS NOT NULL) EXECUTE FUNCTION falin_not_restricted();

CREATE TRIGGER casefile_restricted_stands BEFORE UPDATE OF state ON casefile FOR EACH ROW
    WHEN (OLD.restricted_ms IS NOT NULL AND NEW.state <> OLD.state)
    EXECUTE FUNCTION falin_refuse('case.restricted');

ALTER TABLE restriction ENABLE ROW LEVEL SECURITY;
ALTER TABLE restriction FORCE ROW LEVEL SECURITY;
CREATE POLICY one_county ON restriction USING (CASE current_setting('falin.county', true)
    WHEN 'all' THEN true ELSE county_id = decode(current_setting('falin.county', true), 'hex') END);
