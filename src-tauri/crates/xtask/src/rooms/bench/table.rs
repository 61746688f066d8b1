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
        let list: Vec<_> = self.0.iter().map(Figure::json).collect();
        let path = target().join("bench.json");
        std::fs::write(&path, serde_json::to_string_pretty(&list)?)?;
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!("\n{} figures, {cores} cores; written to {}", self.0.len(), path.display());
        for figure in &self.0 {
            println!("{}", figure.line());
        }
        Ok(())
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
