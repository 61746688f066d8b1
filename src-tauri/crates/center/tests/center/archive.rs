//! A database that nobody can write, such as one in an archive.

use casebook::Instant;
use center::store::{Embedded, Site, Storage, StoreError};
use std::fs;
use tempfile::TempDir;

/// A20: an archive, which nobody can write, could not be looked at.
#[test]
fn a_database_that_can_not_be_written_is_read() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("an archive? 100%.sqlite");
    let site = Site { id: "S01".to_owned(), name: "Sample hospital".to_owned(), added: Instant::from_ms(1) };
    let write = |store: &(dyn Storage + 'static)| store.transact(|tx| tx.put_site(&site));
    let wal = folder.path().join("an archive? 100%.sqlite-wal");
    {
        let store: Box<dyn Storage> = Box::new(Embedded::make(&file).expect("made"));
        write(&*store).expect("written");
        assert!(fs::metadata(&wal).expect("there").len() > 0);
        let refused = Embedded::to_be_read(&file).err().expect("what lies beside it would be passed over");
        assert!(matches!(refused, StoreError::ReadOnly) && !store.is_read_only());
    }
    let store: Box<dyn Storage> = Box::new(Embedded::to_be_read(&file).expect("it opens"));
    assert_eq!(store.read(|tx| tx.sites()).expect("read").len(), 1);
    assert!(store.is_read_only());
    assert!(matches!(write(&*store), Err(StoreError::ReadOnly)) && matches!(store.wipe(), Err(StoreError::ReadOnly)));
    let beside = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(beside, 1, "nothing is laid beside it");
    fs::write(&file, "").expect("emptied");
    assert!(Embedded::to_be_read(&file).is_err());
}
