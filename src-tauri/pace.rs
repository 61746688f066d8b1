//! How fast a step of long work goes: the room `site` has no clock, so the shell estimates.

use std::time::Duration;

use screens::messages::{Progress, ProgressStep};

/// A step takes so long before anything is said of its pace.
const BEGINNING: Duration = Duration::from_secs(1);

/// The step under way, and since when it is.
#[derive(Default)]
pub struct Pace {
    step: Option<ProgressStep>,
    began: Duration,
    began_at: u64,
    last: u64,
}

impl Pace {
    /// Seconds until the step is done, once a second of it has shown how fast it goes.
    pub fn seconds_left(&mut self, progress: &Progress, now: Duration) -> Option<u32> {
        if self.step != Some(progress.step) || progress.done < self.last {
            *self = Self { step: Some(progress.step), began: now, began_at: progress.done, last: 0 };
        }
        self.last = progress.done;
        let (elapsed, done) = (now.saturating_sub(self.began), progress.done - self.began_at);
        let left = progress.total.saturating_sub(progress.done);
        if elapsed < BEGINNING || done == 0 {
            return None;
        }
        let elapsed_ms = u64::try_from(elapsed.as_millis()).ok()?;
        u32::try_from((elapsed_ms.saturating_mul(left) / done).div_ceil(1_000)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_the_pace() {
        let mut pace = Pace::default();
        let mut at = |done, now_ms| {
            let step = ProgressStep::Collect;
            let progress = Progress { step, done, total: 1_000, seconds_left: None };
            pace.seconds_left(&progress, Duration::from_millis(now_ms))
        };
        assert_eq!(at(0, 10_000), None);
        assert_eq!(at(50, 10_500), None);
        assert_eq!(at(200, 12_000), Some(8));
        assert_eq!(at(1_000, 20_000), Some(0));
        assert_eq!(at(10, 50_000), None, "the next work begins anew");
    }
}
