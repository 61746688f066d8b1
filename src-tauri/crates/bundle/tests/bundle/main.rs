//! Bundles through the room's door: there and back against a second reader, and what must be refused.

mod archive;
mod forger;
mod journal;

mod content;
mod outside;
mod round_trip;
mod source;
