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
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    settings TEXT NOT NULL,
    account_id BLOB,
    changed_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, plugin)
);

-- Who holds a post of a plugin at which place, and until when: a withdrawn one stays to be read.
CREATE TABLE plugin_post (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    post TEXT NOT NULL,
    account_id BLOB NOT NULL,
    division_id BLOB,
    granted_by BLOB,
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
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    code TEXT NOT NULL,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('checked', 'done', 'undoing', 'undone')),
    row_count INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    known INTEGER NOT NULL,
    findings TEXT NOT NULL,
    rows_sealed BLOB,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    decided_ms BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CHECK ((rows_sealed IS NOT NULL) = (state = 'checked'))
);
CREATE INDEX plugin_batch_by_time ON plugin_batch (county_id, plugin, created_ms, id);

-- The cases that came out of it, at the version in which it left them.
CREATE TABLE plugin_batch_case (
    county_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    batch_id BLOB NOT NULL,
    case_version BIGINT NOT NULL,
    PRIMARY KEY (county_id, case_id),
    FOREIGN KEY (county_id, batch_id) REFERENCES plugin_batch (county_id, id)
);
CREATE INDEX plugin_batch_case_by_batch ON plugin_batch_case (county_id, batch_id);

-- Cases that an upgrade moved to its version, and where they stood: a rollback puts them back.
CREATE TABLE plugin_turn (
    county_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
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
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    case_count INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);

-- When the version in use was put in use: workers that die soon after take it back by themselves.
ALTER TABLE plugin_install ADD COLUMN upgraded_ms BIGINT;

-- A case keeps its moves; beside them it may take the name that its state has in another version.
DROP TRIGGER casefile_moves;
CREATE TRIGGER casefile_moves BEFORE UPDATE OF state, flow, flow_version, closed_ms ON casefile FOR EACH ROW
    WHEN NEW.flow <> OLD.flow
        OR (NEW.closed_ms IS NOT NULL) <> (
            SELECT s.closed FROM flow_state s WHERE s.flow = NEW.flow AND s.flow_version = NEW.flow_version
              AND s.state = NEW.state)
        OR (NEW.state <> OLD.state AND NOT EXISTS (
            SELECT 1 FROM flow_move m WHERE m.flow = OLD.flow AND m.flow_version = OLD.flow_version
              AND m.from_state = OLD.state AND m.to_state = NEW.state)
            AND NOT EXISTS (
            SELECT 1 FROM flow_rename r WHERE r.flow = OLD.flow AND r.from_version = OLD.flow_version
              AND r.to_version = NEW.flow_version AND r.from_state = OLD.state AND r.to_state = NEW.state))
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile.move');
END;

-- Cases and their steps stay, but for those of an import that is being taken back.
DROP TRIGGER casefile_no_delete;
CREATE TRIGGER casefile_no_delete BEFORE DELETE ON casefile FOR EACH ROW
    WHEN NOT EXISTS (
        SELECT 1 FROM plugin_batch_case c JOIN plugin_batch b ON b.county_id = c.county_id AND b.id = c.batch_id
        WHERE c.county_id = OLD.county_id AND c.case_id = OLD.id AND b.state = 'undoing')
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile.kept');
END;

DROP TRIGGER casefile_step_no_delete;
CREATE TRIGGER casefile_step_no_delete BEFORE DELETE ON casefile_step FOR EACH ROW
    WHEN NOT EXISTS (
        SELECT 1 FROM plugin_batch_case c JOIN plugin_batch b ON b.county_id = c.county_id AND b.id = c.batch_id
        WHERE c.county_id = OLD.county_id AND c.case_id = OLD.case_id AND b.state = 'undoing')
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile_step.append_only');
END;
