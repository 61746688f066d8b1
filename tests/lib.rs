//! Tests of the whole system: the real window, the center's command line, other people's tools.

pub mod pages;
pub mod stopwatch;
pub mod walk;
pub mod window;

#[cfg(test)]
mod amendments;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod backups;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod chance;
#[cfg(test)]
mod choosing;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod frozen;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod odm;
#[cfg(test)]
mod patient;
#[cfg(test)]
mod practice_trial;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod ways_back;
#[cfg(test)]
mod whole;

use std::path::PathBuf;

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors()
        .find(|folder| folder.ends_with("debug") || folder.ends_with("release"))
        .and_then(|folder| folder.parent())
        .map_or_else(|| PathBuf::from("target"), PathBuf::from)
}
