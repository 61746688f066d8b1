//! The clock of a serious adverse event: so many hours from the moment at which the site became aware until its report is
//! with the sponsor (ICH E2A; the study sets how many).

use study::Study;
use study::value::PartialDateTime;

use super::Report;
use casebook::{Instant, Offset};

/// Setting: hours from awareness to the report.
const WITHIN_HOURS: &str = "AE_SERIOUS_WITHIN_HOURS";
const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;

/// Where a report stands against its clock; minutes are never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not reported, and so many minutes are left.
    Due(i64),
    /// Not reported, and the time passed so many minutes ago.
    Overdue(i64),
    /// Reported in time, so many minutes after awareness.
    InTime(i64),
    /// Reported so many minutes after the time had passed.
    Late(i64),
}

impl Standing {
    /// Whether the report still has to be sent.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Due(_) | Self::Overdue(_))
    }
}

/// The clock of one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The last moment in time.
    pub deadline: Instant,
    /// Where the report stands.
    pub standing: Standing,
}

/// The hours that the study gives; none where it sets none.
pub fn reporting_hours(study: &Study) -> Option<u32> {
    study.setting(WITHIN_HOURS)?.parse().ok()
}

impl Report {
    /// Its clock at `now` under the local offset `tz`. None while the day of awareness is not known.
    ///
    /// A time that is not known to the minute counts as the earliest that it can be for awareness and the latest for the
    /// report, so that a gap in what is known never hides that a report is late.
    pub fn clock(&self, hours: u32, now: Instant, tz: Offset) -> Option<Clock> {
        let aware = minutes(self.awareness.as_ref()?, tz, false)?;
        let deadline = aware + i64::from(hours) * 60;
        let standing = match self.reported.as_ref().and_then(|reported| minutes(reported, tz, true)) {
            Some(reported) if reported <= deadline => Standing::InTime((reported - aware).max(0)),
            Some(reported) => Standing::Late(reported - deadline),
            None => match now.ms().div_euclid(MINUTE_MS) {
                now if now <= deadline => Standing::Due(deadline - now),
                now => Standing::Overdue(now - deadline),
            },
        };
        Some(Clock { deadline: Instant::from_ms(deadline * MINUTE_MS), standing })
    }
}

/// Minutes since 1970, UTC, of a moment on the local clock; what is not known of it counts as its beginning, or its end.
fn minutes(moment: &PartialDateTime, tz: Offset, end: bool) -> Option<i64> {
    let date = moment.date();
    let day = if end { date.latest() } else { date.earliest() };
    let (hour, minute, offset) = match moment.time() {
        Some(time) => {
            let minute = time.minute().unwrap_or(if end { 59 } else { 0 });
            (time.hour(), minute, time.offset_minutes().map_or(tz.minutes(), i32::from))
        }
        None if end => (23, 59, tz.minutes()),
        None => (0, 0, tz.minutes()),
    };
    Some(i64::from(day) * DAY_MINUTES + i64::from(hour) * 60 + i64::from(minute) - i64::from(offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::RowAt;
    use study::{EventKey, Repeat};

    const SHANGHAI: i32 = 480;

    fn report(awareness: &str, reported: &str) -> Report {
        let form = EventKey::new("SE.LOG", "1").form("F.SAE", "1");
        let row = RowAt { form, group: "IG.SAE".into(), repeat: Repeat::first() };
        let moment = |text: &str| text.parse().ok();
        Report { row, event: None, number: None, awareness: moment(awareness), reported: moment(reported) }
    }

    fn standing(awareness: &str, reported: &str, now: &str) -> Option<Standing> {
        let now: Instant = now.parse().expect("an instant");
        report(awareness, reported).clock(24, now, Offset::from_minutes(SHANGHAI)).map(|clock| clock.standing)
    }

    #[test]
    fn twenty_four_hours_are_counted_to_the_minute() {
        let aware = "2026-11-22T16:20";
        // 16:15 in Shanghai the next day.
        assert_eq!(standing(aware, "", "2026-11-23T08:15:02.113Z"), Some(Standing::Due(5)));
        assert_eq!(standing(aware, "", "2026-11-23T08:20:00.000Z"), Some(Standing::Due(0)));
        assert_eq!(standing(aware, "", "2026-11-23T08:21:00.000Z"), Some(Standing::Overdue(1)));
        assert_eq!(standing(aware, "2026-11-23T16:20", "2026-12-01T00:00:00.000Z"), Some(Standing::InTime(1440)));
        assert_eq!(standing(aware, "2026-11-23T16:21", "2026-12-01T00:00:00.000Z"), Some(Standing::Late(1)));
    }

    #[test]
    fn what_is_not_known_counts_against_the_clock() {
        let now = "2026-11-23T08:15:02.113Z";
        assert_eq!(standing("2026-11-22", "", now), Some(Standing::Overdue(16 * 60 + 15)), "from midnight");
        assert_eq!(standing("2026-11-22T10", "2026-11-23", now), Some(Standing::Late(13 * 60 + 59)));
        assert_eq!(standing("", "", now), None);
    }

    #[test]
    fn an_offset_that_was_written_down_is_heeded() {
        let now = "2026-11-23T08:15:00.000Z";
        assert_eq!(standing("2026-11-22T08:20Z", "", now), Some(Standing::Due(5)));
        assert_eq!(standing("2026-11-22T10:20+02:00", "", now), Some(Standing::Due(5)));
        let tz = Offset::from_minutes(SHANGHAI);
        let clock = report("2026-11-22T16:20", "").clock(24, now.parse().expect("now"), tz).expect("a clock");
        assert_eq!(clock.deadline.local(tz).get(..16), Some("2026-11-23T16:20"));
    }
}
