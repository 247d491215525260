-- A table of figures as it was reported on a day: kept beside whatever is corrected later.
CREATE TABLE stat_report (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    title TEXT NOT NULL,
    division_id BYTEA,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    figures TEXT NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (from_date <= to_date)
);
CREATE INDEX stat_report_by_time ON stat_report (county_id, created_ms, id);

CREATE TRIGGER stat_report_no_update BEFORE UPDATE ON stat_report FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('stat_report.append_only');

CREATE TRIGGER stat_report_no_delete BEFORE DELETE ON stat_report FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('stat_report.append_only');

CREATE TRIGGER stat_report_no_truncate BEFORE TRUNCATE ON stat_report FOR EACH STATEMENT
    EXECUTE FUNCTION falin_refuse('stat_report.append_only');

ALTER TABLE stat_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE stat_report FORCE ROW LEVEL SECURITY;
CREATE POLICY one_county ON stat_report USING (CASE current_setting('falin.county', true)
    WHEN 'all' THEN true ELSE county_id = decode(current_setting('falin.county', true), 'hex') END);
