//! The center, driven as a data manager drives it, by invented devices.

mod checkpoints;
mod device;
mod folding;
mod hostile;
mod intake;
mod randomisation;
mod replies;
mod storage;
