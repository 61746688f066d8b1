//! The center, driven as a data manager drives it, by invented devices.

mod checkpoints;
mod cli;
mod device;
mod intake;
mod replies;
mod speed;
