ALTER TABLE casefile_transfer DROP COLUMN answer_sealed;
