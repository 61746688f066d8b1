//! Lines of a log in order, from one connection or from several that take turns.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rusqlite::Connection;

use crate::VaultError;
use crate::entries::Place;

/// Connections that share a long range.
pub(crate) const READERS: usize = 3;
/// Lines that a reader hands over at once: about two megabytes.
const PORTION: u64 = 4_096;

/// Lines on their way from a reader: their bytes, and where each ends.
#[derive(Default)]
struct Portion {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// Which portions one reader reads: the one that begins at `first` and every one a `stride` further, up to `to`.
struct Turns {
    first: u64,
    to: u64,
    stride: u64,
}

/// Hands the lines `from..=to` of the log numbered `no` to `each`, in order.
pub(crate) fn range<E: From<VaultError>>(
    sql: &Connection,
    no: i64,
    from: u64,
    to: u64,
    each: &mut impl FnMut(u64, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let query = "SELECT place, line FROM entry WHERE place BETWEEN ?1 AND ?2 ORDER BY place";
    let mut read = sql.prepare_cached(query).map_err(VaultError::from)?;
    let mut rows = read.query((Place::new(no, from).0, Place::new(no, to).0)).map_err(VaultError::from)?;
    let mut next = from;
    while let Some(row) = rows.next().map_err(VaultError::from)? {
        let place = Place(row.get(0).map_err(VaultError::from)?);
        if place.seq() != next {
            return Err(VaultError::Missing("entry").into());
        }
        let line = row.get_ref(1).map_err(VaultError::from)?.as_blob().map_err(VaultError::from)?;
        each(next, line)?;
        next += 1;
    }
    if next > to { Ok(()) } else { Err(VaultError::Missing("entry").into()) }
}

/// The same with several readers: each reads every n-th portion ahead, and `each` is called here, in order.
pub(crate) fn shared<E: From<VaultError>>(
    readers: &[Mutex<Connection>],
    no: i64,
    from: u64,
    to: u64,
    mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let portions: Vec<Receiver<Result<Portion, VaultError>>> = (0..readers.len())
            .map(|turn| {
                let (send, receive) = sync_channel(1);
                let first = from + PORTION * turn as u64;
                let stride = PORTION * readers.len() as u64;
                scope.spawn(move || read_turns(&readers[turn], no, Turns { first, to, stride }, &send));
                receive
            })
            .collect();
        let mut seq = from;
        for receive in portions.iter().cycle() {
            if seq > to {
                break;
            }
            let portion = receive.recv().map_err(|_| VaultError::Missing("reader"))??;
            let mut start = 0;
            for end in portion.ends {
                each(seq, &portion.bytes[start..end])?;
                (seq, start) = (seq + 1, end);
            }
        }
        Ok(())
    })
}

/// One reader's portions. Ends when nobody takes them any more.
fn read_turns(reader: &Mutex<Connection>, no: i64, turns: Turns, send: &SyncSender<Result<Portion, VaultError>>) {
    let Ok(sql) = reader.lock() else { return };
    let mut from = turns.first;
    while from <= turns.to {
        let read = portion(&sql, no, from, turns.to.min(from + PORTION - 1));
        let failed = read.is_err();
        if send.send(read).is_err() || failed {
            return;
        }
        from += turns.stride;
    }
}

fn portion(sql: &Connection, no: i64, from: u64, to: u64) -> Result<Portion, VaultError> {
    let mut portion = Portion::default();
    range(sql, no, from, to, &mut |_, line: &[u8]| {
        portion.bytes.extend_from_slice(line);
        portion.ends.push(portion.bytes.len());
        Ok::<_, VaultError>(())
    })?;
    Ok(portion)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: u64 = 7 * PORTION + 17;

    fn log(folder: &std::path::Path) -> Vec<Mutex<Connection>> {
        let file = folder.join("log.db");
        let sql = Connection::open(&file).expect("a file");
        sql.execute_batch("CREATE TABLE entry (place INTEGER PRIMARY KEY, line BLOB NOT NULL); BEGIN")
            .expect("a table");
        for seq in 1..=LAST {
            sql.execute(
                "INSERT INTO entry VALUES (?1, ?2)",
                (Place::new(3, seq).0, format!("line {seq}").into_bytes()),
            )
            .expect("a row");
        }
        sql.execute_batch("COMMIT").expect("written");
        (0..READERS).map(|_| Mutex::new(Connection::open(&file).expect("a reader"))).collect()
    }

    fn read(readers: &[Mutex<Connection>], from: u64, to: u64) -> Result<Vec<(u64, Vec<u8>)>, VaultError> {
        let mut lines = Vec::new();
        shared(readers, 3, from, to, |seq, line| {
            lines.push((seq, line.to_vec()));
            Ok::<_, VaultError>(())
        })?;
        Ok(lines)
    }

    #[test]
    fn readers_that_take_turns_give_every_line_once_and_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = log(folder.path());
        for (from, to) in [(1, LAST), (5, 2 * PORTION), (PORTION, PORTION + 1), (LAST, LAST)] {
            let lines = read(&readers, from, to).expect("lines");
            let wanted: Vec<_> = (from..=to).map(|seq| (seq, format!("line {seq}").into_bytes())).collect();
            assert!(lines == wanted, "{from}..={to}");
        }
    }

    #[test]
    fn a_missing_line_is_named_and_a_wish_to_stop_is_heard() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = log(folder.path());
        assert!(matches!(read(&readers, 1, LAST + 1), Err(VaultError::Missing("entry"))));
        let mut seen = 0;
        let stopped = shared(&readers, 3, 1, LAST, |_, _| {
            seen += 1;
            if seen == 10 { Err(VaultError::Missing("patience")) } else { Ok(()) }
        });
        assert!(matches!(stopped, Err(VaultError::Missing("patience"))));
        assert_eq!(seen, 10);
        let removed = readers[0]
            .lock()
            .expect("a reader")
            .execute("DELETE FROM entry WHERE place = ?1", [Place::new(3, PORTION + 9).0]);
        assert_eq!(removed.expect("a row less"), 1);
        assert!(matches!(read(&readers, 1, LAST), Err(VaultError::Missing("entry"))));
    }
}
