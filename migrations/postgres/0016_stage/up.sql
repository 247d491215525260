-- What the house does for plugins by itself: a job once in each period for each subject, and what could not be done.

CREATE TABLE plugin_job_run (
    county_id BYTEA NOT NULL,
    plugin TEXT NOT NULL,
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    ran_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, plugin, job, period, subject_id)
);

-- A hook or job that was refused. It stands until an administrator has it tried again, or lays it aside.
CREATE TABLE plugin_letter (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    plugin TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hook', 'job')),
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    period TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    refusal TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dropped')),
    tries INTEGER NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, plugin, kind, code, position, period, subject_id)
);
CREATE INDEX plugin_letter_waiting ON plugin_letter (county_id, state, created_ms);

CREATE TRIGGER plugin_letter_stays BEFORE UPDATE ON plugin_letter FOR EACH ROW WHEN (OLD.state = 'done')
    EXECUTE FUNCTION falin_refuse('plugin_letter.done');

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['plugin_job_run', 'plugin_letter']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_county ON %I USING (CASE current_setting(''falin.county'', true) '
            'WHEN ''all'' THEN true ELSE county_id = decode(current_setting(''falin.county'', true), ''hex'') END)',
            name);
    END LOOP;
END $$;
