-- Which household and member an account of a resident stands for, as the window saw on the ID card.
CREATE TABLE resident_home (
    county_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    member_id BLOB,
    opened_by BLOB,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, account_id)
);
CREATE INDEX resident_home_by_household ON resident_home (county_id, household_id);

CREATE TRIGGER resident_home_no_update BEFORE UPDATE ON resident_home FOR EACH ROW
    WHEN NEW.account_id IS NOT OLD.account_id OR NEW.household_id IS NOT OLD.household_id
        OR NEW.member_id IS NOT OLD.member_id
BEGIN
    SELECT RAISE(ABORT, 'falin: resident_home.kept');
END;
