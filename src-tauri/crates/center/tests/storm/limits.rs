//! Values at the limits of what the format has room for, by the name of the field in which they stand.

use serde_json::Value;

use crate::ground::{HONEST, HOSTILE, OTHERS};
use crate::mutate::Chance;

/// The hostile device's own subjects.
pub const OWN: [&str; 5] =
    ["S01-001", "S01-002", "S01-003", "S01-\u{202e}004", "S01-999999999999999999999999999999999999"];
const SITES: [&str; 6] = ["S01", "S02", "S03", "S01-2", "s01", "center"];
const LOGS: [&str; 6] = [HOSTILE, HOSTILE, HONEST[0], "center", "S01-", "../../center"];
const FORMS: [&str; 8] = [
    "SE.SCR[1]/F.VS[1]",
    "SE.SCR[1]/F.DM[1]",
    "SE.AE[1]/F.AE[1]",
    "SE.AE[1]/F.AE[4294967295]",
    "SE.TA[20]/F.VS[1]",
    "SE.TA[99999999999999999999]/F.VS[0]",
    "SE.NONE[9]/F.NONE[9]",
    "SE.SCR[%2F%5B%25]/F.VS[%00]",
];
const EVENTS: [&str; 7] =
    ["SE.SCR[1]", "SE.DAY1[1]", "SE.TA[20]", "SE.TA[4294967295]", "SE.TA[-1]", "SE.NONE[1]", "SE.TA[%2F]"];
const GROUPS: [&str; 4] = ["IG.VS", "IG.DM", "IG.AE", "IG.NONE"];
const ITEMS: [&str; 8] = [
    "IT.VS.SYSBP",
    "IT.VS.DIABP",
    "IT.VS.PP",
    "IT.VS.VSPERF",
    "IT.LB.BILI",
    "IT.DM.SEX",
    "IT.DM.CONSENT",
    "IT.AE.TERM",
];
const REPEATS: [&str; 6] = ["1", "0", "-1", "4294967296", "k7f2m3pq.1", "01"];
const ROLES: [&str; 6] = ["nurse", "investigator", "administrator", "monitor", "assessor", "data_manager"];
const MISSING: [&str; 5] = ["not_done", "refused", "unknown", "not_applicable", "none"];
const DAYS: [&str; 9] =
    ["2026-12-01", "0001-01-01", "0000-00-00", "9999-12-31", "2026-02-30", "2026", "2026-13", "----------", "20261201"];
pub const MOMENTS: [&str; 5] = [
    "2026-11-23T08:15:02.113Z",
    "1970-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "2026-02-30T00:00:00.000Z",
];
pub const TICKS: [&str; 6] = [
    "0.0",
    "1795421702113.0",
    "1795421702113.4294967295",
    "253402300799999.0",
    "253402300799999.4294967294",
    "253402300799999.4294967295",
];
pub const OFFSETS: [&str; 5] = ["+08:00", "+00:00", "-12:00", "+23:59", "-23:59"];
pub const VERSIONS: [&str; 5] = ["MDV.1", "MDV.2", "MDV.99", "../MDV.1", " "];
pub const PEOPLE: [&str; 5] = ["nurse1", "nurse1", "system", "datamanager", "\u{202e}nurse1"];
const NUMERALS: [&str; 12] = [
    "0",
    "-0",
    "4.50",
    "120",
    "-9223372036854775808",
    "18446744073709551616",
    "79228162514264337593543950336",
    "0.0000000000000000000000000001",
    "1e999999999",
    "NaN",
    "٣",
    "1,5",
];
const WORDS: [&str; 16] = [
    "",
    " ",
    "x",
    "\u{0}",
    "\u{1b}[2J",
    "\u{202e}evil",
    "=cmd|' /C calc'!A0",
    "../../../center.key",
    "%s%n%p",
    "\"',;\t\r\n",
    "e\u{301}\u{200d}\u{1f468}\u{200d}\u{1f469}",
    "\u{10ffff}",
    "null",
    "<script>",
    "center",
    "system",
];

/// What a field of that name may hold, and now and then what another one holds.
pub fn text(field: &str, chance: &mut Chance) -> String {
    if chance.once_in(6) {
        return any(chance);
    }
    let of: &[&str] = match field {
        "subject" if chance.once_in(10) => &OTHERS,
        "subject" => &OWN,
        "site" | "sites" => &SITES,
        "log" | "device" | "sender" => &LOGS,
        "form" => &FORMS,
        "event" => &EVENTS,
        "group" => &GROUPS,
        "item" => &ITEMS,
        "repeat" => &REPEATS,
        "role" => &ROLES,
        "missing" => &MISSING,
        "date" | "effective" | "from" | "to" if chance.once_in(4) => &VERSIONS,
        "date" | "effective" | "from" | "to" => &DAYS,
        "at" | "against" => &MOMENTS,
        "tick" => &TICKS,
        "version" => &VERSIONS,
        "how" => &["own", "administrator", "recovery", "other"],
        "kept" => &["held", "later", "other"],
        "sealed" => &["00", "", "6167652d656e6372797074696f6e", "0A", "0"],
        "user" | "by" => &PEOPLE,
        "value" | "low" | "high" | "raw" => &NUMERALS,
        _ => &WORDS,
    };
    (*chance.pick(of)).to_owned()
}

/// Any text: the usual suspects, or one as long as something may be.
fn any(chance: &mut Chance) -> String {
    match chance.below(24) {
        0 => "x".repeat(128),
        1 => "x".repeat(129),
        2 => "\u{10ffff}".repeat(32),
        3 => "9".repeat(1 + chance.below(40)),
        4 => "\u{1}".repeat(200),
        // The longest value and one more; digits, so that they are a number, too.
        5 if chance.once_in(20) => "7".repeat(262_144 + chance.below(2)),
        6..9 => (*chance.pick(&NUMERALS)).to_owned(),
        9 => (*chance.pick(&DAYS)).to_owned(),
        10 => (*chance.pick(&FORMS)).to_owned(),
        _ => (*chance.pick(&WORDS)).to_owned(),
    }
}

/// A number at the limits of some type.
pub fn number(chance: &mut Chance) -> Value {
    let (u32s, u64s) = ([0, 1, 2, u64::from(u32::MAX) - 1, u64::from(u32::MAX)], [1 << 32, 1 << 53, 1 << 63, u64::MAX]);
    if chance.once_in(3) { (*chance.pick(&u64s)).into() } else { (*chance.pick(&u32s)).into() }
}
