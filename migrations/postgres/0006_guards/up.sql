-- Rules that must never be broken, kept by the database itself; messages begin with `falin: `.
CREATE FUNCTION falin_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'falin: %', TG_ARGV[0];
END $$;

CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('journal.append_only');

CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('journal.append_only');

CREATE TRIGGER journal_seal_no_update BEFORE UPDATE ON journal_seal FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('journal.append_only');

CREATE TRIGGER journal_seal_no_delete BEFORE DELETE ON journal_seal FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('journal.append_only');

-- TRUNCATE asks no row's trigger.
CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT
    EXECUTE FUNCTION falin_refuse('journal.append_only');

CREATE TRIGGER journal_seal_no_truncate BEFORE TRUNCATE ON journal_seal FOR EACH STATEMENT
    EXECUTE FUNCTION falin_refuse('journal.append_only');

CREATE TRIGGER pairing_no_truncate BEFORE TRUNCATE ON pairing FOR EACH STATEMENT
    EXECUTE FUNCTION falin_refuse('pairing.append_only');

CREATE TRIGGER pairing_no_delete BEFORE DELETE ON pairing FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('pairing.append_only');

CREATE TRIGGER pairing_only_ends BEFORE UPDATE ON pairing FOR EACH ROW
    WHEN (OLD.to_date IS NOT NULL OR NEW.household_id IS DISTINCT FROM OLD.household_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.worker_id IS DISTINCT FROM OLD.worker_id
        OR NEW.firm_id IS DISTINCT FROM OLD.firm_id OR NEW.from_date IS DISTINCT FROM OLD.from_date OR NEW.id IS DISTINCT FROM OLD.id OR NEW.county_id IS DISTINCT FROM OLD.county_id)
    EXECUTE FUNCTION falin_refuse('pairing.append_only');

CREATE FUNCTION falin_pairing_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM pairing other
        WHERE other.county_id = NEW.county_id AND other.household_id = NEW.household_id
          AND other.kind = NEW.kind AND other.id <> NEW.id
          AND other.from_date < COALESCE(NEW.to_date, '9999-12-31')
          AND NEW.from_date < COALESCE(other.to_date, '9999-12-31')
          AND (other.to_date IS NULL OR other.from_date < other.to_date)
          AND (NEW.to_date IS NULL OR NEW.from_date < NEW.to_date)) THEN
        RAISE EXCEPTION 'falin: pairing.overlap';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pairing_no_overlap BEFORE INSERT OR UPDATE ON pairing FOR EACH ROW
    EXECUTE FUNCTION falin_pairing_overlap();

-- The second wall between counties: a transaction sees the county that it names, or all when it says so.
DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT c.table_name FROM information_schema.columns c
        WHERE c.table_schema = current_schema() AND c.column_name = 'county_id'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_county ON %I USING (CASE current_setting(''falin.county'', true) '
            'WHEN ''all'' THEN true ELSE county_id = decode(current_setting(''falin.county'', true), ''hex'') END)',
            name);
    END LOOP;
END $$;
