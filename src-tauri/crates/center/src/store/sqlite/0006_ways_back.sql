-- The center's database, version 6: ways back in. Frozen: later versions append.

-- The entries about recovery codes: nobody reads whole logs for them. No version before this one knew such entries.
CREATE TABLE IF NOT EXISTS recovery_entry (
    log INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

-- The last entry that says that the device's vault was put back from a copy.
ALTER TABLE log ADD COLUMN restored_at INTEGER;

-- The last place that an alarm is about, where it is about several.
ALTER TABLE alarm ADD COLUMN last INTEGER;

-- The kits that were made. A device shows by the code that it was founded by one.
CREATE TABLE IF NOT EXISTS kit (
    number INTEGER PRIMARY KEY,
    site   TEXT NOT NULL REFERENCES site (id),
    made   INTEGER NOT NULL,
    code   TEXT NOT NULL
) STRICT;

-- The kit by which a device showed that it was founded.
ALTER TABLE device ADD COLUMN kit INTEGER;
