DROP TRIGGER journal_entry_no_truncate ON journal_entry;
DROP TRIGGER journal_seal_no_truncate ON journal_seal;
DROP TRIGGER pairing_no_truncate ON pairing;
DROP TRIGGER journal_entry_no_update ON journal_entry;
DROP TRIGGER journal_entry_no_delete ON journal_entry;
DROP TRIGGER journal_seal_no_update ON journal_seal;
DROP TRIGGER journal_seal_no_delete ON journal_seal;
DROP TRIGGER pairing_no_delete ON pairing;
DROP TRIGGER pairing_only_ends ON pairing;
DROP TRIGGER pairing_no_overlap ON pairing;
DROP FUNCTION falin_refuse();
DROP FUNCTION falin_pairing_overlap();
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_policies WHERE policyname = 'one_county' LOOP
        EXECUTE format('DROP POLICY one_county ON %I', name);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;
