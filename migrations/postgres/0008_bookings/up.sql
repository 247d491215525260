CREATE TABLE booking (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    room_id BYTEA NOT NULL,
    starts_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    state TEXT NOT NULL,
    purpose_sealed BYTEA NOT NULL,
    link_sealed BYTEA,
    mediation_case_id BYTEA,
    mediator_id BYTEA,
    lawyer_id BYTEA,
    series_id BYTEA,
    flag TEXT,
    kept TEXT,
    offer_until_ms BIGINT,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (starts_ms % 900000 = 0 AND ends_ms % 900000 = 0 AND starts_ms < ends_ms),
    CHECK (state IN ('pending', 'confirmed', 'cancelled', 'no_show', 'released')),
    CHECK (offer_until_ms IS NULL OR state = 'pending')
);
CREATE INDEX booking_by_time ON booking (county_id, starts_ms, id);
CREATE INDEX booking_by_room ON booking (county_id, room_id, starts_ms);
CREATE INDEX booking_by_mediator ON booking (county_id, mediator_id, starts_ms);
CREATE INDEX booking_by_lawyer ON booking (county_id, lawyer_id, starts_ms);

CREATE TABLE booking_party (
    county_id BYTEA NOT NULL,
    booking_id BYTEA NOT NULL,
    party_id BYTEA NOT NULL,
    PRIMARY KEY (county_id, booking_id, party_id)
);

-- A row a quarter of an hour and thing that is held, pending bookings included: that nobody and nothing is in two
-- places at once is this key, whoever writes. Subjects are rooms, people at work (whatever their part) and parties.
CREATE TABLE booking_slot (
    county_id BYTEA NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BYTEA NOT NULL,
    slot BIGINT NOT NULL,
    booking_id BYTEA NOT NULL,
    PRIMARY KEY (county_id, subject_kind, subject_id, slot),
    CHECK (subject_kind IN ('room', 'worker', 'party'))
);
CREATE INDEX booking_slot_by_booking ON booking_slot (county_id, booking_id);

-- Closures and special openings; without a room they count for all rooms of the county.
CREATE TABLE room_closure (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    room_id BYTEA,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    opens BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (from_ms < to_ms)
);
CREATE INDEX room_closure_by_end ON room_closure (county_id, to_ms);

CREATE TABLE booking_wait (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    room_id BYTEA NOT NULL,
    starts_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    purpose_sealed BYTEA NOT NULL,
    mediation_case_id BYTEA,
    mediator_id BYTEA,
    lawyer_id BYTEA,
    parties TEXT NOT NULL,
    state TEXT NOT NULL,
    booking_id BYTEA,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (starts_ms < ends_ms),
    CHECK (state IN ('waiting', 'offered', 'taken', 'expired', 'withdrawn')),
    CHECK ((state IN ('waiting', 'withdrawn')) OR booking_id IS NOT NULL)
);
CREATE INDEX booking_wait_by_state ON booking_wait (county_id, state, created_ms);

CREATE TABLE calendar_feed (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    secret_hash BYTEA NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT,
    PRIMARY KEY (county_id, id),
    CHECK (kind IN ('room', 'worker', 'account'))
);
CREATE UNIQUE INDEX calendar_feed_one_secret ON calendar_feed (county_id, secret_hash);

-- What has ended does not come back: another booking may have its time by now.
CREATE TRIGGER booking_ended_stays BEFORE UPDATE ON booking FOR EACH ROW
    WHEN (OLD.state IN ('cancelled', 'no_show', 'released') AND NEW.state <> OLD.state)
    EXECUTE FUNCTION falin_refuse('booking.ended');

-- The second wall between counties, as in 0006_guards.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['booking', 'booking_party', 'booking_slot', 'room_closure', 'booking_wait',
        'calendar_feed']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_county ON %I USING (CASE current_setting(''falin.county'', true) '
            'WHEN ''all'' THEN true ELSE county_id = decode(current_setting(''falin.county'', true), ''hex'') END)',
            name);
    END LOOP;
END $$;
