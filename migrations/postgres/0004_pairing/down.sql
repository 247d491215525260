DROP TABLE plan_row;
DROP TABLE plan;
DROP TABLE pairing_conflict;
DROP TABLE pairing_consent;
DROP TABLE pairing;
