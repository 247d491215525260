DROP TRIGGER casefile_restricted_stands;
DROP TRIGGER casefile_not_restricted;
DROP TRIGGER contact_card_not_restricted;
DROP TRIGGER pairing_not_restricted;
DROP TABLE restriction;
ALTER TABLE casefile DROP COLUMN restricted_ms;
ALTER TABLE household DROP COLUMN restricted_ms;
