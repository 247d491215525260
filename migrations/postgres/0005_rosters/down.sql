DROP TABLE import_change;
DROP TABLE import_finding;
DROP TABLE import_batch;
