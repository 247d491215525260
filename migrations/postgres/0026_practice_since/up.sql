-- The day from which a legal worker has practised, where it is known: the licence names a year alone.
ALTER TABLE worker ADD COLUMN practice_since TEXT;
