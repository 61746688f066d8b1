//! Three-valued logic: what is asked of a value that is only partly known may be neither yes nor no.

use std::cmp::Ordering;

/// The answer to a question about values that may be partly known (Kleene's strong logic of indeterminacy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// True whatever the unknown part may be.
    Yes,
    /// False whatever the unknown part may be.
    No,
    /// It depends on what is not known.
    Unknown,
}

impl Truth {
    /// `Yes` when both are, `No` when either is `No`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// `Yes` when either is, `No` when both are `No`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negate().and(other.negate()).negate()
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Whether it is surely true.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// Whether it is surely false.
    pub fn is_no(self) -> bool {
        self == Self::No
    }

    /// As an optional truth value; unknown is none.
    pub fn known(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Unknown => None,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from)
    }
}

/// A question about the order of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Less than, before.
    Less,
    /// Less than or equal, not after.
    AtMost,
    /// Greater than, after.
    Greater,
    /// Greater than or equal, not before.
    AtLeast,
    /// The same.
    Equal,
    /// Not the same.
    Unequal,
}

impl Comparison {
    /// The answer for two values whose order is known.
    pub fn of(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
        }
    }
}

/// One end of an interval: a value, and whether the value itself belongs to the interval. None is unbounded.
pub(crate) type Bound<T> = Option<(T, bool)>;

/// All the values that something partly known may have, from its least to its greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval<T> {
    /// The least that it may be.
    pub low: Bound<T>,
    /// The greatest that it may be.
    pub high: Bound<T>,
}

impl<T: Ord + Copy> Interval<T> {
    /// A single value.
    pub fn point(value: T) -> Self {
        Self { low: Some((value, true)), high: Some((value, true)) }
    }

    /// From one value to another, both included.
    pub fn closed(low: T, high: T) -> Self {
        Self { low: Some((low, true)), high: Some((high, true)) }
    }

    fn single(&self) -> Option<T> {
        match (self.low, self.high) {
            (Some((low, true)), Some((high, true))) if low == high => Some(low),
            _ => None,
        }
    }

    /// Whether every value of this interval is less than every value of the other.
    fn surely_less(&self, other: &Self) -> bool {
        match (self.high, other.low) {
            (Some((high, high_in)), Some((low, low_in))) => high < low || (high == low && !(high_in && low_in)),
            _ => false,
        }
    }

    /// Whether no value of this interval is greater than any of the other.
    fn surely_at_most(&self, other: &Self) -> bool {
        match (self.high, other.low) {
            (Some((high, _)), Some((low, _))) => high <= low,
            _ => false,
        }
    }

    /// Asks `question` of two values of which only the intervals are known.
    pub fn compare(&self, question: Comparison, other: &Self) -> Truth {
        match question {
            Comparison::Less if self.surely_less(other) => Truth::Yes,
            Comparison::Less if other.surely_at_most(self) => Truth::No,
            Comparison::AtMost if self.surely_at_most(other) => Truth::Yes,
            Comparison::AtMost if other.surely_less(self) => Truth::No,
            Comparison::Less | Comparison::AtMost => Truth::Unknown,
            Comparison::Greater => other.compare(Comparison::Less, self),
            Comparison::AtLeast => other.compare(Comparison::AtMost, self),
            Comparison::Unequal => self.compare(Comparison::Equal, other).negate(),
            Comparison::Equal => match (self.single(), other.single()) {
                (Some(a), Some(b)) => Truth::from(a == b),
                _ if self.surely_less(other) || other.surely_less(self) => Truth::No,
                _ => Truth::Unknown,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Truth; 3] = [Truth::Yes, Truth::No, Truth::Unknown];
    const QUESTIONS: [Comparison; 6] = [
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
        Comparison::Equal,
        Comparison::Unequal,
    ];

    /// Every truth value that an unknown one may turn out to be.
    fn completions(truth: Truth) -> Vec<bool> {
        truth.known().map_or_else(|| vec![true, false], |known| vec![known])
    }

    fn join(answers: impl Iterator<Item = bool>) -> Truth {
        let answers: Vec<bool> = answers.collect();
        match (answers.contains(&true), answers.contains(&false)) {
            (true, false) => Truth::Yes,
            (false, true) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    #[test]
    fn and_or_not_agree_with_every_completion() {
        for a in ALL {
            assert_eq!(a.negate(), join(completions(a).into_iter().map(|x| !x)));
            for b in ALL {
                let pairs = || completions(a).into_iter().flat_map(|x| completions(b).into_iter().map(move |y| (x, y)));
                assert_eq!(a.and(b), join(pairs().map(|(x, y)| x && y)));
                assert_eq!(a.or(b), join(pairs().map(|(x, y)| x || y)));
            }
        }
    }

    proptest! {
        #[test]
        fn intervals_compare_as_all_their_members_do(a in -4i32..4, la in 0i32..4, b in -4i32..4, lb in 0i32..4) {
            let (x, y) = (Interval::closed(a, a + la), Interval::closed(b, b + lb));
            for question in QUESTIONS {
                let members = (a..=a + la).flat_map(|p| (b..=b + lb).map(move |q| question.of(p.cmp(&q))));
                prop_assert_eq!(x.compare(question, &y), join(members));
            }
        }

        #[test]
        fn open_ends_compare_as_the_members_inside_them(a in -4i32..4, b in -4i32..4, below_a: bool, below_b: bool) {
            // Quarters stand for the values between whole numbers, 40 quarters for infinity.
            let half_line = |end: i32, below: bool| if below {
                (Interval { low: None, high: Some((end * 4, false)) }, (-40..end * 4).collect::<Vec<_>>())
            } else {
                (Interval { low: Some((end * 4, false)), high: None }, (end * 4 + 1..=40).collect())
            };
            let ((x, xs), (y, ys)) = (half_line(a, below_a), half_line(b, below_b));
            for question in [Comparison::Less, Comparison::AtMost, Comparison::Equal] {
                let members = xs.iter().flat_map(|p| ys.iter().map(move |q| question.of(p.cmp(q))));
                prop_assert_eq!(x.compare(question, &y), join(members));
            }
        }
    }
}
