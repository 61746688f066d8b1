//! Calculators that need no center: grades, responses, and the sheet of constants.

pub mod constants;
pub mod grade;
pub mod recist;
