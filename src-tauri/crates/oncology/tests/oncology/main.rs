//! The room held against what others wrote.

mod ctcae;
mod sheet;
