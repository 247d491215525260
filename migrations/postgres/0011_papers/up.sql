-- The last number given out in a series of a year: «嘉援审字[2026]第12号» is series aid-review, 2026, 12.
CREATE TABLE number_series (
    county_id BYTEA NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (county_id, series, year),
    CHECK (last >= 0)
);

-- A number that was given is given: a series grows by one, and never goes back.
CREATE TRIGGER number_series_by_one BEFORE UPDATE ON number_series FOR EACH ROW
    WHEN (NEW.last IS DISTINCT FROM OLD.last + 1 OR NEW.county_id IS DISTINCT FROM OLD.county_id OR NEW.series IS DISTINCT FROM OLD.series
        OR NEW.year IS DISTINCT FROM OLD.year)
    EXECUTE FUNCTION falin_refuse('number.gap');

CREATE TRIGGER number_series_no_delete BEFORE DELETE ON number_series FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('number.gap');

-- A paper of a case: its number, and which of its versions holds. A void paper keeps its number.
CREATE TABLE paper (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject_noun TEXT COLLATE "C" NOT NULL,
    subject_id BYTEA NOT NULL,
    number TEXT NOT NULL,
    series TEXT COLLATE "C",
    year INTEGER,
    n BIGINT,
    latest INTEGER NOT NULL,
    void_sealed BYTEA,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    voided_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (latest >= 1),
    CHECK ((series IS NULL) = (n IS NULL) AND (series IS NULL) = (year IS NULL)),
    CHECK ((voided_ms IS NULL) = (void_sealed IS NULL))
);
CREATE UNIQUE INDEX paper_one_number ON paper (county_id, series, year, n) WHERE n IS NOT NULL;
CREATE INDEX paper_by_subject ON paper (county_id, subject_noun, subject_id, created_ms);
CREATE INDEX paper_by_time ON paper (county_id, created_ms, id);

CREATE TRIGGER paper_keeps_number BEFORE UPDATE ON paper FOR EACH ROW
    WHEN (NEW.number IS DISTINCT FROM OLD.number OR NEW.series IS DISTINCT FROM OLD.series OR NEW.year IS DISTINCT FROM OLD.year
        OR NEW.n IS DISTINCT FROM OLD.n OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.subject_id IS DISTINCT FROM OLD.subject_id
        OR NEW.subject_noun IS DISTINCT FROM OLD.subject_noun OR NEW.id IS DISTINCT FROM OLD.id OR NEW.county_id IS DISTINCT FROM OLD.county_id
        OR NEW.latest < OLD.latest
        OR OLD.voided_ms IS NOT NULL AND NEW.voided_ms IS DISTINCT FROM OLD.voided_ms)
    EXECUTE FUNCTION falin_refuse('paper.append_only');

CREATE TRIGGER paper_no_delete BEFORE DELETE ON paper FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('paper.append_only');

-- What was printed, whole: values and document, as they were on that day.
CREATE TABLE paper_version (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    paper_id BYTEA NOT NULL,
    n INTEGER NOT NULL,
    values_sealed BYTEA NOT NULL,
    docx_sealed BYTEA NOT NULL,
    docx_hash BYTEA NOT NULL,
    template_id BYTEA,
    blanks TEXT NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, paper_id, n)
);

CREATE TRIGGER paper_version_stays BEFORE UPDATE ON paper_version FOR EACH ROW
    WHEN (NEW.docx_hash IS DISTINCT FROM OLD.docx_hash OR NEW.n IS DISTINCT FROM OLD.n OR NEW.paper_id IS DISTINCT FROM OLD.paper_id
        OR NEW.id IS DISTINCT FROM OLD.id OR NEW.county_id IS DISTINCT FROM OLD.county_id)
    EXECUTE FUNCTION falin_refuse('paper.append_only');

CREATE TRIGGER paper_version_no_delete BEFORE DELETE ON paper_version FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('paper.append_only');

-- A county's own .docx in place of the built-in layout of a kind; at most one of a kind is in use.
CREATE TABLE paper_template (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    n INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file_sealed BYTEA NOT NULL,
    file_hash BYTEA NOT NULL,
    active BOOLEAN NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, kind, n)
);
CREATE UNIQUE INDEX paper_template_one_active ON paper_template (county_id, kind) WHERE active;

CREATE TRIGGER number_series_no_truncate BEFORE TRUNCATE ON number_series FOR EACH STATEMENT
    EXECUTE FUNCTION falin_refuse('number.gap');

CREATE TRIGGER paper_no_truncate BEFORE TRUNCATE ON paper FOR EACH STATEMENT
    EXECUTE FUNCTION falin_refuse('paper.append_only');

CREATE TRIGGER paper_version_no_truncate BEFORE TRUNCATE ON paper_version FOR EACH STATEMENT
    EXECUTE FUNCTION falin_refuse('paper.append_only');

-- The second wall between counties, as 0006_guards puts it before every table of a county.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['number_series', 'paper', 'paper_version', 'paper_template'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_county ON %I USING (CASE current_setting(''falin.county'', true) '
            'WHEN ''all'' THEN true ELSE county_id = decode(current_setting(''falin.county'', true), ''hex'') END)',
            name);
    END LOOP;
END $$;
