-- The center's database, version 1. Frozen: later versions append.
CREATE TABLE site (
    id    TEXT PRIMARY KEY,
    name  TEXT NOT NULL,
    added INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    log        TEXT PRIMARY KEY,
    site       TEXT NOT NULL REFERENCES site (id),
    key        TEXT NOT NULL,
    age        TEXT NOT NULL,
    state      TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE log (
    number    INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    forked_at INTEGER
) STRICT;

-- The journal. Lines are appended per log, so this tree grows at few places.
CREATE TABLE entry (
    log  INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    id   BLOB NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
    number INTEGER PRIMARY KEY,
    key    TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE subject_entry (
    subject INTEGER NOT NULL,
    log     INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (subject, log, seq)
) STRICT, WITHOUT ROWID;

-- The other branch of a fork.
CREATE TABLE quarantine (
    log    INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    id     BLOB NOT NULL,
    line   BLOB NOT NULL,
    bundle BLOB NOT NULL,
    PRIMARY KEY (log, seq, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE words (
    digest BLOB PRIMARY KEY,
    salt   TEXT NOT NULL,
    words  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mark (
    log   TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    head  BLOB NOT NULL,
    PRIMARY KEY (log, epoch, seq, head)
) STRICT, WITHOUT ROWID;

-- What a device said last that it holds of a log.
CREATE TABLE heard (
    device TEXT NOT NULL,
    log    TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    head   BLOB NOT NULL,
    PRIMARY KEY (device, log)
) STRICT, WITHOUT ROWID;

CREATE TABLE bundle (
    id        BLOB PRIMARY KEY,
    log       TEXT NOT NULL,
    first     INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    received  INTEGER NOT NULL,
    state     TEXT NOT NULL,
    entries   INTEGER NOT NULL,
    receipt   BLOB,
    signature TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX bundle_log ON bundle (log, state, first);

CREATE TABLE alarm (
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    log    TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    bundle BLOB NOT NULL,
    PRIMARY KEY (log, kind, seq, bundle)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusal (
    number INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    file   TEXT NOT NULL,
    code   TEXT NOT NULL,
    words  TEXT NOT NULL
) STRICT;
