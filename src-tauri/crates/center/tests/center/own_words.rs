//! Words go to whoever brought them, and to whom they concern: to name a text is not to have it.

use crate::device::{Desk, Device, stamp};
use crate::folding::export;
use crate::replies::{Read, open};
use bundle::{Key, Kind};
use casebook::act::UserClosed;
use casebook::{Act, CENTER, EntryId, FreeTextId, Line, Stored, TextCommit};
use center::{AlarmKind, Branch, Choice};
use seal::Identity;
use std::collections::BTreeSet;
use study::Oid;

const PASSPHRASE: &str = "correct horse battery";
/// What the center wrote about the second site holds this everywhere.
const CANARY: &str = "canary of the second site";
/// Every act of a device's that names a text, `T` in its place.
const NAMING: [&str; 13] = [
    r#"{"act":"user.closed","user":"nurse2","reason":T}"#,
    r#"{"act":"event.dated","subject":"S01-001","event":"SE.SCR[1]","date":"2026-11","bases":[],"reason":T}"#,
    r#"{"act":"event.missed","subject":"S01-001","event":"SE.AE[1]","reason":T,"bases":[]}"#,
    r#"{"act":"items.set","subject":"S01-001","form":"SE.SCR[1]/F.VS[1]","items":[{"group":"IG.VS","repeat":"1","item":"IT.VS.SYSBP","value":"4","bases":[],"reason":T}]}"#,
    r#"{"act":"items.set","subject":"S01-001","form":"SE.AE[1]/F.AE[1]","items":[{"group":"IG.AE","repeat":"1","item":"IT.AE.TERM","value":T,"bases":[]}]}"#,
    r#"{"act":"row.removed","subject":"S01-001","form":"SE.AE[1]/F.AE[1]","group":"IG.AE","repeat":"1","reason":T,"bases":[],"cells":[]}"#,
    r#"{"act":"form.reopened","subject":"S01-001","form":"SE.SCR[1]/F.VS[1]","reason":T,"bases":[]}"#,
    r#"{"act":"form.not_done","subject":"S01-001","form":"SE.SCR[1]/F.VS[1]","reason":T,"bases":[]}"#,
    r#"{"act":"finding.confirmed","subject":"S01-001","form":"SE.SCR[1]/F.VS[1]","group":"IG.VS","repeat":"1","item":"IT.VS.SYSBP","rule":"R","comment":T,"operands":[]}"#,
    r#"{"act":"query.raised","subject":"S01-001","form":"SE.SCR[1]/F.VS[1]","group":"IG.VS","repeat":"1","item":"IT.VS.SYSBP","question":T}"#,
    r#"{"act":"query.answered","subject":"S01-001","query":"3333333333333333333333333333333333333333333333333333333333333333","answer":T,"bases":[]}"#,
    r#"{"act":"query.reopened","subject":"S01-001","query":"3333333333333333333333333333333333333333333333333333333333333333","reason":T,"bases":[]}"#,
    r#"{"act":"subject.migrated","subject":"S01-001","from":"MDV.1","to":"MDV.2","reason":T,"bases":[]}"#,
];

/// Two sites; of the first a device that reads its replies. What the center wrote about the second one holds [`CANARY`].
struct Sites {
    desk: Desk,
    identity: Identity,
    first: Device,
    second: Device,
}

impl Sites {
    fn new() -> Self {
        let desk = Desk::new();
        desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
        let identity = Identity::make();
        let mut first = Device { age: identity.recipient(), ..Device::new(&desk, "S01-aaaaaaaa") };
        let mut second = Device::new(&desk, "S02-bbbbbbbb");
        desk.admit(&mut first);
        desk.admit(&mut second);
        Self { desk, identity, first, second }
    }

    /// The center writes about the second site: a question, a fork that was settled, a device that was lost.
    fn with_words() -> Self {
        let mut sites = Self::new();
        let Self { desk, second, .. } = &mut sites;
        let subject = second.register(1);
        second.set(&subject, "IT.VS.SYSBP", "120");
        let mut copy = second.clone();
        second.register(2);
        copy.put(&subject, "SE.AE[1]/F.AE[1]", "IG.AE", "IT.AE.TERM", Stored::Plain(CANARY.into()));
        copy.register(3);
        copy.put(&Oid::from("S02-003"), "SE.AE[1]/F.AE[1]", "IG.AE", "IT.AE.TERM", Stored::Plain(CANARY.into()));
        desk.send(&second.export(2));
        desk.send(&copy.export(4));
        let cell = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP".parse().expect("a cell");
        desk.center.raise_query(&stamp(5), &subject, &cell, CANARY).expect("raised");
        let settled = settle(desk, &second.log, CANARY);
        assert!(settled.queries > 0 && !settled.unasked.is_empty());
        let mut lost = Device::new(desk, "S02-cccccccc");
        desk.admit(&mut lost);
        desk.center.revoke(&stamp(6), &lost.log, CANARY).expect("revoked");
        sites
    }

    fn reply(&self, whole: bool) -> Read {
        let make = if whole { center::Center::reply_whole } else { center::Center::reply };
        let packed = make(&self.desk.center, &stamp(20), "S01").expect("a reply").packed.remove(0);
        open(&self.desk, &packed.bytes, Kind::Reply, &Key::Identity(&self.identity))
    }

    /// All that the first site can be given: replies, whole ones, and a kit.
    fn given(&self) -> Vec<(&'static str, Read)> {
        let kit = self.desk.center.make_kit_with_data(&stamp(21), "S01", PASSPHRASE).expect("a kit");
        let kit = open(&self.desk, &kit.packed.bytes, Kind::Kit, &Key::Passphrase(PASSPHRASE));
        vec![("reply", self.reply(false)), ("whole reply", self.reply(true)), ("kit", kit)]
    }

    /// What the center's entries name that the first site is not given.
    fn not_given(&self) -> Vec<TextCommit> {
        let read = self.reply(false);
        let given: BTreeSet<TextCommit> = read.texts.iter().map(|row| row.commit).collect();
        let of_center = read.lines.iter().map(Line::entry).filter(|entry| *entry.log == *CENTER);
        of_center.flat_map(|entry| entry.act.texts()).filter(|text| !given.contains(text)).collect()
    }
}

fn settle(desk: &Desk, device: &str, reason: &str) -> center::Settled {
    let (keep, shown) = (Branch::Held, None);
    let choice =
        Choice { device, keep, reason, shown, without_parked: true, without_request: &[], without_vault: false };
    desk.center.settle(&stamp(50), &choice).expect("settled")
}

/// Acts of the first site's that name these texts, each act each text.
fn naming<'a>(device: &Device, texts: &'a [TextCommit]) -> impl Iterator<Item = Act> + use<'a> {
    let first = String::from_utf8(device.lines[0].bytes().to_vec()).expect("UTF-8");
    let head = first.split("\"act\":").next().expect("a head").to_owned();
    let act = move |json: &str, text: &TextCommit| {
        let json = json.replace(":T", &format!(r#":{{"text":"{}"}}"#, text.hex()));
        let version = if json.contains("\"subject\":") { "\"mdv\":\"MDV.1\"," } else { "" };
        let line = format!("{head}{version}{}\n", &json[1..]);
        let act = Line::reread(line.into_bytes(), EntryId::ZERO).expect(&json).entry().act.clone();
        assert_eq!(act.texts(), [*text], "{json}");
        act
    };
    texts.iter().flat_map(move |text| NAMING.map(|json| act(json, text)))
}

fn holds_canary(read: &Read) -> bool {
    read.texts.iter().any(|row| row.text.as_str().contains(CANARY))
}

/// Fourth attack, D1: who named the commitment of another site's text in an entry of its own was given the words.
#[test]
fn a4_d1_a_site_reads_no_words_that_it_only_names() {
    let mut sites = Sites::with_words();
    let named = sites.not_given();
    assert!(named.len() >= 5, "a question, one of the settlement, its reason and rest, a loss: {}", named.len());
    sites.first.register(1);
    for act in naming(&sites.first.clone(), &named) {
        sites.first.write(act);
    }
    let second = sites.first.register(2);
    let text = Stored::Text(FreeTextId { text: named[0] });
    sites.first.put(&second, "SE.AE[1]/F.AE[1]", "IG.AE", "IT.AE.TERM", text);
    let taken = sites.desk.send(&sites.first.export(2)).remove(0);
    assert!(taken.outcome.to_string().starts_with("accepted "), "{}", taken.outcome);
    assert_eq!(taken.alarms, [AlarmKind::OthersWords]);
    for (what, read) in sites.given() {
        assert!(read.texts.iter().all(|row| !named.contains(&row.commit)) && !holds_canary(&read), "{what}");
    }
    let listed = sites.desk.center.texts("S01-001").expect("listed");
    assert!(!listed.is_empty() && listed.iter().all(|text| text.words.is_none()));
    let tables: Vec<Vec<u8>> = export(&sites.desk, "tables").into_iter().map(|(_, bytes)| bytes).collect();
    let lines: Vec<String> = tables.iter().flat_map(|table| utf8(table).lines()).map(str::to_owned).collect();
    let of_site = |site: &str| lines.iter().filter(|line| line.contains(site)).collect::<Vec<_>>();
    assert!(!of_site("S01-002").is_empty() && of_site("S01-").iter().all(|line| !line.contains(CANARY)), "{lines:?}");
}

fn utf8(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("UTF-8")
}

/// The same by a fork: what the branch says that is put aside is quoted in questions to its site, and listed.
#[test]
fn a4_d1_a_settlement_quotes_no_words_that_a_branch_only_names() {
    let mut sites = Sites::with_words();
    let named = sites.not_given();
    sites.first.register(1);
    sites.desk.send(&sites.first.export(2));
    let mut copy = sites.first.clone();
    sites.first.register(2);
    copy.register(3);
    for act in naming(&sites.first, &named) {
        copy.write(act);
    }
    sites.desk.send(&sites.first.export(3));
    let forked = sites.desk.send(&copy.export(3)).remove(0);
    assert!(forked.alarms.contains(&AlarmKind::OthersWords), "{:?}", forked.alarms);
    let settled = settle(&sites.desk, &sites.first.log, "a copy (sample)");
    assert!(settled.queries > 0 && !settled.unasked.is_empty());
    let given = sites.given();
    let asked = |read: &Read| read.texts.iter().any(|row| row.text.as_str().contains("a text that is not held"));
    for (what, read) in &given {
        assert!(asked(read) && !holds_canary(read), "{what}");
    }
    let rest = sites.desk.center.rest(&sites.first.log).expect("read").remove(0);
    assert!(!rest.said.is_empty() && rest.said.iter().all(|one| !one.words.as_str().contains(CANARY)));
}

/// Fourth attack, D1: words are redacted for those whose they are: nobody at a site that only names them is told of it.
#[test]
fn a4_d1_a_redaction_tells_those_whose_words_they_are() {
    let mut sites = Sites::with_words();
    let named = sites.not_given();
    sites.first.register(1);
    for act in naming(&sites.first.clone(), &named) {
        sites.first.write(act);
    }
    sites.desk.send(&sites.first.export(2));
    let asked = sites.desk.center.texts("S02-001").expect("listed").into_iter();
    let asked = asked.filter(|text| text.act == "query.raised" && text.words.is_some()).map(|text| text.commit);
    for text in asked {
        sites.desk.center.redact(&stamp(60), text, "a name (sample)").expect("redacted");
    }
    let read = sites.reply(true);
    let about = read.lines.iter().filter_map(|line| match &line.entry().act {
        Act::TextRedacted(act) => Some(act.subject.as_ref().map(Oid::to_string)),
        _ => None,
    });
    let about: BTreeSet<_> = about.collect();
    assert_eq!(about, BTreeSet::from([Some("S02-001".to_owned())]));
}

/// Honest histories lose nothing: a text that comes later than its entry, or again, or is named by another device of its site.
#[test]
fn a4_d1_what_a_site_brought_is_given_to_all_its_devices() {
    let mut sites = Sites::new();
    let subject = sites.second.register(1);
    sites.second.say(&subject, "fell on the stairs (sample)");
    let late = std::mem::take(&mut sites.second.texts);
    sites.desk.send(&sites.second.export(2));
    let identity = Identity::make();
    let mut other = Device { age: identity.recipient(), ..Device::new(&sites.desk, "S02-dddddddd") };
    sites.desk.admit(&mut other);
    let words = |own: &str| {
        let packed = sites.desk.center.reply_whole(&stamp(20), "S02").expect("a reply").packed.remove(0);
        let read = open(&sites.desk, &packed.bytes, Kind::Reply, &Key::Identity(&identity));
        let of_log =
            read.lines.iter().filter(|line| *line.entry().log == *own).flat_map(|line| line.entry().act.texts());
        let named: BTreeSet<TextCommit> = of_log.collect();
        read.texts.into_iter().map(|row| row.commit).collect::<BTreeSet<_>>().intersection(&named).count()
    };
    assert_eq!(words(&sites.second.log), 0, "its words have not come");
    // The same entries once more, with their words; and the other device names the text without bringing it.
    sites.second.texts.clone_from(&late);
    let again = sites.desk.send(&sites.second.export(2)).remove(0);
    assert!(again.alarms.is_empty(), "{:?}", again.alarms);
    assert_eq!(words(&sites.second.log), 1);
    let text = FreeTextId { text: late[0].1.commit };
    let before = other.lines.len() as u64;
    other.write(UserClosed { user: Oid::from("nurse2"), reason: Some(text) });
    assert!(sites.desk.send(&other.export(before + 1)).remove(0).alarms.is_empty());
    assert_eq!((words(&sites.second.log), words(&other.log)), (1, 1));
    let listed = sites.desk.center.texts(&subject).expect("listed");
    assert!(listed.iter().all(|text| text.words.is_some()));
}
