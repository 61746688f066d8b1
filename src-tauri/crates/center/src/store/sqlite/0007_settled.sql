-- The center's database, version 7: forks that people settled. Frozen: later versions append.

-- The place in the center's log at which the branch of an entry that is kept aside was put aside for good.
ALTER TABLE quarantine ADD COLUMN settled INTEGER;

-- The last entry of a log that was given to another device. What was given before this was noted, nobody knows: all that is held
-- of it counts as given where the site has another device.
ALTER TABLE log ADD COLUMN given INTEGER;

UPDATE log SET given = (SELECT max(seq) FROM entry WHERE entry.log = log.number)
    WHERE EXISTS (
        SELECT 1 FROM device AS own JOIN device AS other ON other.site = own.site AND other.log <> own.log
        WHERE own.log = log.name AND own.state IN ('approved', 'revoked') AND other.state IN ('approved', 'revoked')
    );
