-- The center's database, version 4: redacted texts. Frozen: later versions append.

-- The texts whose words are gone for good, by their commitments: what brings them again is not kept.
CREATE TABLE IF NOT EXISTS redacted (
    digest BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
