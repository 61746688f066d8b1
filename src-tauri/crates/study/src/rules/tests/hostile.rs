//! Whatever is written as an expression, reading it and asking it ends, without a panic.

use super::{Sheet, one};
use crate::rules::Functions;
use proptest::prelude::*;

/// Expressions that are often well-formed, seldom sensible.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        proptest::sample::select(vec![
            "A",
            "B",
            "N",
            "P",
            "Q",
            "X",
            "T",
            "null",
            "true",
            "1",
            "0",
            "-1.50",
            "1e9",
            "79228162514264337593543950335",
            "0.0000000000000000000000000001",
            "\"x\"",
            "\"\"",
            "visit_date",
            "visit",
            "visit_repeat",
            "rows(\"M\")",
            "all_rows(\"M\")",
            "latest(\"M\",\"A\")",
            "previous(\"M\",\"P\")",
            "date(\"2024-03\")",
            "[]",
            "v",
            "M.A",
            "at(\"SCR\",\"M\").P",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9.\"+]{0,4}",
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let word = |words: &'static [&'static str]| proptest::sample::select(words.to_vec());
        prop_oneof![
            (inner.clone(), word(&["+", "-", "*", "/", "%", "<", "<=", "==", "!=", "in", "&&", "||"]), inner.clone())
                .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            (
                word(&[
                    "!", "-", "abs", "sqrt", "cbrt", "log10", "exp", "round", "size", "sum", "min", "count",
                    "distinct", "year", "day", "text", "known", "is_whole", "number", "date"
                ]),
                inner.clone()
            )
                .prop_map(|(function, a)| format!("{function}({a})")),
            (word(&["pow", "round", "days", "age", "max", "coalesce", "contains"]), inner.clone(), inner.clone())
                .prop_map(|(function, a, b)| format!("{function}({a}, {b})")),
            (inner.clone(), word(&["all", "exists", "exists_one", "filter", "map"]), inner.clone())
                .prop_map(|(list, each, body)| format!("{list}.{each}(v, {body})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a}[{b}]")),
        ]
    })
}

fn sheet() -> Sheet {
    let mut sheet = Sheet::default();
    sheet.date("SCR", "1", "2024-03-12");
    for (item, value) in [
        ("A", "1.5"),
        ("N", "<20"),
        ("P", "2024-03"),
        ("Q", "9999-12-31"),
        ("X", "true"),
        ("T", "x"),
        ("C", "nonsense"),
    ] {
        sheet.set(&format!("SCR/M/M/{item}"), value);
    }
    sheet
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_expression_is_refused_or_asked(expression in expressions(), kind in proptest::sample::select(vec!["float", "boolean", "text", "integer", "partialDate"])) {
        if let Ok(study) = one(kind, &expression).read_with(&Functions::default()) {
            let (sheet, place) = (sheet(), Sheet::place("SCR/M/M/OUT"));
            let derived = study.rules().derive(&place, &sheet).expect("derived");
            // Asked twice, it gives the same bytes; what it stores can be read again.
            prop_assert_eq!(&study.rules().derive(&place, &sheet), &Some(derived.clone()));
            let _ = derived.trace(&study, "zh-CN");
            if let Some(value) = derived.value {
                let item = study.items.get("IT.M.OUT").expect("an item");
                prop_assert!(item.kind.read(&value).is_ok(), "{} from {}", value, expression);
            }
        }
    }
}
