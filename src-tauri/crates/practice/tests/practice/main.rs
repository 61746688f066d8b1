//! A practice site as a newcomer finds it.

mod charts;
mod newcomer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use screens::Now;
use site::{Home, SiteComputer};

/// When the practice sites of these tests are made.
const BEGIN: Now = Now { at_ms: 1_795_421_702_113, offset_minutes: 480 };

/// A computer without vaults, in a folder.
fn computer(folder: &Path) -> SiteComputer {
    let home = Home { data: folder.join("data"), config: folder.join("config") };
    SiteComputer::new(home, Arc::new(|_| {}), Arc::new(AtomicBool::new(false)))
}
