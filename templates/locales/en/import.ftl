### The command line: importing rosters, taking them back, exports, and in which county.

cli-place-empty = There is no county here yet. Import its divisions first: falin import divisions FILE --place CODE
cli-place-several = There are several counties here; name one with --place CODE.
cli-import-figures = { $rows } rows read, { $accepted } taken: { $new } new, { $changed } changed, { $unchanged } unchanged
cli-import-dry = A dry run: nothing was changed.
cli-import-batch = Imported. To take it back: falin import undo { $batch }
cli-import-undone = { $file } is taken back: { $new } new rows removed, { $changed } changed rows as before.
cli-import-dropped = { $file } was only checked and is thrown away; nothing was changed.
cli-import-cases = { $file }: { $new } open cases taken over, { $known } were here already.
cli-import-cases-fault = row { $row }, { $column }: { $text }
cli-plugin-import-figures = { $file }: { $rows } rows, { $new } new cases, { $known } known already, { $faulty } with faults and left out
cli-plugin-import-none = No row is new and sound: nothing was changed.
cli-finding-sheet = sheet
cli-finding-row = row
cli-finding-column = column
cli-finding-what = what is wrong
cli-finding-fix = what to do
cli-finding-then = row
cli-finding-error = left out
cli-finding-warning = taken
cli-finding-more = And { $count } more; --json lists them all.
cli-export-done = Written to { $file }
cli-export-format = Say what to write: --format xlsx, csv or json.
cli-export-out = xlsx goes into a file: add --out FILE.
