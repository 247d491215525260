DROP TRIGGER journal_entry_no_update;
DROP TRIGGER journal_entry_no_delete;
DROP TRIGGER journal_seal_no_update;
DROP TRIGGER journal_seal_no_delete;
DROP TRIGGER pairing_no_delete;
DROP TRIGGER pairing_only_ends;
DROP TRIGGER pairing_no_overlap_insert;
DROP TRIGGER pairing_no_overlap_update;
