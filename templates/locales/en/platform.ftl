### The platform: what was looked at, how it is, what goes on.

desk-platform-backup-last = Last one
desk-platform-rehearse = Rehearse restoring the newest

platform-check-key = Key file
platform-check-data = Data directory
platform-check-schema = Schema
platform-check-backup = Backup
platform-check-rehearsal = Restore rehearsed
platform-check-counties = Counties
platform-check-calendar = Holidays
platform-check-journal = Journal
platform-check-destructions = Destructions due
platform-check-cage = Plugin cage
platform-check-room = Disk
platform-state-green = well
platform-state-amber = see to it
platform-state-red = act now

platform-days = { $count } days
platform-hours = { $count } hours
platform-minutes = { $count } minutes
platform-backup-elsewhere = Copy them to another machine too: when this disk is gone, so are these.
platform-backup-keep = 7 days, 4 weeks, 12 months
platform-backup-size = { $size } MB in { $parts } files
platform-backup-read = read again after writing
platform-running-backup = A backup is being written. Everybody works on; look again in a while.
platform-running-rehearsal = A restore is being rehearsed. Everybody works on; look again in a while.
platform-running-rotation = Keys are being rotated, { $count } fields so far. Everybody works on; look again in a while.
platform-key-all = everything
platform-key-used = in use
