-- Schema 2.

-- The wrap secrets of key slots: who knows one may put another key into that slot. So the database can be written anew
-- under another key while no password is at hand.
CREATE TABLE wrap (
    slot BLOB PRIMARY KEY,           -- SHA-256 of what is sealed in the slot
    secret BLOB NOT NULL,
    known INTEGER NOT NULL           -- 1: somebody who has left knew it
) STRICT, WITHOUT ROWID;
