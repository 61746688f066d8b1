//! A practice site as a newcomer finds it.

mod charts;
mod newcomer;
mod private;

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use screens::Now;
use site::{Home, SiteComputer};

/// When the practice sites of these tests are made.
const BEGIN: Now = Now { at_ms: 1_795_421_702_113, offset_minutes: 480 };

/// A computer without vaults, in a folder.
fn computer(folder: &Path) -> SiteComputer {
    let home = Home { data: folder.join("data"), config: folder.join("config") };
    SiteComputer::new(home, Arc::new(|_| {}), Arc::new(AtomicBool::new(false)))
}

/// The one practice site of these tests, which look at it one after another: making it takes longer than looking at it.
fn site() -> MutexGuard<'static, SiteComputer> {
    static SITE: OnceLock<(tempfile::TempDir, Mutex<SiteComputer>)> = OnceLock::new();
    let (_, computer) = SITE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut computer = computer(folder.path());
        practice::practise(&mut computer, BEGIN).expect("a practice site");
        (folder, Mutex::new(computer))
    });
    computer.lock().unwrap_or_else(PoisonError::into_inner)
}
