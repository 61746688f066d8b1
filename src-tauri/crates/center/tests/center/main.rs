//! The center, driven as a data manager drives it, by invented devices.

mod allocation;
mod checkpoints;
mod cli;
mod clinical;
mod device;
mod intake;
mod recist;
mod replies;
mod speed;
