//! This computer's clocks and time zone: the one place where any program reads the wall clock. Rooms are told the time.
//!
//! What is counted, such as idle minutes, is counted by [`steady`], which nobody can set.
//!
//! A journal keeps the moment and the local offset of every act, so a clock that can't be right is an error, and a zone that is not
//! known is never taken for UTC: programs ask [`check`] before they write.
//!
//! ```
//! let now = clock::now();
//! assert!(now.at_ms > 0);
//! assert!((-1439..=1439).contains(&now.offset_minutes));
//! ```

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment, and what local time differed from UTC by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970-01-01 UTC; a clock that says an earlier year than 1970 or a later one than 9999 is taken to be
    /// at that end.
    pub at_ms: i64,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

/// Nobody has told this computer what time it is, or where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The clock says a year that no act can have.
    #[error(
        "this computer's clock is not set: it says a year before 1970 or after 9999; set date and time in the system's settings"
    )]
    NoSuchTime,
    /// Neither the system nor the environment names a zone.
    #[error(
        "this computer's time zone is not set: choose it in the system's settings, or name it in the variable TZ, such \
         as TZ=Asia/Shanghai"
    )]
    NotSet,
    /// The environment names a zone that is none, or whose data are not installed.
    #[error("the time zone {0:?} of the variable TZ is not known on this computer")]
    NoSuchZone(String),
}

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
#[must_use]
pub fn now() -> Now {
    of(SystemTime::now())
}

/// The last millisecond that a journal can write: of the year 9999.
const LATEST_MS: i64 = 253_402_300_799_999;

/// A moment of the wall clock, with the offset that is in force then.
fn of(time: SystemTime) -> Now {
    // What is before 1970 has no time since then.
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let at_ms = i64::try_from(since.as_millis()).unwrap_or(LATEST_MS).min(LATEST_MS);
    let local = chrono::DateTime::from_timestamp_millis(at_ms).map(|utc| utc.with_timezone(&chrono::Local));
    let minutes = local.map_or(0, |local| local.offset().local_minus_utc() / 60);
    Now { at_ms, offset_minutes: i16::try_from(minutes).unwrap_or_default() }
}

/// Whether a moment of the wall clock is one that an act can have.
fn is_possible(time: SystemTime) -> bool {
    time.duration_since(UNIX_EPOCH).is_ok_and(|since| since.as_millis() <= LATEST_MS.unsigned_abs().into())
}

/// Time that has passed since some moment before the program began, also while the machine slept. Whoever sets the wall clock
/// changes nothing of it.
#[must_use]
pub fn steady() -> Duration {
    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    since_boot().unwrap_or_else(|| BEGINNING.elapsed())
}

/// On Linux the standard library's clock stands still while the machine sleeps.
#[cfg(target_os = "linux")]
fn since_boot() -> Option<Duration> {
    use rustix::time::{DynamicClockId, clock_gettime_dynamic};
    clock_gettime_dynamic(DynamicClockId::Boottime).ok()?.try_into().ok()
}

/// So it does on Apple's systems, where it is the clock called monotonic that goes on.
#[cfg(target_vendor = "apple")]
fn since_boot() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::Monotonic).try_into().ok()
}

/// On Windows the standard library's clock goes on.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn since_boot() -> Option<Duration> {
    None
}

/// Whether what [`now`] says is this computer's own time and offset and no stopgap.
///
/// # Errors
/// [`ClockError`]: a clock that was never set; on systems other than Windows, which always has a zone, also a zone that was not.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn check() -> Result<(), ClockError> {
    if !is_possible(SystemTime::now()) {
        return Err(ClockError::NoSuchTime);
    }
    if cfg!(windows) {
        return Ok(());
    }
    // What is no Unicode names no zone.
    let named = std::env::var_os("TZ").map(|name| name.to_string_lossy().into_owned());
    zone_of(named.as_deref(), &Path::exists)
}

/// Judges as POSIX (8.3) reads `TZ`: nothing is UTC; a rule such as `CST-8`; else the name of a file of zones.
fn zone_of(named: Option<&str>, exists: &dyn Fn(&Path) -> bool) -> Result<(), ClockError> {
    const LOCAL: &str = "/etc/localtime";
    const ZONES: [&str; 4] = ["/usr/share/zoneinfo", "/share/zoneinfo", "/etc/zoneinfo", "/var/db/timezone/zoneinfo"];
    let Some(named) = named else {
        return if exists(Path::new(LOCAL)) { Ok(()) } else { Err(ClockError::NotSet) };
    };
    let name = named.strip_prefix(':').unwrap_or(named);
    let is_utc = matches!(name, "" | "UTC" | "UTC0" | "Etc/UTC");
    let is_rule = !name.contains('/') && name.contains(|sign: char| sign.is_ascii_digit());
    let is_file = ZONES.iter().any(|zones| exists(&Path::new(zones).join(name)));
    let is_local = name == "localtime" && exists(Path::new(LOCAL));
    if is_utc || is_rule || is_file || is_local { Ok(()) } else { Err(ClockError::NoSuchZone(named.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A9: a clock that was never set, or runs far ahead, ended the program.
    #[test]
    fn a_clock_that_cannot_be_right_is_no_time_and_no_panic() {
        let (day, ages) = (Duration::from_secs(86_400), Duration::from_secs(10_000_000_000_000));
        let (before, after) = (UNIX_EPOCH - day, UNIX_EPOCH + ages);
        assert_eq!((of(before).at_ms, is_possible(before)), (0, false));
        assert_eq!((of(after).at_ms, is_possible(after)), (LATEST_MS, false));
        let latest = UNIX_EPOCH + Duration::from_millis(LATEST_MS.unsigned_abs());
        assert_eq!((of(latest).at_ms, is_possible(latest)), (LATEST_MS, true));
        assert_eq!((of(UNIX_EPOCH).at_ms, is_possible(UNIX_EPOCH)), (0, true));
        assert!(!is_possible(latest + Duration::from_millis(1)));
    }

    #[test]
    fn a_zone_that_nobody_set_is_no_zone() {
        let nothing = |_: &Path| false;
        assert_eq!(zone_of(None, &nothing), Err(ClockError::NotSet));
        assert_eq!(zone_of(None, &|path| path == Path::new("/etc/localtime")), Ok(()));
        for named in ["Asia/Shanghai", "Nowhere", "localtime", ":Etc/GMT-8"] {
            assert_eq!(zone_of(Some(named), &nothing), Err(ClockError::NoSuchZone(named.to_owned())));
        }
        for named in ["", "UTC", "CST-8", "<+0330>-3:30", ":UTC0"] {
            assert_eq!(zone_of(Some(named), &nothing), Ok(()), "{named}");
        }
        let shanghai = |path: &Path| path == Path::new("/usr/share/zoneinfo/Asia/Shanghai");
        assert_eq!(zone_of(Some(":Asia/Shanghai"), &shanghai), Ok(()));
        assert_eq!(zone_of(Some("Asia/Shangai"), &shanghai), Err(ClockError::NoSuchZone("Asia/Shangai".to_owned())));
    }

    /// security.md, M7: idle minutes are counted by a clock that goes on while the machine sleeps.
    #[test]
    fn m7_the_steady_clock_goes_on_and_never_back() {
        let before = steady();
        std::thread::sleep(Duration::from_millis(30));
        let passed = steady() - before;
        assert!(passed >= Duration::from_millis(30), "{passed:?}");
    }

    /// The same: on a machine that has slept since it began, a clock that does not count sleep lies behind.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_steady_clock_counts_what_the_machine_sleeps() {
        use rustix::time::{ClockId, clock_gettime};
        let awake = Duration::try_from(clock_gettime(ClockId::Monotonic)).expect("a time");
        let with_sleep = Duration::try_from(clock_gettime(ClockId::Boottime)).expect("a time");
        let now = steady();
        assert!(now >= awake && now >= with_sleep && now - with_sleep < Duration::from_secs(10), "{now:?}");
    }

    /// Says the offset of the zone in `TZ`, in a process of its own: the environment of this one is shared by all tests.
    #[test]
    fn the_offset_is_that_of_the_zone() {
        if let Some(expected) = std::env::var_os("EXPECTED_MINUTES") {
            assert_eq!(now().offset_minutes.to_string(), expected.to_string_lossy());
            return;
        }
        if cfg!(windows) {
            println!("skipped: Windows' zone is no variable");
            return;
        }
        for (zone, minutes) in [("CST-8", "480"), ("<+0330>-3:30", "210"), ("", "0"), ("<-0930>9:30", "-570")] {
            let own = std::env::current_exe().expect("this program");
            let mut again = std::process::Command::new(own);
            again.args(["the_offset_is_that_of_the_zone"]).env("TZ", zone).env("EXPECTED_MINUTES", minutes);
            assert!(again.output().expect("it runs").status.success(), "{zone}");
        }
    }
}
