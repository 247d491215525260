DROP TRIGGER casefile_no_delete ON casefile;
DROP TRIGGER casefile_step_no_delete ON casefile_step;
DROP FUNCTION falin_case_kept;
DROP FUNCTION falin_step_kept;
DROP FUNCTION falin_taken_back;
CREATE OR REPLACE FUNCTION falin_casefile_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.flow <> OLD.flow OR (NEW.closed_ms IS NOT NULL) <> (
        SELECT s.closed FROM flow_state s WHERE s.flow = NEW.flow AND s.flow_version = NEW.flow_version
          AND s.state = NEW.state) OR (NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM flow_move m WHERE m.flow = OLD.flow AND m.flow_version = OLD.flow_version
          AND m.from_state = OLD.state AND m.to_state = NEW.state)) THEN
        RAISE EXCEPTION 'falin: casefile.move';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE plugin_install DROP COLUMN upgraded_ms;
DROP TABLE plugin_export;
DROP TABLE plugin_turn;
DROP TABLE plugin_batch_case;
DROP TABLE plugin_batch;
DROP TABLE plugin_post;
DROP TABLE plugin_setting;
DROP TABLE flow_rename;
CREATE TRIGGER casefile_no_delete BEFORE DELETE ON casefile FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('casefile.kept');
CREATE TRIGGER casefile_step_no_delete BEFORE DELETE ON casefile_step FOR EACH ROW
    EXECUTE FUNCTION falin_refuse('casefile_step.append_only');
