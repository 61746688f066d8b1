-- The center's database, version 5: a device waits by its log and its key. Frozen: later versions append.

-- Whoever names a log first must not keep it from the device that writes it: each key waits by itself until people have
-- compared its words.
CREATE TABLE device_by_key (
    log        TEXT NOT NULL,
    site       TEXT NOT NULL REFERENCES site (id),
    key        TEXT NOT NULL,
    age        TEXT NOT NULL,
    state      TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    PRIMARY KEY (log, key)
) STRICT, WITHOUT ROWID;

INSERT INTO device_by_key (log, site, key, age, state, first_seen, last_seen)
    SELECT log, site, key, age, state, first_seen, last_seen FROM device;

-- Whose key signed a bundle that waits.
CREATE TABLE IF NOT EXISTS waiting_bundle (
    bundle BLOB PRIMARY KEY,
    key    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO waiting_bundle (bundle, key)
    SELECT bundle.id, device.key FROM bundle JOIN device USING (log) WHERE bundle.state = 'waiting';

DROP TABLE device;

ALTER TABLE device_by_key RENAME TO device;

-- A log has one key that counts.
CREATE UNIQUE INDEX device_known ON device (log) WHERE state IN ('approved', 'revoked');
