-- Whoever declines an offered case says why.
ALTER TABLE casefile_transfer ADD COLUMN answer_sealed BLOB;
