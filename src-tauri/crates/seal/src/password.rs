//! Which passwords are good enough.
//!
//! NIST SP 800-63B, section 3.1.1: length counts, composition rules do not help, and what attackers try first is
//! refused. The list is local: nothing here ever asks a network.

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// Most bytes: far more than anybody types, few enough to hash without thought.
pub const MAX_BYTES: usize = 1024;

/// What attackers try first once twelve characters are asked for: the heads of public frequency lists, lower case,
/// without digits and signs at the ends. Anything built from these alone is refused.
const COMMON: &str = include_str!("common.txt");

/// Runs of keys and digits that count as nothing typed at all.
const RUNS: &[&str] = &[
    "01234567890123456789",
    "09876543210987654321",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "!@#$%^&*()_+",
    "q1w2e3r4t5y6u7i8o9p0",
];

/// Why a password is refused. The texts fit under a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`MIN_CHARS`] characters.
    #[error("Use at least 12 characters.")]
    TooShort,
    /// More than [`MAX_BYTES`] bytes.
    #[error("Too long.")]
    TooLong,
    /// On every attacker's list, or built from such words and digits alone.
    #[error("This is one of the passwords that are tried first.")]
    Common,
    /// One character, run of keys or short piece repeated.
    #[error("A repeated or running pattern is guessed quickly.")]
    Pattern,
    /// The user's, site's or study's name with little more.
    #[error("It must be more than a name of this study.")]
    Named,
}

/// Checks a new password. `names` are words that an attacker of this vault would try: user id, site, study.
///
/// # Errors
/// The first [`PasswordError`] found.
pub fn check(password: &str, names: &[&str]) -> Result<(), PasswordError> {
    if password.chars().count() < MIN_CHARS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    let lower = password.to_lowercase();
    if is_pattern(&lower) {
        return Err(PasswordError::Pattern);
    }
    if common().any(|word| word == core_of(&lower)) || remainder(&lower, std::iter::empty()) < 4 {
        return Err(PasswordError::Common);
    }
    let names: Vec<String> =
        names.iter().map(|name| name.to_lowercase()).filter(|name| name.chars().count() > 2).collect();
    if !names.is_empty() && remainder(&lower, names.iter().map(String::as_str)) < 4 {
        return Err(PasswordError::Named);
    }
    Ok(())
}

fn common() -> impl Iterator<Item = &'static str> {
    COMMON.split_ascii_whitespace()
}

/// The letters between leading and trailing digits and signs.
fn core_of(password: &str) -> &str {
    password.trim_matches(|character: char| !character.is_alphabetic())
}

/// How many letters (or characters outside ASCII) are left once the common words and `names` are taken out, the longest
/// first.
fn remainder<'w>(password: &str, names: impl Iterator<Item = &'w str>) -> usize {
    let mut words: Vec<&str> = common().collect();
    words.extend(names);
    words.retain(|word| word.len() > 2);
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let mut left = password.to_owned();
    for word in words {
        left = left.replace(word, " ");
    }
    left.chars().filter(|character| character.is_alphabetic()).count() + digits_that_count(&left)
}

/// Long digit strings are worth something: every digit beyond the eighth (a date) counts as a letter.
fn digits_that_count(password: &str) -> usize {
    password.chars().filter(char::is_ascii_digit).count().saturating_sub(8)
}

/// Whether a piece of at most four characters repeated, or one run of keys, makes up the whole.
fn is_pattern(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    let repeats = (1..=4).any(|period| characters.iter().zip(&characters[period..]).all(|(left, right)| left == right));
    repeats || RUNS.iter().any(|run| run.repeat(3).contains(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_tried_first() {
        for (password, fault) in [
            ("short", PasswordError::TooShort),
            ("elevenchars", PasswordError::TooShort),
            ("password1234", PasswordError::Common),
            ("Password!2024", PasswordError::Common),
            ("12/11/2026!!!!", PasswordError::Common),
            ("WelcomeAdmin1", PasswordError::Common),
            ("aaaaaaaaaaaa", PasswordError::Pattern),
            ("abcabcabcabc", PasswordError::Pattern),
            ("123456789012", PasswordError::Pattern),
            ("qwertyuiopas", PasswordError::Pattern),
            ("Lin.mei-S01-2026", PasswordError::Named),
        ] {
            assert_eq!(check(password, &["lin.mei", "S01", "HCC-OP"]), Err(fault), "{password}");
        }
        assert_eq!(check(&"x1y2z3w4v5".repeat(200), &[]), Err(PasswordError::TooLong));
    }

    #[test]
    fn accepts_what_is_long_and_own() {
        for password in ["grey heron by the weir", "Tq7#mL0pZs4!", "早上喝豆浆配油条真好吃呀", "k7f2m3pq-k9x2w"]
        {
            assert_eq!(check(password, &["nurse1", "S01"]), Ok(()), "{password}");
        }
    }
}
