//! The acts of a site computer: one function per thing a person does.

pub mod messages;
mod typescript;
