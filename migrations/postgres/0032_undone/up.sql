-- What is undone of a plugin: what a library says of a case is sealed, and which generation's hook a row means is known.
SELECT set_config('falin.county', 'all', true);
DROP TRIGGER plugin_letter_stays ON plugin_letter;
ALTER TABLE plugin_letter ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plugin_letter ADD COLUMN refusal_sealed BYTEA;
ALTER TABLE plugin_errand ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plugin_errand ADD COLUMN cursor_sealed BYTEA;

-- Of what stood in clear the code alone is kept. Rows that are there mean the hooks of the generation in use.
UPDATE plugin_letter SET refusal = COALESCE(refusal::json ->> 'code', 'plugin.failed'), generation = COALESCE((
    SELECT i.generation FROM plugin_install i
    WHERE i.county_id = plugin_letter.county_id AND i.plugin = plugin_letter.plugin), 0);
UPDATE plugin_errand SET generation = COALESCE((
    SELECT i.generation FROM plugin_install i
    WHERE i.county_id = plugin_errand.county_id AND i.plugin = plugin_errand.plugin), 0);

-- A letter was answered although its work was only handed on to a library: it waits for that.
UPDATE plugin_letter SET state = 'waiting', version = version + 1 WHERE state = 'done' AND EXISTS (
    SELECT 1 FROM plugin_errand e
    WHERE e.county_id = plugin_letter.county_id AND e.plugin = plugin_letter.plugin AND e.kind = plugin_letter.kind
        AND e.code = plugin_letter.code AND e.position = plugin_letter.position
        AND e.period = plugin_letter.period AND e.subject_id = plugin_letter.subject_id);

-- What goes on about a case that is only stored ends, as if it had ended with the restriction.
UPDATE plugin_letter SET state = 'dropped', version = version + 1 WHERE state = 'waiting' AND subject_id IN (
    SELECT c.id FROM casefile c WHERE c.county_id = plugin_letter.county_id AND c.restricted_ms IS NOT NULL);
DELETE FROM plugin_errand WHERE subject_id IN (
    SELECT c.id FROM casefile c WHERE c.county_id = plugin_errand.county_id AND c.restricted_ms IS NOT NULL);
DELETE FROM plugin_export WHERE EXISTS (
    SELECT 1 FROM casefile c WHERE c.county_id = plugin_export.county_id AND c.restricted_ms IS NOT NULL
        AND c.flow LIKE plugin_export.plugin || '/%');
UPDATE deadline SET next_ms = NULL, version = version + 1, dropped_ms = (
    SELECT c.restricted_ms FROM casefile c WHERE c.county_id = deadline.county_id AND c.id = deadline.subject_id)
WHERE met_ms IS NULL AND dropped_ms IS NULL AND subject_id IN (
    SELECT c.id FROM casefile c WHERE c.county_id = deadline.county_id AND c.restricted_ms IS NOT NULL);

CREATE TRIGGER plugin_letter_stays BEFORE UPDATE ON plugin_letter FOR EACH ROW WHEN (OLD.state = 'done')
    EXECUTE FUNCTION falin_refuse('plugin_letter.done');
