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
        self.at(500)
    }

    /// The time that 99 of 100 stay within.
    pub fn p99_ms(&self) -> f64 {
        self.at(990)
    }

    /// The least time that so many of a thousand stay within.
    fn at(&self, permille: usize) -> f64 {
        let rank = (self.0.len() * permille).div_ceil(1000);
        self.0.get(rank.saturating_sub(1)).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    /// Times of 1 ms, 2 ms and so on, in an order of their own.
    fn up_to(count: u32) -> Vec<f64> {
        let mut times: Vec<f64> = (1..=count).map(f64::from).collect();
        times.reverse();
        times.rotate_left(count as usize / 3);
        times
    }

    #[test]
    fn the_middle_and_the_end_are_measured_times() {
        for (count, median, p99) in [(1, 1, 1), (2, 1, 2), (3, 2, 3), (60, 30, 60), (100, 50, 99), (600, 300, 594)] {
            let spread = Spread::of_ms(&up_to(count));
            let told = [spread.median_ms(), spread.p99_ms()].map(|ms| ms.round());
            assert_eq!(told, [f64::from(median), f64::from(p99)], "{count} times");
        }
    }

    #[test]
    fn so_many_stay_within_and_no_shorter_time_has_as_many() {
        for count in 1..=250 {
            let times = up_to(count);
            let spread = Spread::of_ms(&times);
            for (told, permille) in [(spread.median_ms(), 500), (spread.p99_ms(), 990)] {
                let within = |limit: f64| times.iter().filter(|time| **time <= limit + 1e-6).count() * 1000;
                assert!(within(told) >= permille * times.len(), "{permille} of {count}");
                assert!(within(told - 0.5) < permille * times.len(), "{permille} of {count}");
            }
        }
    }

    #[test]
    fn a_clock_that_runs_back_measures_nothing() {
        assert_eq!(Spread::of_ms(&[-3.0]).median_ms(), 0.0);
        assert_eq!(Spread::of_ms(&[]).p99_ms(), 0.0);
    }
}
