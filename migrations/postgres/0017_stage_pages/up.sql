-- What a county makes of a plugin beside its cases: settings, posts, imports, what an upgrade moved, what a removal kept.

-- States that keep their case under another name when a version is put in use, in both directions.
CREATE TABLE flow_rename (
    flow TEXT NOT NULL,
    from_version INTEGER NOT NULL,
    to_version INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    PRIMARY KEY (flow, from_version, to_version, from_state, to_state)
);

-- The values that a county has given the settings of a plugin, one JSON object.
CREATE TABLE plugin_setting (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    plugin TEXT NOT NULL,
    settings TEXT NOT NULL,
    account_id BYTEA,
    changed_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, plugin)
);

-- Who holds a post of a plugin at which place, and until when: a withdrawn one stays to be read.
CREATE TABLE plugin_post (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    plugin TEXT NOT NULL,
    post TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    division_id BYTEA,
    granted_by BYTEA,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK (to_ms IS NULL OR to_ms >= from_ms)
);
CREATE UNIQUE INDEX plugin_post_once ON plugin_post
    (county_id, plugin, post, account_id, COALESCE(division_id, county_id)) WHERE to_ms IS NULL;
CREATE INDEX plugin_post_by_account ON plugin_post (county_id, account_id) WHERE to_ms IS NULL;

-- A table that was read for a plugin: checked, put into cases, or taken back. A refused file leaves no row.
CREATE TABLE plugin_batch (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    plugin TEXT NOT NULL,
    code TEXT NOT NULL,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('checked', 'done', 'undoing', 'undone')),
    row_count INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    known INTEGER NOT NULL,
    findings TEXT NOT NULL,
    rows_sealed BYTEA,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    decided_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK ((rows_sealed IS NOT NULL) = (state = 'checked'))
);
CREATE INDEX plugin_batch_by_time ON plugin_batch (county_id, plugin, created_ms, id);

-- The cases that came out of it, at the version in which it left them.
CREATE TABLE plugin_batch_case (
    county_id BYTEA NOT NULL,
    case_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    case_version BIGINT NOT NULL,
    PRIMARY KEY (county_id, case_id),
    FOREIGN KEY (county_id, batch_id) REFERENCES plugin_batch (county_id, id)
);
CREATE INDEX plugin_batch_case_by_batch ON plugin_batch_case (county_id, batch_id);

-- Cases that an upgrade moved to its version, and where they stood: a rollback puts them back.
CREATE TABLE plugin_turn (
    county_id BYTEA NOT NULL,
    case_id BYTEA NOT NULL,
    plugin TEXT NOT NULL,
    to_version INTEGER NOT NULL,
    from_version INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, case_id, to_version)
);
CREATE INDEX plugin_turn_by_plugin ON plugin_turn (county_id, plugin, to_version);

-- The cases of a plugin that was taken out, one zip of tables, kept for a while.
CREATE TABLE plugin_export (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    plugin TEXT NOT NULL,
    case_count INTEGER NOT NULL,
    body_sealed BYTEA NOT NULL,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);

-- When the version in use was put in use: workers that die soon after take it back by themselves.
ALTER TABLE plugin_install ADD COLUMN upgraded_ms BIGINT;

-- A case keeps its moves; beside them it may take the name that its state has in another version.
CREATE OR REPLACE FUNCTION falin_casefile_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.flow <> OLD.flow OR (NEW.closed_ms IS NOT NULL) <> (
        SELECT s.closed FROM flow_state s WHERE s.flow = NEW.flow AND s.flow_version = NEW.flow_version
          AND s.state = NEW.state) OR (NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM flow_move m WHERE m.flow = OLD.flow AND m.flow_version = OLD.flow_version
          AND m.from_state = OLD.state AND m.to_state = NEW.state) AND NOT EXISTS (
        SELECT 1 FROM flow_rename r WHERE r.flow = OLD.flow AND r.from_version = OLD.flow_version
          AND r.to_version = NEW.flow_version AND r.from_state = OLD.state AND r.to_state = NEW.state)) THEN
        RAISE EXCEPTION 'falin: casefile.move';
    END IF;
    RETURN NEW;
END $$;

-- Cases and their steps stay, but for those of an import that is being taken back.
CREATE FUNCTION falin_taken_back(county BYTEA, the_case BYTEA) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM plugin_batch_case c JOIN plugin_batch b ON b.county_id = c.county_id AND b.id = c.batch_id
        WHERE c.county_id = county AND c.case_id = the_case AND b.state = 'undoing')
$$;
CREATE FUNCTION falin_case_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF falin_taken_back(OLD.county_id, OLD.id) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'falin: casefile.kept';
END $$;
CREATE FUNCTION falin_step_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF falin_taken_back(OLD.county_id, OLD.case_id) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'falin: casefile_step.append_only';
END $$;
DROP TRIGGER casefile_no_delete ON casefile;
CREATE TRIGGER casefile_no_delete BEFORE DELETE ON casefile FOR EACH ROW
    EXECUTE FUNCTION falin_case_kept();
DROP TRIGGER casefile_step_no_delete ON casefile_step;
CREATE TRIGGER casefile_step_no_delete BEFORE DELETE ON casefile_step FOR EACH ROW
    EXECUTE FUNCTION falin_step_kept();

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['plugin_setting', 'plugin_post', 'plugin_batch', 'plugin_batch_case', 'plugin_turn',
        'plugin_export']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_county ON %I USING (CASE current_setting(''falin.county'', true) '
            'WHEN ''all'' THEN true ELSE county_id = decode(current_setting(''falin.county'', true), ''hex'') END)',
            name);
    END LOOP;
END $$;
