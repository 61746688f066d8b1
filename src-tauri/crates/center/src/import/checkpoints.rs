//! What a device's checkpoint gives away when it is held against earlier ones (casebook/FORMAT.md, section 7).
//!
//! A vault counts an epoch at each unlock and its log only grows. So of two honest checkpoints the one with the higher
//! epoch has the longer log, and one place of a log has one entry. Bundles may arrive in any order: an older checkpoint
//! alone is no alarm.

use crate::AlarmKind;
use crate::store::KnownCheckpoint;
use casebook::{EntryId, LogEnd};

/// Whether a vault can have made this checkpoint: at each unlock it counts an epoch and writes an entry, so there are never
/// more epochs than entries. Another one says nothing, and to remember it would hide every later rollback.
pub fn is_possible(checkpoint: &KnownCheckpoint) -> bool {
    checkpoint.epoch <= checkpoint.end.seq && i64::try_from(checkpoint.end.seq).is_ok()
}

/// Takes from what a checkpoint is compared with all that another life of the log's vault made, and gives how far the log was
/// held in its own. `at` is the entry that says that the vault was put back from a copy: the one that was lost had counted
/// epochs that the copy knows nothing of. Whatever the life, one place has one entry.
pub fn in_its_life(now: KnownCheckpoint, at: u64, known: &mut Vec<KnownCheckpoint>, held: LogEnd) -> LogEnd {
    let is_former = now.end.seq < at;
    known.retain(|one| one.end.seq == now.end.seq || (one.end.seq >= at && !is_former));
    if is_former { LogEnd::EMPTY } else { held }
}

/// Judges a checkpoint. `known` are the earlier ones, `held` is how far the log was held before this bundle, `there` is
/// the entry now held at the checkpoint's place, and `fork` the place at which the bundle contradicts what was held.
pub fn judge(
    now: Option<KnownCheckpoint>,
    known: &[KnownCheckpoint],
    held: LogEnd,
    there: Option<EntryId>,
    fork: Option<u64>,
) -> Vec<(AlarmKind, u64)> {
    let mut found = Vec::new();
    if let Some(seq) = fork {
        found.push((AlarmKind::Clone, seq));
    }
    let Some(now) = now else { return found };
    let latest = known.iter().map(|one| one.epoch).max();
    let longest_before = known.iter().filter(|one| one.epoch < now.epoch).map(|one| one.end.seq).max().unwrap_or(0);
    let is_newest = latest.is_none_or(|latest| now.epoch > latest);
    let had = if is_newest { longest_before.max(held.seq) } else { longest_before };
    if had > now.end.seq {
        found.push((AlarmKind::Truncation, now.end.seq));
    }
    let outgrown = known.iter().any(|one| one.epoch > now.epoch && one.end.seq < now.end.seq);
    if outgrown || (fork.is_some() && !is_newest) {
        found.push((AlarmKind::Rollback, now.end.seq));
    }
    let other_head = known.iter().any(|one| one.end.seq == now.end.seq && one.end.head != now.end.head);
    let contradicts = other_head || there.is_some_and(|id| id != now.end.head);
    if (contradicts && fork.is_none()) || (fork.is_some() && is_newest && had <= now.end.seq) {
        found.push((AlarmKind::Edit, fork.unwrap_or(now.end.seq)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use AlarmKind::{Clone, Edit, Rollback, Truncation};

    fn mark(epoch: u64, seq: u64, head: u8) -> KnownCheckpoint {
        KnownCheckpoint { epoch, end: LogEnd { seq, head: EntryId([head; 32]) } }
    }

    fn held(seq: u64) -> LogEnd {
        LogEnd { seq, head: EntryId::ZERO }
    }

    fn kinds(
        now: KnownCheckpoint,
        known: &[KnownCheckpoint],
        had: u64,
        there: Option<u8>,
        fork: Option<u64>,
    ) -> Vec<AlarmKind> {
        let there = there.map(|head| EntryId([head; 32]));
        judge(Some(now), known, held(had), there, fork).into_iter().map(|(kind, _)| kind).collect()
    }

    #[test]
    fn an_honest_history_raises_nothing() {
        let known = [mark(1, 10, 1), mark(3, 40, 4)];
        assert_eq!(kinds(mark(4, 41, 5), &known, 40, Some(5), None), []);
        assert_eq!(kinds(mark(3, 40, 4), &known, 40, Some(4), None), [], "the same again");
        assert_eq!(kinds(mark(2, 20, 2), &known, 40, Some(2), None), [], "an old stick was found");
        assert_eq!(kinds(mark(3, 30, 3), &known, 20, None, None), [], "written earlier in the same session");
        assert_eq!(kinds(mark(1, 5, 9), &[], 0, None, None), []);
        assert_eq!(judge(None, &known, held(40), None, None), []);
    }

    /// A vault that was put back from a copy counts on from the copy's epoch: that accuses nobody, and neither does an old stick
    /// that is found later. What goes on from there is judged as before.
    #[test]
    fn a_vault_that_was_put_back_begins_anew() {
        let judged = |now: KnownCheckpoint, known: &[KnownCheckpoint], had: u64, there: Option<u8>| {
            let mut known = known.to_vec();
            let held = in_its_life(now, 41, &mut known, held(had));
            kinds(now, &known, held.seq, there, None)
        };
        let lost = [mark(1, 10, 1), mark(7, 40, 4)];
        assert_eq!(judged(mark(2, 45, 5), &lost, 40, Some(5)), []);
        assert_eq!(kinds(mark(2, 45, 5), &lost, 40, Some(5), None), [Rollback], "what it would be otherwise");
        let both = [lost[0], lost[1], mark(3, 50, 6)];
        assert_eq!(judged(mark(6, 35, 3), &both, 50, Some(3)), [], "an old stick");
        assert_eq!(judged(mark(7, 40, 9), &both, 50, Some(4)), [Edit]);
        assert_eq!(judged(mark(2, 55, 7), &both, 50, None), [Rollback]);
        assert_eq!(judged(mark(4, 45, 5), &both, 50, Some(5)), [Truncation]);
    }

    /// A low finding: an epoch that no vault can have reached.
    #[test]
    fn there_are_never_more_epochs_than_entries() {
        for (epoch, seq, possible) in [
            (1, 1, true),
            (40, 41, true),
            (2, 1, false),
            (u64::MAX, 40, false),
            (u64::MAX, u64::MAX, false),
            (1, i64::MAX as u64 + 1, false),
        ] {
            assert_eq!(is_possible(&mark(epoch, seq, 1)), possible, "{epoch} of {seq}");
        }
    }

    #[test]
    fn a_shorter_log_is_named() {
        assert_eq!(kinds(mark(4, 30, 3), &[mark(3, 40, 4)], 40, Some(3), None), [Truncation]);
        assert_eq!(
            kinds(mark(4, 30, 3), &[mark(3, 20, 4)], 40, Some(3), None),
            [Truncation],
            "more entries came than that"
        );
        assert_eq!(kinds(mark(4, 39, 8), &[mark(3, 40, 4)], 40, Some(7), Some(39)), [Clone, Truncation]);
    }

    #[test]
    fn another_entry_at_a_known_place_is_named() {
        assert_eq!(kinds(mark(3, 40, 9), &[mark(3, 40, 4)], 40, Some(4), None), [Edit]);
        assert_eq!(kinds(mark(4, 50, 9), &[mark(3, 40, 4)], 40, Some(9), Some(12)), [Clone, Edit]);
    }

    #[test]
    fn an_older_copy_is_named() {
        let known = [mark(5, 40, 4)];
        assert_eq!(kinds(mark(4, 45, 9), &known, 40, Some(4), Some(31)), [Clone, Rollback]);
        assert_eq!(kinds(mark(4, 45, 9), &known, 20, None, None), [Rollback], "nothing of the other branch has come");
        assert_eq!(kinds(mark(5, 35, 9), &known, 40, Some(3), Some(31)), [Clone, Rollback]);
    }
}
