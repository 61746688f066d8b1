/** Words of backups, the restore drill and restored vaults. */
export const backup = {
  "backup.act": "Back up now",
  "backup.behind":
    "The vault here goes on where the backup ends, with {n} more {n|entry|entries} of this device. A new backup would hold them, too.",
  "backup.by_code": "By a recovery code instead",
  "backup.chosen": "Folder of the backup",
  "backup.chosen.hint": "Its name ends in .outpost-backup.",
  "backup.code": "Recovery code",
  "backup.code.hint": "Ask the center for a code of device {device}, set {set}. It is not used up by testing.",
  "backup.code.none": "No recovery code is left in this backup. It opens by a password only.",
  "backup.code.what": "The center reads one out by telephone. It needs the set that the backup shows.",
  "backup.days": "The last backup is {n} {n|day|days} old.",
  "backup.drill": "Test a backup",
  "backup.drill.act": "Only test it",
  "backup.drill.what":
    "Opens a copy of the backup beside everything else, checks every entry in it, and removes the copy. Neither the backup nor this vault is touched.",
  "backup.due": "A backup is due.",
  "backup.entries": "{n} {n|entry|entries}.",
  "backup.faulty": "The backup can be opened, but something is wrong with it.",
  "backup.faulty.vault": "Something is wrong with the vault itself, and so with its backup. Call the center.",
  "backup.former": "Accounts or passwords are others since; that backup has the former ones.",
  "backup.holds": "Holds",
  "backup.last": "Last backup {when}, {n} {n|day|days} ago.",
  "backup.made": "Made",
  "backup.never": "This vault was never backed up.",
  "backup.newest": "Newest entry",
  "backup.of": "Of",
  "backup.older": "An earlier version of Outpost wrote it; the copy could be brought up to date.",
  "backup.other":
    "Where the backup ends, this vault has another entry: they are two histories of one device. Call the center.",
  "backup.password.hint":
    "An account and its password as they were when the backup was made: a password that was changed since does not open it.",
  "backup.same": "The vault here holds nothing more.",
  "backup.seen": "Says that it is of site {site}, device {device}, made {when}.",
  "backup.slot_unbound":
    "This account's key in the backup does not prove which vault it was made for. Sign in to the vault with this account once, and back up again.",
  "backup.subjects": "{n} {n|subject|subjects}.",
  "backup.title": "Backup",
  "backup.to": "Back up",
  "backup.unnoted":
    "The vault's journal could not take it in; its own disk may be full. The backup is whole all the same.",
  "backup.untouched": "Nothing was changed: neither the backup nor a vault.",
  "backup.what":
    "Writes the whole vault, still encrypted, into a folder of its own, and reads it back. Keep it apart from this computer.",
  "backup.whole": "The backup is whole: every entry in it was checked.",
  "backup.written": "{n} {n|entry|entries}, {size} KiB, written, read back and synced:",

  "older.notice":
    "This computer knows a later state of this vault. It can be read; nothing can be entered before the center's reply is imported. Call the center.",
  "older.title": "An older copy of this vault",
  "older.what":
    "Somebody put an older folder in the place of this vault. If the newer folder is still there, lock this vault and put that one back: then nothing is lost. Else look for a backup that is newer than this copy: lock this vault, and choose “Restore from a backup” on the first screen. What no backup holds is only at the center, as far as it was sent. Call the center.",

  "pick.none": "Nothing chosen yet",

  "restore.act": "Put the vault back here",
  "restore.aside":
    "It does not open any more, or is an older copy than this backup: set it aside. Its folder is renamed, with the reason and today's date in the name; nothing of it is removed.",
  "restore.done": "The vault is put back",
  "restore.fork":
    "The old computer must not be used any more. Two computers that go on from one backup write two histories, and the center keeps the second one apart.",
  "restore.here":
    "This computer has a vault of that device already. Open it from the list above. A backup takes its place only where it does not open any more, or is an older copy.",
  "restore.next": "To the sign-in",
  "restore.same_code":
    "It was opened by a recovery code. At the sign-in choose “Password forgotten” and type the same code: it sets your new password.",
  "restore.set_aside": "The vault that did not open is kept as it was, in the folder {folder}",
  "restore.set_aside.foreign": "The vault that only had this device's name is kept as it was, in the folder {folder}",
  "restore.set_aside.older": "The older copy is kept as it was, in the folder {folder}",
  "restore.set_aside.unknown":
    "The vault that was here is kept as it was, in the folder {folder}. It may be whole: this backup does not have its key. If there is a backup that was made after the last account was closed, call the center before you go on: with that one it may open again.",
  "restore.shut": "Who can sign in to the vault that is here",
  "restore.shut.password": "Today's password, or a recovery code",
  "restore.sure.here": "Nobody goes on with the vault that is here, neither on this computer nor on another one.",
  "restore.sure": "The old computer is lost or broken, and nobody goes on with it.",
  "restore.title": "Restore from a backup",
  "restore.unbound": "I know where this backup comes from, and take it without that proof.",
  "restore.what":
    "For a computer that was lost or broke: makes the vault on this computer as it was when the backup was made.",
  "restore.words":
    "Before you sign in, call the center and compare the words below with those that it has. If any word differs, somebody else made this folder: do not sign in.",
  "restore.words.center": "Words of the center's key",

  "restored.code": "{user}: code {code} of set {set}",
  "restored.codes":
    "While this copy waits these people came in by recovery codes. Before work goes on, ask the center whether it read out each code for just that account. If not, enter and send nothing.",
  "restored.import":
    "Call the center: it is to make a whole reply for site {site}, today. Import that below. It brings back what the center holds beyond this copy, and work goes on from there.",
  "restored.notice":
    "This vault was put back from a backup. It can be read; nothing can be entered before its words were compared with the center's and the center's reply is imported.",
  "restored.nothing": "The center has nothing newer",
  "restored.nothing.hint":
    "Only if the center says so, and has the same words: no bundle left the old computer after the backup was made. Otherwise two histories begin here, and what is entered from now on is kept apart.",
  "restored.nothing.title": "Go on without a reply?",
  "restored.nothing.yes": "The center says so: go on",
  "restored.passwords":
    "Passwords are those of {when}: whoever has set another one since signs in with the former one. Once work goes on, everybody sets a new one. Whose password was replaced since by an administrator or a code, as far as the center's reply tells, needs another one from an administrator; what was never sent nobody knows.",
  "restored.title": "Put back from a backup",
  "restored.to": "To the page Sync",
  "restored.what":
    "Until it is known what the center holds, nothing can be entered: entries that were sent after this copy was made would be contradicted.",
  "restored.words":
    "Whoever put it back may have been deceived: before work goes on, call the center and compare these words with those that it has. If any word differs, somebody else made this vault: enter and send nothing.",

  "refused.account_closed": "This account was closed after the backup was made. Sign in with another one.",
  "refused.awaits_center":
    "This vault is a copy of an earlier state. Import a whole reply of the center first, on the page Sync. Nothing was changed.",
  "refused.backup_unreadable":
    "This computer does not allow reading this backup. Copy it to a stick or folder that you may read.",
  "refused.bad_copy":
    "The backup is not what was written: a file is missing or damaged, or the copy did not read back. Use another backup, or another stick.",
  "refused.behind":
    "The center holds entries of this device that are not here. Ask it for a whole reply for this site, and import that.",
  "refused.checkpoint_unread":
    "The checkpoint of this vault could not be read, so nothing can be entered. Go to the page Sync and have it looked for once more. Nothing was changed.",
  "refused.device_here": "This computer has a vault of that device already. Nothing was changed.",
  "refused.no_backup": "This folder holds no backup. Choose the folder whose name ends in .outpost-backup.",
  "refused.old_reply":
    "This reply is an old one: it was read before, or the center said more already. Ask the center for a new whole reply for this site, and import that. Nothing was changed.",
  "refused.overtaken":
    "An account was closed while the backup was made, so the vault was written anew. Nothing is damaged; back up again.",
  "refused.slot_unbound":
    "This account's key does not prove that this is the vault that it was made for. Use another account, or call the center before you go on.",
  "refused.slots_mended":
    "The vault of that device on this computer is whole. Only the file with its passwords was damaged, and is put right. Sign in to it from the list above. Nothing was set aside.",
  "refused.vault_damaged":
    "This vault is damaged and does not open. Nothing was changed. Call the center. If there is a backup, choose “Restore from a backup” on the first screen: it sets the damaged vault aside.",
  "refused.vault_shut":
    "The vault that is here has other keys than the backup: an account was closed since, for example. Somebody who has an account in it is to type its password of today, too. Nothing was changed.",
  "refused.vault_sound":
    "The vault of that device on this computer is whole. Sign in to it; if the password is lost, use a recovery code. Nothing was changed.",
  "refused.way_in_revoked":
    "The password or code by which you signed in was replaced or used after this copy was made, and opens nothing once work goes on. Let somebody else sign in and do this; an administrator then gives you another password. If this account is the only one, ask the center for another recovery code. Nothing was changed.",
  "refused.wrong_password_here":
    "The backup was opened, but name and password of the vault that is here do not fit together. Type them as they are today. Nothing was changed.",

  "unread.notice":
    "The checkpoint of this vault could not be read. The vault can be read; nothing can be entered before the checkpoint is looked for once more.",
  "unread.title": "The checkpoint could not be read",
  "unread.what":
    "Outside this vault's folder this computer keeps how far the vault had come. It could not be read at the sign-in: another program may have held it, or a file or folder is damaged or locked. Until it is compared nobody knows whether this is the newest state of the vault, so nothing is written.",
  "unread.without": "Look for it once more",
  "unread.without.hint":
    "It is looked for once more. If it is there, work goes on as if nothing had been. If it still can't be read, work goes on without it, and the center is told by whose word. Only if you know that nobody put an older folder in the place of this vault.",
  "unread.without.title": "Go on, if need be without the checkpoint?",
  "unread.without.yes": "Look for it, and go on",
} as const;
