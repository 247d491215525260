-- Lists of calls leave out what is only stored: few rows among all, found without reading the others.
CREATE INDEX household_restricted ON household (county_id, id) WHERE restricted_ms IS NOT NULL;
CREATE INDEX casefile_restricted ON casefile (county_id, id) WHERE restricted_ms IS NOT NULL;
