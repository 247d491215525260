-- Rules that must never be broken, kept by the database itself; messages begin with `falin: `.

CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: journal.append_only');
END;

CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: journal.append_only');
END;

CREATE TRIGGER journal_seal_no_update BEFORE UPDATE ON journal_seal FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: journal.append_only');
END;

CREATE TRIGGER journal_seal_no_delete BEFORE DELETE ON journal_seal FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: journal.append_only');
END;

-- REPLACE takes the old row out without asking the triggers above.
CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry FOR EACH ROW
    WHEN EXISTS (SELECT 1 FROM journal_entry old WHERE old.county_id = NEW.county_id AND old.id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'falin: journal.append_only');
END;

CREATE TRIGGER journal_seal_no_replace BEFORE INSERT ON journal_seal FOR EACH ROW
    WHEN EXISTS (
        SELECT 1 FROM journal_seal old
        WHERE old.county_id = NEW.county_id AND (old.seq = NEW.seq OR old.entry_id = NEW.entry_id))
BEGIN
    SELECT RAISE(ABORT, 'falin: journal.append_only');
END;

CREATE TRIGGER pairing_no_replace BEFORE INSERT ON pairing FOR EACH ROW
    WHEN EXISTS (SELECT 1 FROM pairing old WHERE old.county_id = NEW.county_id AND old.id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'falin: pairing.append_only');
END;

CREATE TRIGGER pairing_no_delete BEFORE DELETE ON pairing FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: pairing.append_only');
END;

CREATE TRIGGER pairing_only_ends BEFORE UPDATE ON pairing FOR EACH ROW
    WHEN OLD.to_date IS NOT NULL OR NEW.household_id IS NOT OLD.household_id OR NEW.kind IS NOT OLD.kind OR NEW.worker_id IS NOT OLD.worker_id
        OR NEW.firm_id IS NOT OLD.firm_id OR NEW.from_date IS NOT OLD.from_date OR NEW.id IS NOT OLD.id OR NEW.county_id IS NOT OLD.county_id
BEGIN
    SELECT RAISE(ABORT, 'falin: pairing.append_only');
END;

CREATE TRIGGER pairing_no_overlap_insert BEFORE INSERT ON pairing FOR EACH ROW
    WHEN EXISTS (
        SELECT 1 FROM pairing other
        WHERE other.county_id = NEW.county_id AND other.household_id = NEW.household_id
          AND other.kind = NEW.kind AND other.id <> NEW.id
          AND other.from_date < COALESCE(NEW.to_date, '9999-12-31')
          AND NEW.from_date < COALESCE(other.to_date, '9999-12-31')
          AND (other.to_date IS NULL OR other.from_date < other.to_date)
          AND (NEW.to_date IS NULL OR NEW.from_date < NEW.to_date))
BEGIN
    SELECT RAISE(ABORT, 'falin: pairing.overlap');
END;

CREATE TRIGGER pairing_no_overlap_update BEFORE UPDATE ON pairing FOR EACH ROW
    WHEN EXISTS (
        SELECT 1 FROM pairing other
        WHERE other.county_id = NEW.county_id AND other.household_id = NEW.household_id
          AND other.kind = NEW.kind AND other.id <> NEW.id
          AND other.from_date < COALESCE(NEW.to_date, '9999-12-31')
          AND NEW.from_date < COALESCE(other.to_date, '9999-12-31')
          AND (other.to_date IS NULL OR other.from_date < other.to_date)
          AND (NEW.to_date IS NULL OR NEW.from_date < NEW.to_date))
BEGIN
    SELECT RAISE(ABORT, 'falin: pairing.overlap');
END;
