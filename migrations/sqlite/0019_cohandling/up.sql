-- Who answers for a case beside its lead: the first handler, units that help, and who stands in for whom.

-- 首办责任: the first row is the first handler; the one without an end answers now.
CREATE TABLE casefile_answerable (
    county_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    worker_id BLOB,
    account_id BLOB,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT,
    PRIMARY KEY (county_id, case_id, n),
    CHECK ((worker_id IS NULL) <> (account_id IS NULL)),
    CHECK (n > 0 AND (to_ms IS NULL OR to_ms >= from_ms))
);
CREATE UNIQUE INDEX casefile_answerable_now ON casefile_answerable (county_id, case_id) WHERE to_ms IS NULL;

-- 协办: a unit is asked in one step of a case and answers in another; what was said stands in the steps, sealed.
CREATE TABLE casefile_unit (
    county_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    asked_n INTEGER NOT NULL,
    unit TEXT NOT NULL,
    worker_id BLOB,
    due_date TEXT,
    answered_n INTEGER,
    ended_n INTEGER,
    PRIMARY KEY (county_id, case_id, asked_n),
    FOREIGN KEY (county_id, case_id) REFERENCES casefile (county_id, id),
    CHECK (answered_n IS NULL OR ended_n IS NULL),
    CHECK (answered_n IS NULL OR answered_n > asked_n),
    CHECK (ended_n IS NULL OR ended_n > asked_n)
);
CREATE INDEX casefile_unit_waiting ON casefile_unit (county_id, worker_id)
    WHERE answered_n IS NULL AND ended_n IS NULL;

-- AB岗: who stands in for a worker, from the first day to the last. What has been is kept.
CREATE TABLE deputy (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    worker_id BLOB NOT NULL,
    deputy_id BLOB NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (worker_id <> deputy_id),
    CHECK (to_date >= from_date)
);
CREATE INDEX deputy_by_worker ON deputy (county_id, worker_id, from_date);
CREATE INDEX deputy_by_deputy ON deputy (county_id, deputy_id, to_date);

-- One deputy a day for each worker; one that was ended early gives its days back.
CREATE TRIGGER deputy_no_overlap BEFORE INSERT ON deputy FOR EACH ROW
    WHEN EXISTS (
        SELECT 1 FROM deputy other
        WHERE other.county_id = NEW.county_id AND other.worker_id = NEW.worker_id AND other.id <> NEW.id
          AND other.ended_ms IS NULL AND NEW.ended_ms IS NULL
          AND other.from_date <= NEW.to_date AND NEW.from_date <= other.to_date)
BEGIN
    SELECT RAISE(ABORT, 'falin: deputy.overlap');
END;

CREATE TRIGGER deputy_only_ends BEFORE UPDATE ON deputy FOR EACH ROW
    WHEN OLD.ended_ms IS NOT NULL OR NEW.ended_ms IS NULL OR NEW.worker_id <> OLD.worker_id
        OR NEW.deputy_id <> OLD.deputy_id OR NEW.from_date <> OLD.from_date OR NEW.to_date <> OLD.to_date
BEGIN
    SELECT RAISE(ABORT, 'falin: deputy.kept');
END;

CREATE TRIGGER deputy_no_delete BEFORE DELETE ON deputy FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: deputy.kept');
END;

-- The bookings that came out of a table of an old system, at the version in which it left them.
CREATE TABLE booking_brought (
    county_id BLOB NOT NULL,
    booking_id BLOB NOT NULL,
    batch_id BLOB NOT NULL,
    booking_version BIGINT NOT NULL,
    PRIMARY KEY (county_id, booking_id),
    FOREIGN KEY (county_id, batch_id) REFERENCES plugin_batch (county_id, id)
);
CREATE INDEX booking_brought_by_batch ON booking_brought (county_id, batch_id);

-- For whom a step was taken by who stood in.
ALTER TABLE casefile_step ADD COLUMN for_worker_id BLOB;
