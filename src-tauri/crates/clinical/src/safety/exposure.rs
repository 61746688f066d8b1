//! What was given before a day: of each drug the periods with their last dose, and the fractions of radiotherapy.
//!
//! Forms record periods, not doses. The last dose before a day is the last one that the period's frequency brings; how far
//! back it lies is therefore a statement about the record.

use oncology::intensity::Frequency;
use rust_decimal::Decimal;

use super::cycles::Cycle;
use super::{Fraction, Period, Safety};

/// A period of treatment as it stood on a day.
#[derive(Clone, Copy)]
pub struct Dosing<'a> {
    /// The period.
    pub period: &'a Period,
    /// Day of the last dose up to that day; none in an interruption, or where the frequency is not known.
    pub last: Option<i32>,
    /// Whether the period reached that day.
    pub running: bool,
}

/// The fractions to one target up to a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Code of the target.
    pub target: String,
    /// How many fractions.
    pub fractions: usize,
    /// Their doses together, in Gy; none where one is not known.
    pub dose: Option<Decimal>,
    /// Days of the first and the last.
    pub days: (i32, i32),
}

impl Safety {
    /// Every period that had begun by a day, in the order of their first days.
    pub fn dosing(&self, day: i32) -> Vec<Dosing<'_>> {
        let begun = self.periods.iter().filter(|period| period.from <= day);
        begun
            .map(|period| Dosing {
                period,
                last: last_dose(period, day),
                running: period.to.is_none_or(|to| to >= day),
            })
            .collect()
    }

    /// The fractions up to a day, target by target in the order of their first.
    pub fn courses(&self, day: i32) -> Vec<Course> {
        let mut courses: Vec<Course> = Vec::new();
        for fraction in self.fractions.iter().filter(|fraction| fraction.day <= day) {
            match courses.iter_mut().find(|course| course.target == fraction.target) {
                Some(course) => course.add(fraction),
                None => courses.push(Course {
                    target: fraction.target.clone(),
                    fractions: 1,
                    dose: fraction.dose,
                    days: (fraction.day, fraction.day),
                }),
            }
        }
        courses
    }

    /// The cycle in which a day lies.
    pub fn cycle(&self, day: i32) -> Option<&Cycle> {
        self.cycles.iter().filter(|cycle| cycle.day <= day).max_by_key(|cycle| cycle.day)
    }
}

impl Course {
    fn add(&mut self, fraction: &Fraction) {
        self.fractions += 1;
        self.dose = self.dose.zip(fraction.dose).and_then(|(sum, dose)| sum.checked_add(dose));
        self.days.1 = self.days.1.max(fraction.day);
    }
}

/// The day of the last dose of a period up to `day`.
fn last_dose(period: &Period, day: i32) -> Option<i32> {
    if period.dose.is_some_and(|dose| dose.is_zero()) {
        return None;
    }
    let frequency = Frequency::named(&period.frequency)?;
    let days = |until: i32| u32::try_from(until - period.from + 1).unwrap_or(0);
    let end = period.to.map_or(day, |to| to.min(day));
    let all = frequency.doses(days(end));
    // The number of doses rises on the days of doses alone.
    let (mut low, mut high) = (period.from, end);
    if all == 0 {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if frequency.doses(days(middle)) >= all { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::RowAt;
    use study::{EventKey, Repeat};

    fn period(frequency: &str, from: i32, to: Option<i32>, dose: i64) -> Period {
        let form = EventKey::new("SE.LOG", "1").form("F.EC", "1");
        let row = RowAt { form, group: "IG.EC".into(), repeat: Repeat::first() };
        let (drug, frequency) = ("DRUG".to_owned(), frequency.to_owned());
        Period { row, drug, dose: Some(Decimal::from(dose)), frequency, from, to, because: None }
    }

    #[test]
    fn the_last_dose_is_the_last_that_the_frequency_brings() {
        let last = |frequency: &str, to: Option<i32>, day: i32| last_dose(&period(frequency, 100, to, 8), day);
        assert_eq!(last("QD", None, 117), Some(117));
        assert_eq!(last("QD", Some(110), 117), Some(110));
        assert_eq!(last("EVERY 3 WEEKS", None, 117), Some(100));
        assert_eq!(last("EVERY 3 WEEKS", None, 121), Some(121));
        assert_eq!(last("EVERY 3 WEEKS", None, 141), Some(121));
        assert_eq!(last("QD21/28", None, 120), Some(120), "day 21");
        assert_eq!(last("QD21/28", None, 125), Some(120), "the week without");
        assert_eq!(last("QD21/28", None, 128), Some(128), "day 1 of the next");
        assert_eq!(last("QOD", None, 117), Some(116));
        assert_eq!(last("ONCE", None, 117), Some(100));
        assert_eq!((last("NONE", None, 117), last("AS NEEDED", None, 117)), (None, None));
        assert_eq!(last_dose(&period("QD", 100, None, 0), 117), None, "an interruption");
    }

    /// Every day is tried: a dose is a day on which the count of doses rises.
    #[test]
    fn no_day_of_a_dose_is_missed() {
        for code in ["QD", "QOD", "QD21/28", "QD5/7", "EVERY 2 WEEKS", "EVERY 6 WEEKS", "ONCE"] {
            let frequency = Frequency::named(code).expect("a frequency");
            for day in 100..200 {
                let count = |until: i32| frequency.doses(u32::try_from(until - 99).unwrap_or(0));
                let slow = (100..=day).rev().find(|at| count(*at) > count(at - 1));
                assert_eq!(last_dose(&period(code, 100, None, 8), day), slow, "{code} on {day}");
            }
        }
    }
}
