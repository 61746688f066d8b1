//! The gate, act by act, role by role, state by state.

mod stage;
mod table;
mod trial;
mod walk;
