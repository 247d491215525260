DROP TRIGGER casefile_moves;
DROP TRIGGER casefile_no_delete;
DROP TRIGGER casefile_step_no_delete;
ALTER TABLE plugin_install DROP COLUMN upgraded_ms;
DROP TABLE plugin_export;
DROP TABLE plugin_turn;
DROP TABLE plugin_batch_case;
DROP TABLE plugin_batch;
DROP TABLE plugin_post;
DROP TABLE plugin_setting;
DROP TABLE flow_rename;
CREATE TRIGGER casefile_moves BEFORE UPDATE OF state, flow, flow_version, closed_ms ON casefile FOR EACH ROW
    WHEN NEW.flow <> OLD.flow
        OR (NEW.closed_ms IS NOT NULL) <> (
            SELECT s.closed FROM flow_state s WHERE s.flow = NEW.flow AND s.flow_version = NEW.flow_version
              AND s.state = NEW.state)
        OR (NEW.state <> OLD.state AND NOT EXISTS (
            SELECT 1 FROM flow_move m WHERE m.flow = OLD.flow AND m.flow_version = OLD.flow_version
              AND m.from_state = OLD.state AND m.to_state = NEW.state))
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile.move');
END;
CREATE TRIGGER casefile_no_delete BEFORE DELETE ON casefile FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile.kept');
END;
CREATE TRIGGER casefile_step_no_delete BEFORE DELETE ON casefile_step FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: casefile_step.append_only');
END;
