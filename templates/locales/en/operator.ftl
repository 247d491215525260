# What the operator's commands say: migration, doctor, backup, keys, journal, demo.
cli-migrate-nothing = The schema is up to date.
cli-migrate-waiting = Migrations that wait: { $names }
cli-migrate-done = Migrations run: { $names }
cli-backup-where = Name the file to back up to, or a folder with --to.
cli-backup-done = Backup written, read again and found whole: { $file } ({ $rows } rows)
cli-restore-rehearsed = Rehearsed: all { $rows } rows can be restored, and the journal verifies.
cli-restore-done = { $rows } rows restored.
cli-copy-done = { $rows } rows copied; every table has the same count.
cli-key-sheet = Print this key and put it into a safe. Without it no backup can be restored. Fingerprint { $fingerprint }
cli-key-facts = Key fingerprint { $fingerprint }; sealing key number { $number } is in use.
cli-key-rotating = Sealing anew
cli-key-rotated = A new key is in use; { $fields } fields were sealed anew. Print a new sheet for the safe now with falin key export: the old one restores no backup from here on.
cli-audit-chain = { $county }: { $sealed } entries sealed, { $unsealed } waiting for their seal
cli-audit-cut = The tail was cut, or the anchor was not signed here.
cli-audit-faults = Wrong: { $faults }
cli-demo-step = { $county }: { $step }
cli-demo-links =
    1. Find your lawyer, on a phone, without signing in: { $url }/en/620200/
       One village ({ $name }): { $url }/en/620200/villages/{ $village }
       What scanning a contact card shows: { $url }/c/{ $card }
       The county administrator hands this lawyer's work over ({ $url }/desk/handovers/new); scan again: same card, new lawyer.
    2. County administrator: your own spreadsheet, or this one: { $trial }
       Bring it: { $url }/desk/rosters/new  A dry run shows the faults of each cell; an import can be undone. The pairing plan: { $url }/desk/plans
    3. County administrator: what is late: { $url }/desk/deadlines
       Two window clerks book one room: { $url }/desk/bookings/new  The second reads what clashes, and three free times.
    4. County administrator: the month's report: { $url }/desk/statistics  Click a figure for its rows; village, township and county agree.
    5. County administrator: a workflow from a file: { $url }/desk/plugins/new  Upload { $package }
       Read what it asks for, put it in use: the menu has it, without a restart. Upgrade and roll back with { $newer }
       Put “Fault drill” on the shelf ({ $url }/desk/plugins) in use and break it: one page breaks, and nothing else.
    Sign in at { $url }/en/620200/sign-in  The six digits need no phone: in another terminal, falin demo --code --data { $data }
cli-demo-told = All sample cases of the county's workflows are there
cli-demo-step-told = Sample cases:
cli-demo-county = Accounts of { $county } (name, password):
cli-demo-accounts = Accounts, tokens and second-factor secrets are in { $file }
doctor-key = { $state ->
    [green] The key file is there, and only this account can read it.
   *[other] The key file is gone, or other accounts can read it.
}
doctor-key-todo = Restore keys/falin.key from the sheet in the safe, with permissions 600.
doctor-data = { $state ->
    [green] The data directory can be written.
   *[other] The data directory cannot be written.
}
doctor-data-todo = See whether the disk is full or its permissions were changed.
doctor-room = { $state ->
    [green] The disk has { $detail } MiB left.
    [amber] The disk has only { $detail } MiB left: a backup may not fit.
   *[other] The disk has only { $detail } MiB left: writes will soon fail.
}
doctor-room-todo = Make room, move old backups elsewhere, and get a larger disk.
doctor-certificate = { $state ->
    [green] The certificate is valid until { $detail }.
    [amber] The certificate ends on { $detail }, which is soon.
   *[other] The certificate has ended or cannot be read: { $detail }
}
doctor-certificate-todo = Run falin init --tls NAME and start the server again.
doctor-schema = { $state ->
    [green] The schema is up to date.
   *[other] Migrations wait: { $detail }
}
doctor-schema-todo = Back up first, then run falin migrate.
doctor-backup = { $state ->
    [green] Last backup: { $detail }
    [amber] The last backup is of { $detail }: that is long ago.
   *[other] There has never been a backup.
}
doctor-backup-todo = Run falin backup --to FOLDER --keep 7d,4w,12m, every day.
doctor-rehearsal = { $state ->
    [green] Last rehearsal of a restore: { $detail }
    [amber] The last rehearsal of a restore was on { $detail }: time for another.
   *[other] No backup has ever been restored: until then it is a hope, not a backup.
}
doctor-rehearsal-todo = Run falin restore --rehearse FILE.
doctor-counties = { $state ->
    [green] Serves { $detail } counties.
   *[other] No county has been set up.
}
doctor-counties-todo = Run falin import divisions FILE --place CODE.
doctor-calendar = { $state ->
    [green] The holidays of { $detail } are loaded.
   *[other] The holidays of { $detail } are not loaded: dates are provisional.
}
doctor-calendar-todo = Run falin import holidays FILE once the State Council has published them.
doctor-destructions = { $state ->
    [green] Nothing is due for destruction.
   *[other] { $detail } destructions are due.
}
doctor-destructions-todo = Two administrators of the county see to it under "Erasure"; falin household due lists them.
doctor-cage = { $state ->
    [green] County workflows are kept in the kernel's own cage ({ $detail }).
    [amber] County workflows are kept in the second cage ({ $detail }): this kernel has no Landlock.
   *[other] County workflows cannot be caged ({ $detail }); none is loaded.
}
doctor-cage-todo = Use a kernel of 5.13 or later, or permit user namespaces.
doctor-journal = { $state ->
    [green] The journal verifies; { $detail } entries are sealed.
   *[other] The journal has been tampered with.
}
doctor-journal-todo = Run falin audit verify to see where, keep everything as it is, and tell the security and audit administrators.
cli-user-made = The account { $username } may be used. Secret of the second factor: { $secret }
cli-token-used = last used { $when }
cli-token-unused = never used
cli-token-until = ends { $when }
cli-token-revoked = revoked { $when }
cli-user-done = Account { $username }: done
cli-user-slip = { $username }  activation code { $code }  good until { $until }

cli-erasure-line = { $state }  { $due }  { $place } { $head }  { $id }
cli-deputy-line = { $from } to { $to }  { $deputy } for { $worker }  { $id }
cli-deputy-ended = { $deputy } no longer stands in
