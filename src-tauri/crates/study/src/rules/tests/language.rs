//! What expressions mean.

use super::{Sheet, derive, one};
use crate::value::Truth;
use proptest::prelude::*;

fn truth(expression: &str, answers: &[(&str, &str)]) -> Truth {
    match derive("boolean", expression, answers).as_deref() {
        Some("true") => Truth::Yes,
        Some("false") => Truth::No,
        _ => Truth::Unknown,
    }
}

fn holds(expression: &str) -> bool {
    truth(expression, &[]) == Truth::Yes
}

#[test]
fn decimals_are_exact() {
    for expression in [
        "3 * 15.1 == 45.3",
        "0.1 + 0.2 == 0.3",
        "9.8 <= 0.7 * 14",
        "9.8 >= 0.7 * 14",
        "1.1 * 1.1 == 1.21",
        "0.1 * 3 - 0.3 == 0",
        "1.005 * 1000 == 1005",
        "2.675 * 100 == 267.5",
        "4.35 * 100 == 435",
        "1000000.1 - 1000000 == 0.1",
        "1e-3 == 0.001",
        "7 / 2 == 3.5",
        "7.5 % 2 == 1.5",
        "-0.5 < 0",
        "1234567890.123456789012345678 > 1234567890.123456789012345677",
        "round(2.5) == 3 && round(1.005, 2) == 1.01 && round(-2.5, 0) == -3",
        "abs(-4.50) == 4.5 && floor(-1.5) == -2 && ceil(1.2) == 2",
        "log10(1000) == 3 && sqrt(2.25) == 1.5 && cbrt(0.001) == 0.1 && pow(2, 10) == 1024",
        "min(3, 1.0, 2) == 1 && max([1, 5, 2]) == 5 && sum([0.1, 0.2]) == 0.3",
    ] {
        assert!(holds(expression), "{expression}");
    }
}

#[test]
fn answers_are_compared_exactly_too() {
    assert_eq!(truth("3 * A == 45.3", &[("A", "15.1")]), Truth::Yes);
    assert_eq!(truth("A <= 0.7 * B", &[("A", "9.8"), ("B", "14")]), Truth::Yes);
    assert_eq!(
        derive("float", "round(0.66 * log10(A) - 0.085 * B, 4)", &[("A", "34.2"), ("B", "28")]).as_deref(),
        Some("-1.3675")
    );
    assert_eq!(
        derive("float", "round(0.66 * log10(A) - 0.085 * B, 4)", &[("A", "17"), ("B", "40")]).as_deref(),
        Some("-2.5879")
    );
    assert_eq!(derive("float", "C * D * (1 + D / 10)", &[("C", "5"), ("D", "8")]).as_deref(), Some("72.0000"));
}

#[test]
fn what_is_missing_is_not_zero() {
    for (expression, expected) in [
        ("A + 1 > 0", Truth::Unknown),
        ("A == A", Truth::Unknown),
        ("A > 0 || B == 1", Truth::Yes),
        ("A > 0 && B == 2", Truth::No),
        ("A > 0 && B == 1", Truth::Unknown),
        ("!(A > 0)", Truth::Unknown),
        ("A == null", Truth::Yes),
        ("null != B", Truth::Yes),
        ("known(A) || has(B)", Truth::Yes),
        ("known(A)", Truth::No),
        ("A in [1, 2]", Truth::Unknown),
        ("B in [A, 1]", Truth::Yes),
        ("B in [A, 2]", Truth::Unknown),
        ("sum([A, B]) > 0", Truth::Unknown),
        ("count([A, B]) == 1 && size([A, B]) == 2", Truth::Yes),
        ("coalesce(A, B) == 1", Truth::Yes),
        ("(A > 0 ? 1 : 2) == 1", Truth::Unknown),
        ("1 / 0 == 1", Truth::Unknown),
        ("log10(0) < 1", Truth::Unknown),
        ("sqrt(-1) == 1", Truth::Unknown),
        ("[1, 2][5] == 1", Truth::Unknown),
        ("[A, B].exists(v, v == 1)", Truth::Yes),
        ("[A, B].exists(v, v == 2)", Truth::Unknown),
        ("[A, B].all(v, v == 2)", Truth::No),
        ("[A, B].filter(v, v == 1).size() == 1", Truth::Unknown),
        ("[A, B].filter(v, v != null && v == 1).size() == 1", Truth::Yes),
        ("[1, 2, 3].exists_one(v, v > 2)", Truth::Yes),
        ("[B, A].exists_one(v, v == 1)", Truth::Unknown),
        ("[B, B, A].exists_one(v, v == 1)", Truth::No),
    ] {
        assert_eq!(truth(expression, &[("B", "1")]), expected, "{expression}");
    }
}

#[test]
fn lists_texts_and_macros() {
    for expression in [
        r#""b" in ["a", "b"] && !("c" in ["a", "b"])"#,
        "[1, 2, 3, 4].filter(v, v % 2 == 0).map(v, v * v) == [4, 16]",
        "[1, 2, 3].map(v, v > 1, v * 10) == [20, 30]",
        "[[1, 2], [3]].map(l, sum(l)) == [3, 3]",
        "[1, 2].map(a, [3, 4].map(b, a * b)) == [[3, 4], [6, 8]]",
        "distinct([1, 2, 1.0, 2]).size() == 2",
        "[1] + [2, 3] == [1, 2, 3]",
        r#""T01a".startsWith("T01") && "ab".endsWith("b") && "abc".contains("bc") && size("中文") == 2"#,
        r#""P12".matches("^P[1-9][0-9]?$") && !"P0".matches("^P[1-9][0-9]?$") && "x1".matches("\\d")"#,
        r#""a" + "b" == "ab" && "a" < "b""#,
        "true ? (false ? false : true) : false",
        "number(\"4.50\") == 4.5 && text(4.50) == \"4.50\"",
    ] {
        assert!(holds(expression), "{expression}");
    }
}

#[test]
fn partial_dates_answer_what_they_know() {
    let day = [("P", "2024-03"), ("Q", "2024-03-12")];
    for (expression, expected) in [
        ("P < Q", Truth::Unknown),
        ("P <= date(\"2024-04-01\")", Truth::Yes),
        ("P == Q", Truth::Unknown),
        ("P > date(\"2024-03-31\")", Truth::No),
        ("Q == visit_date", Truth::Yes),
        ("days(Q, date(\"2024-04-01\")) == 20", Truth::Yes),
        ("days(P, Q) >= 0", Truth::Unknown),
        ("visit_date - Q == 0 && Q + 20 == date(\"2024-04-01\")", Truth::Yes),
        ("year(P) == 2024 && month(P) == 3", Truth::Yes),
        ("day(P) == 12", Truth::Unknown),
        ("is_whole(Q) && !is_whole(P)", Truth::Yes),
        ("age(date(\"1960-03\"), Q) == 64", Truth::Unknown),
        ("years_between(date(\"1960-02\"), Q) == 64", Truth::Yes),
        ("max(P, date(\"2024-05-01\")) == date(\"2024-05-01\")", Truth::Yes),
        ("min(P, Q) == Q", Truth::Unknown),
    ] {
        assert_eq!(truth(expression, &day), expected, "{expression}");
    }
}

#[test]
fn ages_follow_the_studys_convention_for_partial_births() {
    let mut draft = one("integer", "age(P, Q)");
    draft.setting("AGE_FROM_YEAR", "07-01");
    let study = draft.read();
    for (birth, age) in [("1960", "63"), ("1960-03", "63"), ("1960-02", "64"), ("1960-03-12", "64")] {
        let mut sheet = Sheet::default();
        sheet.set("SCR/M/M/P", birth).set("SCR/M/M/Q", "2024-03-12");
        let derived = study.rules().derive(&Sheet::place("SCR/M/M/OUT"), &sheet).expect("derived");
        assert_eq!(derived.value.as_deref(), Some(age), "{birth}");
    }
}

#[test]
fn qualified_numbers_are_intervals() {
    for (expression, expected) in [
        ("N < 25", Truth::Yes),
        ("N < 10", Truth::Unknown),
        ("N >= 20", Truth::No),
        ("N == 20", Truth::No),
        ("N + 1 < 100", Truth::Unknown),
        ("max([N, 30]) == 30", Truth::Yes),
    ] {
        assert_eq!(truth(expression, &[("N", "<20")]), expected, "{expression}");
    }
}

#[test]
fn derived_values_fit_their_item() {
    let of = |kind, expression| derive(kind, expression, &[("T", "x"), ("Q", "2024-03-12")]);
    assert_eq!(of("integer", "7 / 2").as_deref(), Some("4"));
    assert_eq!(of("float", "1 / 3").as_deref(), Some("0.3333"));
    assert_eq!(of("float", "-0.00001").as_deref(), Some("0.0000"));
    assert_eq!(of("text", "T + \"y\"").as_deref(), Some("xy"));
    assert_eq!(of("partialDate", "Q").as_deref(), Some("2024-03-12"));
    assert_eq!(of("date", "P").as_deref(), None);
    assert_eq!(of("float", "pow(10, 27)"), None, "28 digits do not hold it to four places");
}

#[test]
fn evaluation_ends() {
    // 300 × 300 × 300 members are more than any evaluation is given.
    let list = (0..100).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let nested = format!("[{list}].map(a, [{list}].map(b, [{list}].map(c, a + b + c))).size() > 0");
    let started = std::time::Instant::now();
    let _ = truth(&nested, &[]);
    let squared = "[1,2,3,4,5,6,7,8,9,10]";
    let deep = format!(
        "{squared}.all(a, {squared}.all(b, {squared}.all(c, {squared}.all(d, {squared}.all(e, {squared}.all(f, {squared}.all(g, a + b + c + d + e + f + g > 0)))))))"
    );
    assert_eq!(truth(&deep, &[]), Truth::Unknown);
    assert!(started.elapsed().as_secs() < 60);
}

/// The longest chains and the deepest nests that may be read are also evaluated on a small stack.
#[test]
fn the_largest_expressions_evaluate_on_a_small_stack() {
    let chain = vec!["A"; 590].join("+");
    let nest = format!("{}A{}", "(1 + ".repeat(24), ")".repeat(24));
    let conditional = format!("{}A", "A > 1 ? 2 : ".repeat(20));
    for expression in [chain, nest, conditional] {
        let study = one("float", &expression).read();
        let run = move || {
            let mut sheet = Sheet::default();
            sheet.set("SCR/M/M/A", "1");
            study.rules().derive(&Sheet::place("SCR/M/M/OUT"), &sheet).expect("derived").value.is_some()
        };
        let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread");
        assert!(thread.join().expect("no overflow"));
    }
}

/// `+` and `*` over small integers, with their value as an oracle.
fn sums() -> impl Strategy<Value = (String, i128)> {
    let leaf = (-99i128..100).prop_map(|n| (if n < 0 { format!("({n})") } else { n.to_string() }, n));
    leaf.prop_recursive(4, 12, 2, |inner| {
        (inner.clone(), inner, 0..3).prop_map(|((a, x), (b, y), operator)| match operator {
            0 => (format!("({a} + {b})"), x + y),
            1 => (format!("({a} - {b})"), x - y),
            _ => (format!("({a} * {b})"), x * y),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn arithmetic_agrees_with_integers((expression, value) in sums()) {
        prop_assume!(value.abs() < 1_000_000_000_000);
        // Scaled down by a thousand, nothing may be rounded.
        let scaled = format!("({expression}) * 0.001 * 1000 == {value}");
        prop_assert!(holds(&scaled), "{}", scaled);
    }

    #[test]
    fn logic_agrees_with_every_completion(operators in proptest::collection::vec(0..3usize, 1..5), states in proptest::collection::vec(0..3usize, 6)) {
        let mut expression = "X".to_owned();
        for (n, operator) in operators.iter().enumerate() {
            let name = if n % 2 == 0 { "Y" } else { "X" };
            expression = match operator {
                0 => format!("({expression} && {name})"),
                1 => format!("({expression} || !{name})"),
                _ => format!("!({expression} && {name})"),
            };
        }
        let state = |n: usize| [None, Some(true), Some(false)][states[n]];
        let given: Vec<(&str, &str)> = [("X", state(0)), ("Y", state(1))].into_iter()
            .filter_map(|(name, value)| Some((name, if value? { "true" } else { "false" })))
            .collect();
        let found = truth(&expression, &given);
        // A known answer must be the answer of every completion.
        if found != Truth::Unknown {
            for x in [true, false] {
                for y in [true, false] {
                    if state(0).is_some_and(|known| known != x) || state(1).is_some_and(|known| known != y) {
                        continue;
                    }
                    let text = |value: bool| if value { "true" } else { "false" };
                    prop_assert_eq!(truth(&expression, &[("X", text(x)), ("Y", text(y))]), found);
                }
            }
        } else {
            prop_assert!(state(0).is_none() || state(1).is_none());
        }
    }
}
