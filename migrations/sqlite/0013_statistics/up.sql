-- A table of figures as it was reported on a day: kept beside whatever is corrected later.
CREATE TABLE stat_report (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    title TEXT NOT NULL,
    division_id BLOB,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    figures TEXT NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (from_date <= to_date)
);
CREATE INDEX stat_report_by_time ON stat_report (county_id, created_ms, id);

CREATE TRIGGER stat_report_no_update BEFORE UPDATE ON stat_report FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: stat_report.append_only');
END;

CREATE TRIGGER stat_report_no_delete BEFORE DELETE ON stat_report FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: stat_report.append_only');
END;
