-- The center's database, version 8: texts that quote others. Frozen: later versions append.

-- Questions about what was put aside quote it. Where words are redacted, whatever quotes them is, too.
CREATE TABLE IF NOT EXISTS quote (
    digest BLOB NOT NULL,        -- of the text whose words are quoted
    copy   BLOB NOT NULL,        -- the text that quotes them
    PRIMARY KEY (digest, copy)
) STRICT, WITHOUT ROWID;
