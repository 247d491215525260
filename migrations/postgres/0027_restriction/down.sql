DROP TRIGGER casefile_restricted_stands ON casefile;
DROP TRIGGER casefile_not_restricted ON casefile;
DROP TRIGGER contact_card_not_restricted ON contact_card;
DROP TRIGGER pairing_not_restricted ON pairing;
DROP FUNCTION falin_not_restricted;
DROP TABLE restriction;
ALTER TABLE casefile DROP COLUMN restricted_ms;
ALTER TABLE household DROP COLUMN restricted_ms;
