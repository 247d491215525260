CREATE TABLE booking (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    room_id BLOB NOT NULL,
    starts_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    state TEXT NOT NULL,
    purpose_sealed BLOB NOT NULL,
    link_sealed BLOB,
    mediation_case_id BLOB,
    mediator_id BLOB,
    lawyer_id BLOB,
    series_id BLOB,
    flag TEXT,
    kept TEXT,
    offer_until_ms BIGINT,
    account_id BLOB,
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
    county_id BLOB NOT NULL,
    booking_id BLOB NOT NULL,
    party_id BLOB NOT NULL,
    PRIMARY KEY (county_id, booking_id, party_id)
) WITHOUT ROWID;

-- A row a quarter of an hour and thing that is held, pending bookings included: that nobody and nothing is in two
-- places at once is this key, whoever writes. Subjects are rooms, people at work (whatever their part) and parties.
CREATE TABLE booking_slot (
    county_id BLOB NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    slot BIGINT NOT NULL,
    booking_id BLOB NOT NULL,
    PRIMARY KEY (county_id, subject_kind, subject_id, slot),
    CHECK (subject_kind IN ('room', 'worker', 'party'))
) WITHOUT ROWID;
CREATE INDEX booking_slot_by_booking ON booking_slot (county_id, booking_id);

-- Closures and special openings; without a room they count for all rooms of the county.
CREATE TABLE room_closure (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    room_id BLOB,
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
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    room_id BLOB NOT NULL,
    starts_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    purpose_sealed BLOB NOT NULL,
    mediation_case_id BLOB,
    mediator_id BLOB,
    lawyer_id BLOB,
    parties TEXT NOT NULL,
    state TEXT NOT NULL,
    booking_id BLOB,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (starts_ms < ends_ms),
    CHECK (state IN ('waiting', 'offered', 'taken', 'expired', 'withdrawn')),
    CHECK ((state IN ('waiting', 'withdrawn')) OR booking_id IS NOT NULL)
);
CREATE INDEX booking_wait_by_state ON booking_wait (county_id, state, created_ms);

CREATE TABLE calendar_feed (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    secret_hash BLOB NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT,
    PRIMARY KEY (county_id, id),
    CHECK (kind IN ('room', 'worker', 'account'))
);
CREATE UNIQUE INDEX calendar_feed_one_secret ON calendar_feed (county_id, secret_hash);

-- What has ended does not come back: another booking may have its time by now.
CREATE TRIGGER booking_ended_stays BEFORE UPDATE ON booking FOR EACH ROW
    WHEN OLD.state IN ('cancelled', 'no_show', 'released') AND NEW.state <> OLD.state
BEGIN
    SELECT RAISE(ABORT, 'falin: booking.ended');
END;
