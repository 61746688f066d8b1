-- The center's database, version 9: whose words a free text holds. Frozen: later versions append.

-- Entries only name a text, and the center's log, which goes to every site, names texts that are about other sites. So words go to the
-- sites whose devices brought them and to those about which the center wrote them; what the center wrote is its own, too.
CREATE TABLE IF NOT EXISTS words_of (
    digest BLOB NOT NULL,
    site   TEXT NOT NULL,        -- or 'center'
    PRIMARY KEY (digest, site)
) STRICT, WITHOUT ROWID;

-- Who brought what was kept before this was noted: the center what its own entries name, and nobody else that; a site what the entries
-- of its devices name, in force or aside. A device learns what names a text of another site only from the center's entries.
INSERT OR IGNORE INTO words_of (digest, site)
    WITH written (log, line) AS (
        SELECT name, CAST(line AS TEXT) FROM entry JOIN log ON number = log
    ), whole (log, line) AS (
        SELECT log, CASE WHEN json_valid(line) THEN line ELSE '{}' END FROM written WHERE log = 'center'
    ), named (about, digest) AS (
        SELECT coalesce(line ->> '$.subject', line ->> '$.device'), unhex(part.value)
        FROM whole, json_tree(line) AS part WHERE part.key = 'text' AND part.type = 'text' AND part.path <> '$'
    ), owned (digest, site) AS (
        SELECT digest, 'center' FROM named
        UNION ALL
        SELECT digest, substr(about, 1, length(rtrim(about, replace(about, '-', ''))) - 1) FROM named WHERE about LIKE '%-%'
    )
    SELECT digest, site FROM owned WHERE digest IN (SELECT digest FROM words);

INSERT OR IGNORE INTO words_of (digest, site)
    WITH written (log, line) AS (
        SELECT name, CAST(line AS TEXT) FROM entry JOIN log ON number = log
        UNION ALL
        SELECT name, CAST(line AS TEXT) FROM quarantine JOIN log ON number = log
    ), whole (log, line) AS (
        SELECT log, CASE WHEN json_valid(line) THEN line ELSE '{}' END
        FROM written WHERE log LIKE '%-%' AND instr(line, '{"text":"') > 0
    ), named (log, digest) AS (
        SELECT log, unhex(part.value)
        FROM whole, json_tree(line) AS part WHERE part.key = 'text' AND part.type = 'text' AND part.path <> '$'
    )
    SELECT digest, substr(log, 1, length(rtrim(log, replace(log, '-', ''))) - 1) FROM named
    WHERE digest IN (SELECT digest FROM words) AND digest NOT IN (SELECT digest FROM words_of WHERE site = 'center');
