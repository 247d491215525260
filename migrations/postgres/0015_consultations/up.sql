-- Which household and member an account of a resident stands for, as the window saw on the ID card.
CREATE TABLE resident_home (
    county_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    household_id BYTEA NOT NULL,
    member_id BYTEA,
    opened_by BYTEA,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, account_id)
);
CREATE INDEX resident_home_by_household ON resident_home (county_id, household_id);

CREATE TRIGGER resident_home_no_update BEFORE UPDATE OF account_id, household_id, member_id ON resident_home
    FOR EACH ROW EXECUTE FUNCTION falin_refuse('resident_home.kept');

ALTER TABLE resident_home ENABLE ROW LEVEL SECURITY;
ALTER TABLE resident_home FORCE ROW LEVEL SECURITY;
CREATE POLICY one_county ON resident_home USING (CASE current_setting('falin.county', true)
    WHEN 'all' THEN true ELSE county_id = decode(current_setting('falin.county', true), 'hex') END);
