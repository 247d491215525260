-- The last number given out in a series of a year: «嘉援审字[2026]第12号» is series aid-review, 2026, 12.
CREATE TABLE number_series (
    county_id BLOB NOT NULL,
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (county_id, series, year),
    CHECK (last >= 0)
);

-- A number that was given is given: a series grows by one, and never goes back.
CREATE TRIGGER number_series_by_one BEFORE UPDATE ON number_series FOR EACH ROW
    WHEN NEW.last IS NOT OLD.last + 1 OR NEW.county_id IS NOT OLD.county_id OR NEW.series IS NOT OLD.series
        OR NEW.year IS NOT OLD.year
BEGIN
    SELECT RAISE(ABORT, 'falin: number.gap');
END;

CREATE TRIGGER number_series_no_delete BEFORE DELETE ON number_series FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: number.gap');
END;

-- A paper of a case: its number, and which of its versions holds. A void paper keeps its number.
CREATE TABLE paper (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject_noun TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    number TEXT NOT NULL,
    series TEXT,
    year INTEGER,
    n BIGINT,
    latest INTEGER NOT NULL,
    void_sealed BLOB,
    account_id BLOB,
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
    WHEN NEW.number IS NOT OLD.number OR NEW.series IS NOT OLD.series OR NEW.year IS NOT OLD.year
        OR NEW.n IS NOT OLD.n OR NEW.kind IS NOT OLD.kind OR NEW.subject_id IS NOT OLD.subject_id
        OR NEW.subject_noun IS NOT OLD.subject_noun OR NEW.id IS NOT OLD.id OR NEW.county_id IS NOT OLD.county_id
        OR NEW.latest < OLD.latest
        OR OLD.voided_ms IS NOT NULL AND NEW.voided_ms IS NOT OLD.voided_ms
BEGIN
    SELECT RAISE(ABORT, 'falin: paper.append_only');
END;

CREATE TRIGGER paper_no_delete BEFORE DELETE ON paper FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: paper.append_only');
END;

-- What was printed, whole: values and document, as they were on that day.
CREATE TABLE paper_version (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    paper_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    values_sealed BLOB NOT NULL,
    docx_sealed BLOB NOT NULL,
    docx_hash BLOB NOT NULL,
    template_id BLOB,
    blanks TEXT NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, paper_id, n)
);

CREATE TRIGGER paper_version_stays BEFORE UPDATE ON paper_version FOR EACH ROW
    WHEN NEW.docx_hash IS NOT OLD.docx_hash OR NEW.n IS NOT OLD.n OR NEW.paper_id IS NOT OLD.paper_id
        OR NEW.id IS NOT OLD.id OR NEW.county_id IS NOT OLD.county_id
BEGIN
    SELECT RAISE(ABORT, 'falin: paper.append_only');
END;

CREATE TRIGGER paper_version_no_delete BEFORE DELETE ON paper_version FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: paper.append_only');
END;

-- A county's own .docx in place of the built-in layout of a kind; at most one of a kind is in use.
CREATE TABLE paper_template (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file_sealed BLOB NOT NULL,
    file_hash BLOB NOT NULL,
    active BOOLEAN NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, kind, n)
);
CREATE UNIQUE INDEX paper_template_one_active ON paper_template (county_id, kind) WHERE active;
