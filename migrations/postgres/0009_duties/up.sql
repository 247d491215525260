-- Duty shifts, what advisers owe, visits, the service log, notary appointments, groups.
CREATE TABLE duty_shift (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    worker_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    division_id BYTEA NOT NULL,
    facility_id BYTEA,
    spot TEXT NOT NULL,
    day TEXT NOT NULL,
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL,
    series_id BYTEA,
    state TEXT NOT NULL,
    flag_reason TEXT,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT duty_shift_span CHECK (0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440),
    CONSTRAINT duty_shift_grid CHECK (from_minute % 15 = 0 AND to_minute % 15 = 0),
    CONSTRAINT duty_shift_state CHECK (state IN ('planned', 'flagged', 'cancelled')),
    CONSTRAINT duty_shift_flag CHECK ((state = 'flagged') = (flag_reason IS NOT NULL))
);
CREATE INDEX duty_shift_by_day ON duty_shift (county_id, day, from_minute, id);
CREATE INDEX duty_shift_by_worker ON duty_shift (county_id, worker_id, day);
CREATE INDEX duty_shift_by_place ON duty_shift (county_id, division_id, day);

-- A quarter of an hour of one person, taken once. Shifts and appointments are two lanes: a notary on duty is
-- there to be visited.
CREATE TABLE worker_slot (
    county_id BYTEA NOT NULL,
    lane TEXT NOT NULL,
    worker_id BYTEA NOT NULL,
    day TEXT NOT NULL,
    slot INTEGER NOT NULL,
    subject_id BYTEA NOT NULL,
    PRIMARY KEY (county_id, lane, worker_id, day, slot),
    CONSTRAINT worker_slot_day CHECK (0 <= slot AND slot < 96)
);
CREATE INDEX worker_slot_by_subject ON worker_slot (county_id, subject_id);

CREATE TABLE duty_swap (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    shift_id BYTEA NOT NULL,
    from_worker_id BYTEA NOT NULL,
    to_worker_id BYTEA NOT NULL,
    return_shift_id BYTEA,
    note TEXT NOT NULL,
    state TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    answered_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT duty_swap_two CHECK (from_worker_id <> to_worker_id),
    CONSTRAINT duty_swap_state CHECK (state IN ('offered', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT duty_swap_answer CHECK ((state = 'offered') = (answered_ms IS NULL))
);
CREATE UNIQUE INDEX duty_swap_one_open ON duty_swap (county_id, shift_id) WHERE state = 'offered';
CREATE INDEX duty_swap_by_asked ON duty_swap (county_id, to_worker_id, state);

CREATE TABLE duty_rule (
    county_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    least_count INTEGER,
    least_minutes INTEGER,
    from_date TEXT NOT NULL,
    to_date TEXT,
    source TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, kind, period),
    CONSTRAINT duty_rule_asks CHECK (least_count > 0 OR least_minutes > 0),
    CONSTRAINT duty_rule_span CHECK (to_date IS NULL OR from_date <= to_date)
);

CREATE TABLE duty_fee (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    basis TEXT NOT NULL,
    kind TEXT,
    fen BIGINT NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT duty_fee_amount CHECK (fen >= 0),
    CONSTRAINT duty_fee_item CHECK ((basis = 'item') = (kind IS NOT NULL)),
    CONSTRAINT duty_fee_span CHECK (to_date IS NULL OR from_date <= to_date)
);

CREATE TABLE visit (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    worker_id BYTEA NOT NULL,
    division_id BYTEA NOT NULL,
    household_id BYTEA,
    purpose TEXT NOT NULL,
    planned_on TEXT NOT NULL,
    done_on TEXT,
    minutes INTEGER,
    found_sealed BYTEA,
    follow_up_sealed BYTEA,
    follow_up_on TEXT,
    state TEXT NOT NULL,
    log_id BYTEA,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT visit_state CHECK (state IN ('planned', 'done', 'cancelled')),
    CONSTRAINT visit_done CHECK ((state = 'done') = (done_on IS NOT NULL))
);
CREATE INDEX visit_by_day ON visit (county_id, planned_on, id);
CREATE INDEX visit_by_worker ON visit (county_id, worker_id, planned_on);
CREATE INDEX visit_by_household ON visit (county_id, household_id, planned_on);

CREATE TABLE contact_group (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    division_id BYTEA NOT NULL,
    keeper TEXT NOT NULL,
    worker_id BYTEA,
    members INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT contact_group_members CHECK (members >= 0)
);
CREATE UNIQUE INDEX contact_group_one_name ON contact_group (county_id, division_id, platform, name);

CREATE TABLE service_log (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    worker_id BYTEA NOT NULL,
    division_id BYTEA NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    mode TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    items INTEGER NOT NULL,
    people INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    settled BOOLEAN NOT NULL,
    topic TEXT NOT NULL,
    audience TEXT NOT NULL,
    note_sealed BYTEA,
    follow_up_on TEXT,
    report BOOLEAN NOT NULL,
    household_id BYTEA,
    group_id BYTEA,
    subject_noun TEXT,
    subject_id BYTEA,
    withdrawn BOOLEAN NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT service_log_numbers CHECK (minutes >= 0 AND items >= 0 AND people >= 0 AND copies >= 0),
    CONSTRAINT service_log_subject CHECK ((subject_noun IS NULL) = (subject_id IS NULL))
);
CREATE INDEX service_log_by_day ON service_log (county_id, day, id);
CREATE INDEX service_log_by_worker ON service_log (county_id, worker_id, day);
CREATE INDEX service_log_by_place ON service_log (county_id, division_id, day);
CREATE INDEX service_log_by_subject ON service_log (county_id, subject_id);

-- What an entry was before each correction, whole and sealed.
CREATE TABLE service_log_past (
    county_id BYTEA NOT NULL,
    log_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    before_sealed BYTEA NOT NULL,
    reason TEXT NOT NULL,
    account_id BYTEA,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, log_id, version)
);

CREATE TABLE notary_matter (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    name TEXT NOT NULL,
    papers TEXT NOT NULL,
    note TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    position INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT notary_matter_minutes CHECK (minutes > 0 AND minutes % 15 = 0)
);
CREATE UNIQUE INDEX notary_matter_one_name ON notary_matter (county_id, name);

CREATE TABLE appointment (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    matter_id BYTEA NOT NULL,
    worker_id BYTEA NOT NULL,
    day TEXT NOT NULL,
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL,
    person_sealed BYTEA NOT NULL,
    phone_sealed BYTEA NOT NULL,
    state TEXT NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT appointment_span CHECK (0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440),
    CONSTRAINT appointment_state CHECK (state IN ('booked', 'done', 'cancelled', 'no_show'))
);
CREATE INDEX appointment_by_day ON appointment (county_id, day, from_minute, id);
CREATE INDEX appointment_by_worker ON appointment (county_id, worker_id, day);

CREATE TRIGGER service_log_no_delete BEFORE DELETE ON service_log FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('service_log.append_only');

CREATE TRIGGER service_log_past_no_delete BEFORE DELETE ON service_log_past FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('service_log.append_only');

-- A correction keeps what was there before: a version moves on only once its past is kept.
CREATE FUNCTION falin_service_log_keeps_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.version <> OLD.version AND NOT EXISTS (
        SELECT 1 FROM service_log_past past
        WHERE past.county_id = OLD.county_id AND past.log_id = OLD.id AND past.version = OLD.version))
        OR (NEW.version = OLD.version AND (NEW.day IS DISTINCT FROM OLD.day OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.mode IS DISTINCT FROM OLD.mode OR NEW.minutes IS DISTINCT FROM OLD.minutes OR NEW.items IS DISTINCT FROM OLD.items
            OR NEW.people IS DISTINCT FROM OLD.people OR NEW.copies IS DISTINCT FROM OLD.copies OR NEW.worker_id IS DISTINCT FROM OLD.worker_id OR NEW.division_id IS DISTINCT FROM OLD.division_id OR NEW.withdrawn IS DISTINCT FROM OLD.withdrawn)) THEN
        RAISE EXCEPTION 'falin: service_log.append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER service_log_keeps_past BEFORE UPDATE ON service_log FOR EACH ROW
    EXECUTE FUNCTION falin_service_log_keeps_past();

-- The second wall between counties, as in 0006.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['duty_shift', 'worker_slot', 'duty_swap', 'duty_rule', 'duty_fee', 'visit',
        'contact_group', 'service_log', 'service_log_past', 'notary_matter', 'appointment']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_county ON %I USING (CASE current_setting(''falin.county'', true) '
            'WHEN ''all'' THEN true ELSE county_id = decode(current_setting(''falin.county'', true), ''hex'') END)',
            name);
    END LOOP;
END $$;
