//! The coordinating center.
