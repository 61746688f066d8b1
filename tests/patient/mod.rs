//! A patient from consent to the end, entered with the keyboard alone.

pub mod acts;
pub mod book;
pub mod hands;
pub mod script;

#[cfg(test)]
mod randomise;
#[cfg(test)]
mod whole;
