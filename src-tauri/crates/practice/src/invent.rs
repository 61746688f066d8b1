//! Invented answers: plausible for the item's type and limits, the same for the same seed.

use rust_decimal::Decimal;
use study::value::PartialDate;
use study::{ItemDef, ItemKind, Severity, Study};

/// Places between two limits, in thousandths.
const MIDDLE: [u32; 6] = [400, 500, 250, 150, 700, 50];
const LOW_END: [u32; 6] = [14, 5, 40, 100, 300, 600];

/// A sequence of numbers that a seed settles (SplitMix64; Steele, Lea, Flood 2014).
pub(crate) struct Dice(u64);

impl Dice {
    /// The sequence of one subject.
    pub(crate) fn new(seed: u64, subject: u32) -> Self {
        Self(seed ^ u64::from(subject).wrapping_mul(0xd134_2543_de82_ef95))
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 for 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        u32::try_from(self.next() % u64::from(n.max(1))).unwrap_or(0)
    }

    /// Whether something happens that happens in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

/// Answers worth trying, the likeliest first. Whoever enters tries the next when a check speaks.
pub(crate) fn candidates(study: &Study, item: &ItemDef, visit: PartialDate, dice: &mut Dice) -> Vec<String> {
    if let Some(list) = study.codelist_of(item).filter(|list| list.external.is_none() && !list.choices.is_empty()) {
        return codes(item, list, dice);
    }
    match item.kind {
        kind if kind.is_numeric() => numbers(item, dice),
        kind if kind.is_date() => dates(item, visit, dice),
        kind if kind.is_date_time() => {
            dates(item, visit, dice).into_iter().map(|date| format!("{date} {}", clock(dice))).collect()
        }
        kind if kind.is_time() => vec![clock(dice)],
        ItemKind::Boolean => vec!["true".to_owned(), "false".to_owned()],
        kind if kind.is_textual() => vec![text(item, dice)],
        _ => Vec::new(),
    }
}

/// The first choices are the commonest in most lists; each of the others is tried when they are refused.
fn codes(item: &ItemDef, list: &study::CodeList, dice: &mut Dice) -> Vec<String> {
    let mut codes: Vec<String> = list.choices.iter().map(|choice| choice.code.to_string()).collect();
    let likely = u32::try_from(codes.len().min(4)).unwrap_or(4);
    let at_random = if dice.chance(60) { 0 } else { dice.below(likely) as usize };
    let first = match criterion(&item.short_name).and_then(|met| codes.iter().position(|code| code == met)) {
        Some(met) => met,
        None => at_random,
    };
    codes.swap(0, first);
    codes.truncate(8);
    codes
}

/// The answer by which an eligibility criterion is met: `Y` for those of inclusion (`I01`), `N` for those of exclusion.
fn criterion(name: &str) -> Option<&'static str> {
    let number = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    match name.split_at_checked(1)? {
        ("I", rest) if number(rest) => Some("Y"),
        ("E", rest) if number(rest) => Some("N"),
        _ => None,
    }
}

/// Between soft limits the middle is usual. Limits of the impossible lie far above what is usual: there, and where there
/// is only an upper limit, the lower end is.
fn numbers(item: &ItemDef, dice: &mut Dice) -> Vec<String> {
    let digits = if item.kind == ItemKind::Integer { 0 } else { item.digits.unwrap_or(1).min(3) };
    let decimal = |text: Option<String>| text.and_then(|text| study::value::read_decimal(&text).ok());
    let (low, high) = screens::labels::limits(item);
    let usual = item.checks.iter().any(|check| check.severity == Severity::Soft && check.comparator.is_some());
    let (low, high, shares) = match (decimal(low), decimal(high)) {
        (Some(low), Some(high)) if usual => (low, high, MIDDLE),
        (Some(low), Some(high)) => (low, high, LOW_END),
        (Some(low), None) => (low, low + low.abs() + Decimal::ONE, MIDDLE),
        (None, Some(high)) => (Decimal::ZERO, high, LOW_END),
        (None, None) => (Decimal::ONE, Decimal::from(6), MIDDLE),
    };
    let nudge = Decimal::from(100 + dice.below(40)) / Decimal::from(100);
    let at = |permille: u32| {
        let value = low + (high - low) * Decimal::from(permille) / Decimal::from(1000) * nudge;
        value.min(high).round_dp(digits).to_string()
    };
    shares.into_iter().map(at).collect()
}

/// Days before the visit; a birth lies decades back (CDASH calls it BRTHDAT).
fn dates(item: &ItemDef, visit: PartialDate, dice: &mut Dice) -> Vec<String> {
    let is_birth = item.short_name.contains("BRTH") || item.alias("CDASH").is_some_and(|name| name.contains("BRTH"));
    let years = i32::try_from(48 + dice.below(24)).unwrap_or(60);
    let birth = -(years * 365 + i32::try_from(dice.below(300)).unwrap_or(0));
    let near = -i32::try_from(dice.below(3)).unwrap_or(0);
    let days = if is_birth { vec![birth] } else { vec![0, near, -5, 1, 3, 7, -14, -40, -120, -400, -900, birth] };
    days.into_iter().filter_map(|days| visit.plus_days(days)).map(|date| date.to_string()).collect()
}

fn clock(dice: &mut Dice) -> String {
    format!("{:02}:{:02}", 8 + dice.below(9), 5 * dice.below(12))
}

fn text(item: &ItemDef, dice: &mut Dice) -> String {
    let word = ["Sample entry", "Invented for practice", "Practice note"][dice.below(3) as usize];
    let most = item.length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(usize::MAX));
    word.chars().take(most.max(1)).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let roll = |seed, subject| {
            let mut dice = Dice::new(seed, subject);
            (0..8).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(roll(7, 1), roll(7, 1));
        assert_ne!(roll(7, 1), roll(7, 2));
        assert_ne!(roll(7, 1), roll(8, 1));
    }
}
