//! From text to CEL's syntax tree, within limits.
//!
//! The grammar is that of the `cel` crate, whose macros are left unexpanded: [`super::compile`] gives them a meaning with
//! three truth values. Only the tree is used; none of CEL's own values or functions is ever evaluated.

use super::exact;
use cel::common::ast::{IdedExpr, SourceInfo};
use rust_decimal::Decimal;

/// Longest expression, in bytes.
pub(super) const LONGEST: usize = 16 * 1024;
/// Deepest nesting of brackets and conditionals.
const DEEPEST: usize = 24;
/// Most operators, brackets and commas. Whoever walks the tree recurses once for each operator in a chain.
const MOST_OPERATORS: usize = 600;
/// Stack that parsing gets, in bytes: the generated parser takes up to 340 KiB for one level of brackets.
const STACK: usize = 32 << 20;

/// A parsed expression with the text it came from.
pub(super) struct Parsed {
    pub root: IdedExpr,
    info: SourceInfo,
}

/// Parses one expression.
///
/// # Errors
/// What is wrong, in words, with line and column within the expression.
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    within_limits(text)?;
    let parser = cel::Env::default().with_optional_support(false).parser();
    match parser.parse_with_source_info(text) {
        Ok((root, info)) => Ok(Parsed { root, info }),
        Err(errors) => {
            let first = errors.errors.first();
            Err(first.map_or_else(
                || "not an expression".to_owned(),
                |error| format!("at {}:{}: {}", error.pos.0, error.pos.1, error.msg),
            ))
        }
    }
}

impl Parsed {
    /// The characters, as the study file has them.
    pub fn text(&self) -> &str {
        &self.info.source
    }

    /// The digits of a literal exactly as they were typed; the parser itself rounds them to a binary number.
    pub fn literal(&self, node: &IdedExpr, negative: bool) -> Option<Decimal> {
        let (start, stop) = self.info.offset_for(node.id)?;
        let typed = self.info.source.get(start as usize..=stop as usize)?;
        let size = read_literal(typed)?;
        Some(if negative { -size } else { size })
    }
}

/// `0.10`, `.5`, `1e-3`, `7u`, `0x1F`.
fn read_literal(typed: &str) -> Option<Decimal> {
    let typed = typed.trim_end_matches(['u', 'U']);
    if let Some(digits) = typed.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().map(Decimal::from);
    }
    let (digits, exponent) = match typed.split_once(['e', 'E']) {
        None => (typed, 0i64),
        Some((digits, exponent)) => (digits, exponent.parse().ok()?),
    };
    let plain = Decimal::from_str_exact(digits).ok()?;
    if exponent == 0 {
        return Some(plain);
    }
    let ten = exact::pow(Decimal::TEN, Decimal::from(exponent.checked_abs().filter(|size| *size <= 28)?))?;
    if exponent > 0 { plain.checked_mul(ten) } else { plain.checked_div(ten) }
}

/// Runs `work`, which parses, on a thread whose stack is deep enough for every expression within the limits.
///
/// # Errors
/// When the system gives no such thread.
pub(super) fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread =
            std::thread::Builder::new().name("rules".to_owned()).stack_size(STACK).spawn_scoped(scope, work)?;
        thread.join().map_err(|_| std::io::Error::other("the parser gave up"))
    })
}

/// Refuses what would exhaust the parser, before it sees it.
fn within_limits(text: &str) -> Result<(), String> {
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    let (mut depth, mut operators) = (0usize, 0usize);
    let mut quote = None;
    let mut escaped = false;
    for byte in text.bytes() {
        if let Some(open) = quote {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                _ if byte == open => quote = None,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' | b'\'' => quote = Some(byte),
            b'(' | b'[' | b'{' | b'?' => {
                depth += 1;
                operators += 1;
            }
            b')' | b']' | b'}' | b':' => depth = depth.saturating_sub(1),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'!' | b'<' | b'>' | b'=' | b'&' | b'|' | b'.' | b',' => operators += 1,
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("nested deeper than {DEEPEST} levels"));
        }
    }
    // `in` is the one operator that is a word.
    operators += text.split_ascii_whitespace().filter(|word| *word == "in").count();
    if operators > MOST_OPERATORS {
        return Err(format!("more than {MOST_OPERATORS} operators"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cel::common::ast::Expr;
    use proptest::prelude::*;

    fn literal(text: &str) -> Option<Decimal> {
        let parsed = parse(text).expect("an expression");
        parsed.literal(&parsed.root, false)
    }

    #[test]
    fn literals_are_what_was_typed() {
        for (typed, exact) in [
            ("0.1", "0.1"),
            ("15.10", "15.10"),
            ("1234567890.123456789012345678", "1234567890.123456789012345678"),
            ("1e-3", "0.001"),
            ("2.5e3", "2500"),
            ("7u", "7"),
            ("0x1F", "31"),
            (".5", "0.5"),
        ] {
            assert_eq!(
                literal(typed).map(|d| d.normalize()),
                Some(exact.parse::<Decimal>().expect("a decimal").normalize()),
                "{typed}"
            );
        }
        assert_eq!(literal("1e99"), None);
    }

    #[test]
    fn literals_are_found_after_signs_of_several_bytes() {
        let parsed = parse("['一二三', 0.30]").expect("a list");
        let Expr::List(list) = &parsed.root.expr else { panic!("a list") };
        assert_eq!(parsed.literal(&list.elements[1], false).map(|d| d.to_string()).as_deref(), Some("0.30"));
    }

    #[test]
    fn faults_say_where() {
        let fault = parse("A +\n )").map(|_| ()).expect_err("no expression");
        assert!(fault.contains("2:"), "{fault}");
    }

    /// Hostile expressions must neither overflow the stack nor take long.
    #[test]
    fn hostile_expressions_are_refused() {
        let many = |part: &str, n: usize| part.repeat(n);
        let mut texts = Vec::new();
        for n in [20usize, 24, 200, 299, 590, 5_000, 100_000] {
            texts.extend([
                vec!["1"; n].join("+"),
                vec!["a"; n].join("&&"),
                vec!["a"; n].join(" in "),
                many("!", n) + "true",
                many("-", n) + "1",
                many("(", n) + "1" + &many(")", n),
                many("[", n) + "1" + &many("]", n),
                "a".to_owned() + &many(".b", n),
                "a".to_owned() + &many("[1]", n),
                many("a ? 1 : ", n) + "2",
                many("a(", n),
                many("( , ", n),
                many("\"", n),
                many("{a:", n),
                many("\u{1f600}", n),
                many(" ", n),
            ]);
        }
        let parse_all = move || texts.iter().filter(|text| parse(text).is_ok()).count();
        assert!(with_stack(parse_all).expect("no overflow") > 5);
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,30}|[-a-z0-9+*/<>=!&|?:.,()\\[\\]{}'\" ]{0,40}") {
            let _ = parse(&text);
        }
    }
}
