//! The program through its own door: what it says, what it writes, how it exits.

#[cfg(target_os = "linux")]
mod broken;
mod cli;
mod clinical;
mod commands;
mod courses;
#[path = "../../../center/tests/center/device.rs"]
#[allow(dead_code, reason = "the library's own tests use all of it")]
mod device;
mod grades;
#[cfg(unix)]
mod hardened;
mod new_keys;
mod recist;
mod recover;
mod refusals;
mod settle;
mod slips;
mod third;
