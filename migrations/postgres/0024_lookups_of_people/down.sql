DROP INDEX casefile_party_by_phone;
DROP INDEX casefile_party_by_household;
DROP INDEX casefile_party_by_name;
DROP INDEX booking_offered;
DROP INDEX deadline_open_by_due;
DROP INDEX call_open_by_time;
