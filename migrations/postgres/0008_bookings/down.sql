DROP TRIGGER booking_ended_stays ON booking;
DROP TABLE calendar_feed;
DROP TABLE booking_wait;
DROP TABLE room_closure;
DROP TABLE booking_slot;
DROP TABLE booking_party;
DROP TABLE booking;
