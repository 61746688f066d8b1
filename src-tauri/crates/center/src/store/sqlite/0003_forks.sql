-- The center's database, version 3. Frozen: later versions append.

-- Of a log with two branches, the entries from the fork on were folded no more. The branch that was held first is in force
-- again: subjects with such entries are carried on.
UPDATE folded SET behind = 1 WHERE subject IN (
    SELECT subject_entry.subject FROM subject_entry JOIN log ON log.number = subject_entry.log
    WHERE log.forked_at IS NOT NULL AND subject_entry.seq >= log.forked_at
);

-- Every run looks at what is parked, of all logs.
CREATE INDEX IF NOT EXISTS bundle_parked ON bundle (log, first, last, id) WHERE state = 'parked';
