//! What was measured, as a table for people and as JSON for programs.

use serde_json::json;

use crate::steps::{Outcome, target};

/// One measured figure with its bar.
pub struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    bar: Option<Bar>,
}

/// What a figure is held against.
#[derive(Clone, Copy)]
pub enum Bar {
    /// At most this.
    Most(f64),
    /// At least this.
    Least(f64),
}

/// All figures of one run.
#[derive(Default)]
pub struct Table(Vec<Figure>);

impl Table {
    /// Notes a figure that has no bar of its own.
    pub fn note(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.push(Figure { name: name.into(), value, unit, bar: None });
    }

    /// Notes a figure and holds it against its bar.
    pub fn hold(&mut self, name: impl Into<String>, value: f64, unit: &'static str, bar: Bar) {
        self.push(Figure { name: name.into(), value, unit, bar: Some(bar) });
    }

    /// Prints the table and writes `target/bench.json`.
    pub fn publish(&self) -> Outcome {
        let path = target().join("bench.json");
        std::fs::write(&path, serde_json::to_string_pretty(&self.json())?)?;
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!("\n{} figures, {cores} cores; written to {}", self.0.len(), path.display());
        for figure in &self.0 {
            println!("{}", figure.line());
        }
        Ok(())
    }

    /// The figures as they are written.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.0.iter().map(Figure::json).collect()
    }

    fn push(&mut self, figure: Figure) {
        println!("{}", figure.line());
        self.0.push(figure);
    }
}

impl Figure {
    fn holds(&self) -> Option<bool> {
        self.bar.map(|bar| match bar {
            Bar::Most(most) => self.value <= most,
            Bar::Least(least) => self.value >= least,
        })
    }

    fn line(&self) -> String {
        let bar = match self.bar {
            None => String::new(),
            Some(Bar::Most(most)) => format!("≤ {most}"),
            Some(Bar::Least(least)) => format!("≥ {least}"),
        };
        let holds = self.holds().map_or("", |holds| if holds { "holds" } else { "BELOW" });
        format!("{:<58} {:>12.3} {:<10} {:>10}  {holds}", self.name, self.value, self.unit, bar)
    }

    fn json(&self) -> serde_json::Value {
        let bar = match self.bar {
            None => json!(null),
            Some(Bar::Most(most)) => json!({ "most": most }),
            Some(Bar::Least(least)) => json!({ "least": least }),
        };
        json!({ "name": self.name, "value": self.value, "unit": self.unit, "bar": bar, "holds": self.holds() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(value: f64, bar: Bar) -> Figure {
        Figure { name: "save".into(), value, unit: "ms", bar: Some(bar) }
    }

    #[test]
    fn a_figure_at_its_bar_holds_and_beyond_it_does_not() {
        for (value, bar, holds) in [
            (2.0, Bar::Most(2.0), true),
            (2.001, Bar::Most(2.0), false),
            (-1.0, Bar::Most(2.0), true),
            (2.0, Bar::Least(2.0), true),
            (1.999, Bar::Least(2.0), false),
            // 0 / 0: nothing was measured.
            (f64::NAN, Bar::Most(2.0), false),
            (f64::NAN, Bar::Least(2.0), false),
        ] {
            let figure = held(value, bar);
            assert_eq!(figure.holds(), Some(holds), "{value}");
            assert_eq!(figure.json()["holds"], holds);
            assert!(figure.line().ends_with(if holds { "holds" } else { "BELOW" }), "{}", figure.line());
        }
    }

    #[test]
    fn a_figure_without_a_bar_neither_holds_nor_fails() {
        let mut table = Table::default();
        table.note("bare commit, median", 1.5, "ms");
        table.hold("save / commit", 1.25, "×", Bar::Most(2.0));
        let [note, ratio] = &table.0[..] else { panic!("two figures") };
        assert_eq!(
            note.json(),
            json!({"name": "bare commit, median", "value": 1.5, "unit": "ms", "bar": null, "holds": null})
        );
        assert!(!note.line().contains("holds") && note.line().contains("1.500 ms"), "{}", note.line());
        assert_eq!(ratio.json()["bar"], json!({"most": 2.0}));
        assert!(ratio.line().contains("1.250 ×") && ratio.line().contains("≤ 2 "), "{}", ratio.line());
        assert_eq!(held(3.0, Bar::Least(2.5)).json()["bar"], json!({"least": 2.5}));
    }
}
