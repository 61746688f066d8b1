-- The center's database, version 2: folded rows. Frozen: later versions append.

-- What the entries about a subject fold to. Can be folded anew from them at any time.
CREATE TABLE fold (
    subject INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    place   TEXT NOT NULL,
    value   BLOB NOT NULL,
    PRIMARY KEY (subject, kind, place)
) STRICT, WITHOUT ROWID;

-- The subjects that have folded rows.
CREATE TABLE folded (
    subject INTEGER PRIMARY KEY,
    layout  INTEGER NOT NULL,        -- of the rows
    behind  INTEGER NOT NULL         -- whether entries came since they were written
) STRICT;
