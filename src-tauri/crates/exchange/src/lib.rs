//! The world's formats.
