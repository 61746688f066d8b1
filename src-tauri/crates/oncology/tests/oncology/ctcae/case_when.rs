//! A small evaluator of R's `case_when` conditions, as admiral's files hold them: binary numbers rounded to 15 significant
//! digits, three-valued logic, conditions that are not true passed over. It shares nothing with the code under test.

use std::collections::HashMap;

/// What a name stands for; none is R's NA.
pub type Names = HashMap<&'static str, Option<f64>>;

/// The grade that the conditions of `code` give, none when no condition is true.
pub fn first_true(code: &str, names: &Names) -> Option<String> {
    let mut parser = Parser { rest: code, names };
    loop {
        let condition = parser.or();
        parser.take("~");
        let given = parser.word();
        if condition == Value::Bool(Some(true)) {
            return Some(given);
        }
        if !parser.eat(",") {
            assert!(parser.rest.trim().is_empty(), "not read: {}", parser.rest);
            return None;
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(Option<f64>),
    Bool(Option<bool>),
}

struct Parser<'a> {
    rest: &'a str,
    names: &'a Names,
}

impl Parser<'_> {
    fn eat(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(sign);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    fn take(&mut self, sign: &str) {
        assert!(self.eat(sign), "{sign} is expected at {}", self.rest);
    }

    fn word(&mut self) -> String {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "._\"".contains(c))).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        word.trim_matches('"').to_owned()
    }

    fn or(&mut self) -> Value {
        let mut left = self.and();
        while self.eat("|") {
            let (a, b) = (truth(&left), truth(&self.and()));
            left = Value::Bool(match (a, b) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            });
        }
        left
    }

    fn and(&mut self) -> Value {
        let mut left = self.not();
        while self.eat("&") {
            let (a, b) = (truth(&left), truth(&self.not()));
            left = Value::Bool(match (a, b) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            });
        }
        left
    }

    fn not(&mut self) -> Value {
        if self.eat("!") {
            return Value::Bool(truth(&self.not()).map(|truth| !truth));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Value {
        let left = self.sum();
        for (sign, compare) in [
            ("<=", (|a, b| a <= b) as fn(f64, f64) -> bool),
            (">=", |a, b| a >= b),
            ("<", |a, b| a < b),
            (">", |a, b| a > b),
        ] {
            if self.eat(sign) {
                let right = self.sum();
                return Value::Bool(number(&left).zip(number(&right)).map(|(a, b)| compare(a, b)));
            }
        }
        if self.eat("%in%") {
            assert_eq!(self.word(), "high_indicator");
            // The indicator is 1 for a high baseline, 0 for another; NA is in nothing.
            return Value::Bool(Some(number(&left) == Some(1.0)));
        }
        left
    }

    fn sum(&mut self) -> Value {
        let mut left = self.product();
        while self.eat("+") {
            let right = self.product();
            left = Value::Number(number(&left).zip(number(&right)).map(|(a, b)| a + b));
        }
        left
    }

    fn product(&mut self) -> Value {
        let mut left = self.atom();
        while self.eat("*") {
            let right = self.atom();
            left = Value::Number(number(&left).zip(number(&right)).map(|(a, b)| a * b));
        }
        left
    }

    fn atom(&mut self) -> Value {
        if self.eat("(") {
            let inner = self.or();
            self.take(")");
            return inner;
        }
        let negative = self.eat("-");
        let word = self.word();
        if let Ok(number) = word.parse::<f64>() {
            return Value::Number(Some(if negative { -number } else { number }));
        }
        match word.as_str() {
            "is.na" => {
                self.take("(");
                let name = self.word();
                self.take(")");
                Value::Bool(Some(self.names[name.as_str()].is_none()))
            }
            "signif" => {
                self.take("(");
                let inner = self.or();
                self.take(",");
                assert_eq!(self.word(), "signif_dig");
                self.take(")");
                Value::Number(number(&inner).map(signif))
            }
            name => Value::Number(*self.names.get(name).unwrap_or_else(|| panic!("unknown: {name}"))),
        }
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(_) => panic!("a condition is expected"),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => *number,
        Value::Bool(_) => panic!("a number is expected"),
    }
}

/// admiral's option `signif_digits`: 15.
fn signif(number: f64) -> f64 {
    format!("{number:.14e}").parse().expect("a number")
}

#[test]
fn it_reads_what_r_reads() {
    let names = Names::from([("AVAL", Some(0.3)), ("ANRHI", Some(0.1)), ("BASE", None), ("BNRIND", None)]);
    let grade = |code: &str| first_true(code, &names);
    assert_eq!(grade("is.na(BASE) ~ NA_character_"), Some("NA_character_".to_owned()));
    assert_eq!(
        grade("signif(AVAL, signif_dig) > signif(3*ANRHI, signif_dig) ~ \"2\""),
        None,
        "0.3 is not above 3 × 0.1"
    );
    assert_eq!(grade("AVAL > 3*ANRHI ~ \"2\", AVAL >= 0.3 ~ \"1\""), Some("1".to_owned()));
    assert_eq!(grade("BNRIND %in% high_indicator & AVAL > 0 ~ \"4\""), None);
    assert_eq!(grade("!(BNRIND %in% high_indicator) & AVAL > -75 ~ \"4\""), Some("4".to_owned()));
    assert_eq!(grade("AVAL > BASE | is.na(AVAL) ~ \"4\""), None);
}
