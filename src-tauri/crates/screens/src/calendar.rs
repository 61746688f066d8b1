//! Where today lies against what is planned.

use casebook::EventLine;
use study::value::PartialDate;

use crate::messages::WindowState;

/// How far ahead the worklist looks, in days.
const AHEAD: i32 = 7;

/// A day, as days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Today(i32);

impl Today {
    /// From ISO 8601, perhaps with a time; what is no day counts as the first of all.
    pub fn new(iso: &str) -> Self {
        let day = iso.get(..10).unwrap_or(iso);
        let day =
            study::ItemKind::Date.read(day).ok().and_then(|value| value.as_date()).and_then(|date| date.day_number());
        Self(day.unwrap_or(0))
    }

    /// Where today lies against an event. Partly known dates count in a person's favour.
    pub fn state(self, line: &EventLine) -> WindowState {
        if line.missed {
            return WindowState::Missed;
        }
        if let Some(date) = &line.date {
            return match (&line.earliest, &line.latest) {
                (Some(first), _) if date.latest() < first.earliest() => WindowState::Early,
                (_, Some(last)) if date.earliest() > last.latest() => WindowState::Late,
                _ => WindowState::OnTime,
            };
        }
        if line.is_begun() {
            let settled = line.complete + line.not_done >= line.forms;
            return if settled { WindowState::OnTime } else { WindowState::Due };
        }
        let (Some(first), Some(last)) = (&line.earliest, &line.latest) else { return WindowState::Unplanned };
        if self.0 < first.earliest() {
            WindowState::Upcoming
        } else if self.0 <= last.latest() {
            WindowState::Due
        } else {
            WindowState::Overdue
        }
    }

    /// Whether an upcoming event's window opens within the week.
    pub fn is_soon(self, line: &EventLine) -> bool {
        line.earliest.as_ref().is_some_and(|first| first.earliest() - self.0 <= AHEAD)
    }

    /// Days until the window closes; negative when it has closed.
    pub fn days_left(self, line: &EventLine) -> Option<i32> {
        line.latest.as_ref().map(|last| last.latest() - self.0)
    }

    /// The day under which a calendar shows an event that did not take place yet.
    pub fn calendar_day(self, line: &EventLine) -> Option<String> {
        let (planned, last) = (line.planned.as_ref()?.earliest(), line.latest.as_ref()?.latest());
        let day = if last < self.0 { last } else { planned.max(self.0) };
        iso(PartialDate::from_day_number(day).as_ref())
    }

    /// The day number itself.
    pub fn number(self) -> i32 {
        self.0
    }

    /// Whole days from `iso` until today, never negative.
    pub fn days_since(self, iso: &str) -> u32 {
        u32::try_from(self.0 - Self::new(iso).0).unwrap_or(0)
    }

    /// Whether `iso` is a day that has not come yet.
    pub fn is_before(self, iso: &str) -> bool {
        self.0 < Self::new(iso).0
    }
}

/// First and last day of an event's window, ISO 8601.
pub fn window(line: &EventLine) -> Option<(String, String)> {
    Some((line.earliest.as_ref()?.to_string(), line.latest.as_ref()?.to_string()))
}

/// A date as ISO 8601.
pub fn iso(date: Option<&PartialDate>) -> Option<String> {
    date.map(PartialDate::to_string)
}

/// A day number as ISO 8601; days outside the calendar of the program have no name.
pub fn day_iso(day: i32) -> String {
    PartialDate::from_day_number(day).map(|date| date.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use study::EventKey;

    fn date(iso: &str) -> Option<PartialDate> {
        study::ItemKind::PartialDate.read(iso).ok().and_then(|value| value.as_date())
    }

    fn line(actual: Option<&str>) -> EventLine {
        EventLine {
            key: EventKey::new("SE.TA", "1"),
            planned: date("2026-10-23"),
            earliest: date("2026-10-16"),
            latest: date("2026-10-30"),
            date: actual.and_then(date),
            missed: false,
            conflict: false,
            added: false,
            forms: 2,
            started: 0,
            complete: 0,
            not_done: 0,
        }
    }

    #[test]
    fn the_window_decides_what_is_due() {
        for (today, state) in [
            ("2026-10-15", WindowState::Upcoming),
            ("2026-10-16", WindowState::Due),
            ("2026-10-30", WindowState::Due),
            ("2026-10-31", WindowState::Overdue),
        ] {
            assert_eq!(Today::new(today).state(&line(None)), state, "{today}");
        }
        assert_eq!(Today::new("2026-11-02").days_since("2026-10-30T23:15:02+08:00"), 3);
        assert_eq!(Today::new("2026-11-02").days_left(&line(None)), Some(-3));
    }

    #[test]
    fn a_calendar_shows_a_visit_on_its_day_and_carries_it_along_while_the_window_is_open() {
        for (today, day) in [
            ("2026-10-01", "2026-10-23"),
            ("2026-10-20", "2026-10-23"),
            ("2026-10-25", "2026-10-25"),
            ("2026-10-30", "2026-10-30"),
            ("2026-11-05", "2026-10-30"),
        ] {
            assert_eq!(Today::new(today).calendar_day(&line(None)).as_deref(), Some(day), "{today}");
        }
        let unplanned = EventLine { planned: None, earliest: None, latest: None, ..line(None) };
        assert_eq!(Today::new("2026-10-01").calendar_day(&unplanned), None);
    }

    #[test]
    fn a_partly_known_date_is_never_called_late() {
        let today = Today::new("2026-12-01");
        for (actual, state) in [
            ("2026-10-23", WindowState::OnTime),
            ("2026-10-15", WindowState::Early),
            ("2026-11-01", WindowState::Late),
            ("2026-10", WindowState::OnTime),
            ("2026-11", WindowState::Late),
        ] {
            assert_eq!(today.state(&line(Some(actual))), state, "{actual}");
        }
        let missed = EventLine { missed: true, ..line(None) };
        assert_eq!(today.state(&missed), WindowState::Missed);
    }
}
