//! What answers mean: tumours, laboratory results and adverse events of a casebook, judged by the rules of `oncology`.
//!
//! [`functions()`] are the clinical functions that a study's rules may call; whoever reads a study hands them in, so that
//! neither vault nor center knows medicine.
//!
//! ```
//! let functions = clinical::functions();
//! assert!(functions.names().any(|name| name == "ctcae_lab_grade"));
//! ```

mod functions;
pub mod labs;
pub mod safety;
pub mod tumours;

pub use functions::functions;
