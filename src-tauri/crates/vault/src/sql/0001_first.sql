-- Schema 1. Frozen once released: later changes come as further files.

-- One row: everything that a save changes besides the entry and the folded rows, so that a commit touches few pages.
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,          -- rises at each unlock
    seq INTEGER NOT NULL,            -- last entry of this device's log
    head BLOB NOT NULL,              -- its id
    at_ms INTEGER NOT NULL,          -- its wall clock
    tick_ms INTEGER NOT NULL,        -- hybrid clock: greatest seen
    tick_count INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,   -- last seq that the center confirmed
    pending INTEGER NOT NULL,        -- changes to subjects after it
    pending_at_ms INTEGER NOT NULL,  -- wall clock of the oldest of them
    drafts BLOB NOT NULL,            -- SHA-256 over the drafts
    digest BLOB NOT NULL             -- set hash over all rows of `fold` and `summary`
) STRICT;

-- What hardly ever changes.
CREATE TABLE card (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    study TEXT NOT NULL,
    site TEXT NOT NULL,
    device TEXT NOT NULL,
    rows INTEGER NOT NULL,           -- layout of the folded rows
    side BLOB NOT NULL               -- set hash over setting, blob, bundle, receipt
) STRICT;

-- keyslots.json as it must be: an altered or older file is noticed, and put right.
CREATE TABLE slots (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    current BLOB NOT NULL,
    next BLOB,                       -- while it is being replaced
    next_acted INTEGER NOT NULL      -- whether an entry already says so: then it goes forward, not back
) STRICT;

-- The journal. place = log number << 40 | seq: one table in the order of writing, no second index.
CREATE TABLE entry (
    place INTEGER PRIMARY KEY,
    line BLOB NOT NULL
) STRICT;
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;

-- Logs whose entries are held. This device's own log has the greatest number, so that its entries append.
CREATE TABLE log (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL,            -- last linked entry; this device's own stands in `head`
    head BLOB NOT NULL
) STRICT;

-- Subjects; number 0 stands for entries that concern none.
CREATE TABLE subject (
    no INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;

-- The entries of a subject.
CREATE TABLE about (
    subject INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (subject, place)
) STRICT, WITHOUT ROWID;

-- Free texts, beside the entries that commit to them. A redacted one keeps its commitment.
CREATE TABLE text (
    id BLOB PRIMARY KEY,
    salt TEXT,
    words TEXT
) STRICT, WITHOUT ROWID;

-- Everything folded. Can be rebuilt from the journal.
CREATE TABLE fold (
    subject INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    place TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (subject, kind, place)
) STRICT, WITHOUT ROWID;

-- The one folded row per subject that lists need, apart so that a list reads little.
CREATE TABLE summary (
    subject INTEGER PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- Typed and not yet left.
CREATE TABLE draft (
    subject TEXT NOT NULL,
    cell TEXT NOT NULL,
    words TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by TEXT NOT NULL,
    PRIMARY KEY (subject, cell)
) STRICT, WITHOUT ROWID;

-- Entries that came before those that they follow.
CREATE TABLE parked (
    log TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (log, seq, id)
) STRICT, WITHOUT ROWID;

-- The other branch of a forked log: kept, never folded.
CREATE TABLE quarantine (
    log TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (log, seq, id)
) STRICT, WITHOUT ROWID;

-- Bundles written and read here.
CREATE TABLE bundle (
    id TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('sent', 'received')),
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The center's signed word, as received.
CREATE TABLE receipt (
    bundle TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    head BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    id BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
