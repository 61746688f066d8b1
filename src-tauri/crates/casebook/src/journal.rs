//! One log of the journal: where it ends, which lines come next, and how a line that arrives relates to what is held.
//!
//! [`LogWriter::next`] is the only place that makes lines of one's own log, [`LogEnd::judge`] the only one that decides
//! whether a received line follows, is known, leaves a gap, or contradicts. Both are pure: the caller stores.

use crate::act::{Act, ClockFault, ClockSuspected, SYSTEM};
use crate::clock::{Instant, Offset, Tick};
use crate::entry::{Entry, EntryError, Line, VERSION};
use crate::ids::EntryId;
use serde::{Deserialize, Serialize};
use study::Oid;

/// SHA-256, which this room does not know itself.
pub type Digest = fn(&[u8]) -> [u8; 32];

/// When and by whom something is done: below the shell no room reads a clock or knows who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Wall clock.
    pub at: Instant,
    /// Local offset from UTC then in force.
    pub tz: Offset,
    /// User id, or [`SYSTEM`].
    pub by: Oid,
}

impl Stamp {
    /// From milliseconds since 1970 in UTC, minutes east of UTC, and a user id.
    pub fn new(at_ms: i64, tz_minutes: i32, by: &str) -> Stamp {
        Stamp { at: Instant::from_ms(at_ms), tz: Offset::from_minutes(tz_minutes), by: by.into() }
    }

    /// The same moment in the name of the program itself.
    #[must_use]
    pub fn by_system(&self) -> Stamp {
        Stamp { by: SYSTEM.into(), ..*self }
    }
}

/// The last entry of a log that is held without a gap; `seq` 0 while none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// Its sequence number.
    pub seq: u64,
    /// Its id.
    pub head: EntryId,
}

/// How a line relates to what is held of its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It is the next one.
    Follows,
    /// The same line is held.
    Known,
    /// Lines before it have not arrived.
    Gap {
        /// The sequence number that is expected.
        expects: u64,
    },
    /// It belongs to another branch than the one held.
    Fork {
        /// The sequence number at which both branches have an entry, as far back as the line itself shows it.
        at: u64,
    },
}

impl LogEnd {
    /// The end of a log of which nothing is held.
    pub const EMPTY: LogEnd = LogEnd { seq: 0, head: EntryId::ZERO };

    /// The end of a log whose last line this is.
    pub fn of(line: &Line) -> LogEnd {
        LogEnd { seq: line.entry().seq, head: line.id() }
    }

    /// The sequence number that is expected before an entry with number `seq` can follow; none where nothing is missing.
    pub fn gap_before(&self, seq: u64) -> Option<u64> {
        (seq > self.seq + 1).then_some(self.seq + 1)
    }

    /// Judges a line of this log. `id_at` gives the id of the entry that is held at a sequence number; it is asked only
    /// where the line does not simply follow.
    ///
    /// # Errors
    /// Those of `id_at`.
    pub fn judge<E>(&self, line: &Line, id_at: impl Fn(u64) -> Result<Option<EntryId>, E>) -> Result<Link, E> {
        let (seq, prev) = (line.entry().seq, line.entry().prev);
        if let Some(expects) = self.gap_before(seq) {
            return Ok(Link::Gap { expects });
        }
        if seq == self.seq + 1 {
            return Ok(if prev == self.head { Link::Follows } else { Link::Fork { at: self.seq } });
        }
        if id_at(seq)? == Some(line.id()) {
            return Ok(Link::Known);
        }
        let parts_before = seq > 1 && id_at(seq - 1)?.is_some_and(|held| held != prev);
        Ok(Link::Fork { at: if parts_before { seq - 1 } else { seq } })
    }

    /// Judges a line of the log that is written here alone. What was never written here can't follow: somebody went on
    /// with a copy, or this is the copy.
    ///
    /// # Errors
    /// Those of `id_at`.
    pub fn judge_own<E>(&self, line: &Line, id_at: impl Fn(u64) -> Result<Option<EntryId>, E>) -> Result<Link, E> {
        Ok(match self.judge(line, id_at)? {
            Link::Follows | Link::Gap { .. } => Link::Fork { at: line.entry().seq },
            other => other,
        })
    }
}

/// What the next entry of one's own log depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// The log's end.
    pub end: LogEnd,
    /// The last entry's wall clock.
    pub at: Instant,
    /// The greatest tick of all entries seen, of whatever log.
    pub tick: Tick,
}

impl LogHead {
    /// The head of a log without entries, where nothing was seen.
    pub fn empty() -> LogHead {
        LogHead { end: LogEnd::EMPTY, at: Instant::from_ms(0), tick: Tick::default() }
    }

    /// Raises the tick, so that the next entry comes after an entry of another log that was seen while the own wall clock
    /// stood at `now`: by no more than a day beyond it, however far the other clock may be.
    pub fn see(&mut self, tick: Tick, now: Instant) {
        self.tick = self.tick.max(tick.as_seen(now));
    }
}

/// Writes one log.
#[derive(Clone, Debug)]
pub struct LogWriter {
    /// Study OID.
    pub study: Oid,
    /// The log's id: the device's, or [`CENTER`](crate::CENTER).
    pub log: Oid,
    /// Where it stands; moved by each line.
    pub head: LogHead,
}

/// The lines that one act adds to a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// `clock.suspected`, where the wall clock was behind the last entry's. The act's own entry is then no longer earlier
    /// than its predecessor, so that a wrong clock is named once and not at every act.
    pub suspected: Option<Line>,
    /// The act's own line.
    pub line: Line,
}

impl Written {
    /// The lines in their order.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.suspected.iter().chain(std::iter::once(&self.line))
    }
}

impl LogWriter {
    /// Makes the next line of the log for an act. `version` is the metadata version in force for the act's subject, none
    /// where it concerns none.
    ///
    /// # Errors
    /// When the act contradicts itself or is too long for a line; the log's end does not move then.
    pub fn next(
        &mut self,
        act: Act,
        version: Option<Oid>,
        stamp: &Stamp,
        digest: Digest,
    ) -> Result<Written, EntryError> {
        let before = self.head;
        let written = self.suspect(stamp, digest).and_then(|suspected| {
            let line = self.append(act, version, stamp, digest)?;
            Ok(Written { suspected, line })
        });
        written.inspect_err(|_| self.head = before)
    }

    fn suspect(&mut self, stamp: &Stamp, digest: Digest) -> Result<Option<Line>, EntryError> {
        if stamp.at >= self.head.at {
            return Ok(None);
        }
        let act = ClockSuspected { why: ClockFault::Backwards, tick: self.head.tick, against: self.head.at };
        self.append(act.into(), None, &stamp.by_system(), digest).map(Some)
    }

    fn append(
        &mut self,
        act: Act,
        metadata_version: Option<Oid>,
        stamp: &Stamp,
        digest: Digest,
    ) -> Result<Line, EntryError> {
        let head = &mut self.head;
        let tick = head.tick.next(stamp.at);
        let entry = Entry {
            v: VERSION,
            study: self.study.clone(),
            log: self.log.clone(),
            seq: head.end.seq + 1,
            prev: head.end.head,
            at: stamp.at,
            tz: stamp.tz,
            tick,
            by: stamp.by.clone(),
            metadata_version,
            act,
        };
        let line = Line::write(entry, digest)?;
        *head = LogHead { end: LogEnd::of(&line), at: stamp.at, tick };
        Ok(line)
    }
}

/// Where a device's log stood when it signed this: what an older copy of its vault can't know. **Frozen format: part of
/// `envelope.json`; do not modify.**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The device's log.
    pub log: String,
    /// How often the vault had been unlocked.
    pub epoch: u64,
    /// Sequence number of the newest entry.
    pub seq: u64,
    /// Its id.
    pub head: EntryId,
    /// Digest over all folded rows.
    pub state: EntryId,
    /// SHA-256 of the last receipt accepted.
    pub receipt: Option<EntryId>,
}

#[cfg(test)]
mod tests;
