//! The commands, one file per screen. Each hands its words to one function of the room `site`.

pub mod start;
