//! How measured times spread.

use std::time::Duration;

/// Sorted times.
pub struct Spread(Vec<Duration>);

impl Spread {
    /// Of times in milliseconds.
    pub fn of_ms(times: &[f64]) -> Spread {
        Spread::of(times.iter().map(|ms| Duration::from_secs_f64(ms.max(0.0) / 1000.0)).collect())
    }

    /// Of times in any order.
    pub fn of(mut times: Vec<Duration>) -> Spread {
        times.sort_unstable();
        Spread(times)
    }

    /// The time that half of them stay within.
    pub fn median_ms(&self) -> f64 {
        self.at(0.5)
    }

    /// The time that 99 of 100 stay within.
    pub fn p99_ms(&self) -> f64 {
        self.at(0.99)
    }

    fn at(&self, part: f64) -> f64 {
        let index = ((self.0.len().saturating_sub(1)) as f64 * part).round() as usize;
        self.0.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}
