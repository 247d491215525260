SELECT set_config('falin.county', 'all', true);
DROP TRIGGER plugin_letter_stays ON plugin_letter;
UPDATE plugin_letter SET refusal = '{"code":"' || refusal || '"}';
ALTER TABLE plugin_errand DROP COLUMN cursor_sealed;
ALTER TABLE plugin_errand DROP COLUMN generation;
ALTER TABLE plugin_letter DROP COLUMN refusal_sealed;
ALTER TABLE plugin_letter DROP COLUMN generation;
CREATE TRIGGER plugin_letter_stays BEFORE UPDATE ON plugin_letter FOR EACH ROW WHEN (OLD.state = 'done')
    EXECUTE FUNCTION falin_refuse('plugin_letter.done');
