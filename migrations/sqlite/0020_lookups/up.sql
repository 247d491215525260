-- Cases are looked up by number alone at the public door: whoever has a slip knows no flow.
CREATE INDEX casefile_by_any_number ON casefile (county_id, number);
CREATE INDEX casefile_by_any_old_number ON casefile (county_id, old_number) WHERE old_number IS NOT NULL;
