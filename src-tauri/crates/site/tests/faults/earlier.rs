//! The vault of the frozen site (`tests/frozen/README.md`), laid beside the vaults of a computer.

use std::fs;
use std::path::Path;

/// Its name on the computer.
pub const VAULT: &str = "earlier";
/// Who signs in there, and with what.
pub const USER: &str = "nurse1";
pub const PASSWORD: &str = "practice-harbour-42";
/// The subject that was entered last.
pub const SUBJECT: &str = "S01-002";
/// How much later than the other scenarios somebody signs in there: the vault was made meanwhile.
pub const LATER_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

const FROZEN: &[u8] = include_bytes!("../../../../../tests/frozen/before-rooms.tar.zst");
const BLOCK: usize = 512;

/// Lays the vault and its checkpoint below a computer's folder.
pub fn lay(computer: &Path) {
    let archive = zstd::decode_all(FROZEN).expect("zstd");
    let mut rest = archive.as_slice();
    while rest.first().is_some_and(|byte| *byte != 0) {
        let (header, behind) = rest.split_at(BLOCK);
        let text = |field: &[u8]| String::from_utf8_lossy(field).trim_end_matches('\0').to_owned();
        let (name, size) = (text(&header[..100]), usize::from_str_radix(&text(&header[124..136]), 8).expect("octal"));
        let to = match name.split_once('/') {
            Some(("vault", file)) => Some(format!("data/vaults/{VAULT}/{file}")),
            Some(("config", "checkpoints/vault.json")) => Some(format!("config/checkpoints/{VAULT}.json")),
            _ => None,
        };
        if let Some(to) = to {
            let to = computer.join(to);
            fs::create_dir_all(to.parent().expect("a folder")).expect("made");
            fs::write(to, &behind[..size]).expect("written");
        }
        rest = &behind[size.next_multiple_of(BLOCK)..];
    }
}
