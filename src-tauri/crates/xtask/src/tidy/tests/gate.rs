//! Whoever writes an act asks the gate first.

use super::{house_of, places, room, said};
use crate::tidy::house::House;

const RULE: &str = "acts past the gate";
const ASKS: &str = "fn write(tx: &mut Tx) { book.permits(act); tx.write(act) }";

fn site(keeper: &str, other: &str) -> House {
    house_of(vec![room("site", &[("writing.rs", keeper), ("entering.rs", other)])])
}

#[test]
fn an_act_that_passes_by_the_gate_is_an_offence() {
    for past in [
        "fn save(tx: &mut Tx<'_>) { tx.write(act) }",
        "fn save() { open.transact(stamp, |tx| tx.write(act)) }",
        "fn save() { open.transact::<(), SiteError>(stamp, |tx| tx.write(act)) }",
        "fn save() { open\n.transact(stamp, |tx| tx.write(act)) }",
        "fn save() { Open::transact(&mut open, stamp, |tx| tx.write(act)) }",
        "fn save() { open.close_user(stamp, |tx| tx.write(act)) }",
        "fn save() { open.add_user::<SiteError>(new, stamp, |tx, key| tx.write(act)) }",
        "fn save() { let open = Open::found(place, founding, first, stamp, acts); }",
        "fn save() { tx.write_as_system(act) }",
        "use vault::Tx as Writer;",
        "use vault::{Open, Tx};",
        "mod inner { fn save(tx: &mut vault::Tx<'_>) {} }",
        "macro_rules! save { ($act:expr) => { open.transact(stamp, |tx| tx.write($act)) } }",
    ] {
        assert_eq!(said(RULE, &site(ASKS, past)).len(), 1, "{past}");
    }
}

#[test]
fn what_only_sounds_like_writing_is_none() {
    for fine in [
        "fn save(tx: &mut ActWriter) { tx.write(act) }",
        "use crate::writing::ActWriter; type TxCount = u8; const MAX_Tx: u8 = 1;",
        "fn founding() { Open::founding(); let transaction = transact_nothing(); }",
        "/// Tx is lent by Open::transact(…).\nfn read() {}",
        "// open.transact(stamp, |tx| tx.write(act))",
        "#[cfg(test)] mod tests { fn save(tx: &mut Tx<'_>) { tx.write(act) } }",
        "#[cfg(test)] use vault::Tx;",
        "#[cfg(test)] const DOOR: fn(&mut Tx) = f;",
    ] {
        assert!(said(RULE, &site(ASKS, fine)).is_empty(), "{fine}");
    }
    let elsewhere = room("vault", &[("door.rs", "impl Open { pub fn transact(work: impl FnOnce(&mut Tx)) {} }")]);
    assert!(said(RULE, &house_of(vec![elsewhere])).is_empty());
}

#[test]
fn the_keeper_must_ask_in_its_own_code() {
    for silent in [
        "fn write(tx: &mut Tx) { tx.write(act) }",
        "// book.permits(act) was asked before.\nfn write(tx: &mut Tx) { tx.write(act) }",
        "fn write(tx: &mut Tx) { tx.write(act) }\n#[cfg(test)]\nmod tests { fn ask() { book.permits(act); } }",
        "fn permits() {}",
    ] {
        assert_eq!(said(RULE, &site(silent, "")), ["ask the gate here before a write"], "{silent}");
    }
    let gone = house_of(vec![room("site", &[("lib.rs", "mod entering;")])]);
    assert_eq!(places(RULE, &gone), ["src-tauri/crates/site/src/writing.rs:1"]);
}

#[test]
fn the_center_has_a_door_of_its_own() {
    let center = |other: &str| {
        let journal = "fn write(writer: LogWriter) { state.permits(act); writer.next(act) }";
        house_of(vec![room("center", &[("journal.rs", journal), ("import/one.rs", other)])])
    };
    assert!(said(RULE, &center("fn merge(line: &Line) { line.read(); tx.append(line) }")).is_empty());
    for past in ["fn write() { Line::write(entry, sha256) }", "use casebook::{Line, LogWriter};"] {
        assert_eq!(places(RULE, &center(past)), ["src-tauri/crates/center/src/import/one.rs:1"], "{past}");
    }
}
