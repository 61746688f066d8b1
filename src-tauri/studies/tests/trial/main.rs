//! The real trial's study file, tested through the form engine: a check, a skip and a derived value of each kind, and the numbers
//! that the trial file computes.

mod compiles;
mod dates;
mod derived;
mod forms;
mod labs;
mod limits;
mod nurse;
mod pairs;
mod plan;
mod recist;
mod records;
mod safety;
mod settings;
mod texts;
mod treatment;
mod tumours;
mod typed;
