//! One bundle of a storm. Most are good until somebody changes them, at one of the layers of which a bundle is made; an absurd
//! one is sealed as its device seals every other.

use bundle::{Addressee, BlobNote, Envelope, HeldLog, Kind, LogRun, Purpose};
use casebook::{EntryId, Line, LogEnd};
use seal::{Identity, SigningKey, sha256};

use crate::absurd::{Place, Seeds, words};
use crate::forge::{Content, Forger, Layer, Spoiler};
use crate::ground::{Base, Ground, HONEST, HOSTILE};
use crate::mutate::{Chance, change};

/// Where a bundle is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nowhere; its entries are absurd.
    Absurd,
    /// In the file's bytes: whoever does so needs no key.
    File,
    /// In what the envelope says, signed anew.
    Envelope,
    /// In the bytes that are signed.
    Statement,
    /// In what is encrypted.
    Payload,
    /// In what is compressed.
    Compressed,
    /// In the archive.
    Plain,
    /// In the lines of entries.
    Lines,
    /// In an entry, before it is chained.
    Entry,
    /// In the lines of texts.
    Texts,
    /// It is signed by a stranger, in somebody's name.
    Stranger,
    /// It was sent before.
    Again,
}

/// The ways of mutants, the costly ones less often.
const WAYS: [Way; 16] = [
    Way::File,
    Way::File,
    Way::File,
    Way::File,
    Way::Envelope,
    Way::Envelope,
    Way::Statement,
    Way::Payload,
    Way::Compressed,
    Way::Plain,
    Way::Plain,
    Way::Lines,
    Way::Entry,
    Way::Texts,
    Way::Stranger,
    Way::Again,
];
/// Where the members lie that come before the payload, in bytes.
const HEADERS: usize = 8 << 10;
/// A good file is sealed anew after so many changes of its bytes.
const WORN: usize = 12;

/// A bundle, and whether anything but a refusal would be a forgery.
pub struct Case {
    pub way: Way,
    pub bytes: Vec<u8>,
    pub must_be_refused: bool,
}

/// Makes the bundles of one batch, each for a center that has taken in those before it.
pub struct Workshop<'a> {
    seeds: &'a Seeds,
    ground: &'a Ground<'a>,
    forger: Forger,
    strangers: Vec<Forger>,
    /// A good file, and how often it was used.
    good: Option<(Vec<u8>, usize)>,
    /// What was sent last.
    last: Vec<u8>,
    /// Entries that have been sent, mostly held.
    known: Vec<EntryId>,
}

impl<'a> Workshop<'a> {
    pub fn new(seeds: &'a Seeds, base: &Base, ground: &'a Ground<'a>) -> Self {
        let stranger = |log: &str| {
            let mut device = base.hostile.clone();
            device.key = SigningKey::from_seed(&sha256(log.as_bytes()));
            log.clone_into(&mut device.log);
            device.site = log.rsplit_once('-').map_or(log, |(site, _)| site).to_owned();
            Forger { key: SigningKey::from_seed(&sha256(b"a stranger's")), ..Forger::of(&device) }
        };
        let strangers = [HONEST[0], HONEST[1], HOSTILE, "S02-11111111", "S03-\u{202e}2222", "center", "S09-aaaaaaaa"];
        let known = base.hostile.lines.iter().map(Line::id).collect();
        let (forger, strangers) = (Forger::of(&base.hostile), strangers.map(stranger).into());
        Self { seeds, ground, forger, strangers, good: None, last: Vec::new(), known }
    }

    /// The next bundle.
    pub fn case(&mut self, is_absurd: bool, chance: &mut Chance) -> Case {
        let way = if is_absurd { Way::Absurd } else { *chance.pick(&WAYS) };
        let (bytes, must_be_refused) = match way {
            Way::File => self.changed_file(chance),
            Way::Again => (if self.last.is_empty() { self.good_file(chance) } else { self.last.clone() }, false),
            Way::Stranger => {
                let content = self.content(way, chance);
                (chance.pick(&self.strangers).seal(&content, &mut Nothing), false)
            }
            _ => self.changed_inside(way, chance),
        };
        if way != Way::Stranger {
            self.last.clone_from(&bytes);
        }
        Case { way, bytes, must_be_refused }
    }

    fn good_file(&mut self, chance: &mut Chance) -> Vec<u8> {
        let content = self.content(Way::File, chance);
        self.forger.seal(&content, &mut Nothing)
    }

    /// What lies on a stick, changed by somebody without a key.
    fn changed_file(&mut self, chance: &mut Chance) -> (Vec<u8>, bool) {
        let (good, used) = match self.good.take() {
            Some((good, used)) if used < WORN => (good, used),
            _ => (self.good_file(chance), 0),
        };
        let mut bytes = good.clone();
        match chance.below(8) {
            0 => bytes.truncate(chance.below(good.len())),
            1 => bytes.extend_from_slice(&good[chance.below(good.len())..]),
            // The beginning is where the headers are.
            2 | 3 => {
                let end = bytes.len().min(HEADERS);
                let mut head = bytes[..end].to_vec();
                change(&mut head, &good, chance);
                drop(bytes.splice(..end, head));
            }
            _ => change(&mut bytes, &self.last, chance),
        }
        let is_changed = bytes != good && bytes != self.last;
        self.good = Some((good, used + 1));
        (bytes, is_changed)
    }

    fn changed_inside(&mut self, way: Way, chance: &mut Chance) -> (Vec<u8>, bool) {
        let mut content = self.content(way, chance);
        match way {
            Way::Lines => spoil_lines(&mut content.entries, chance),
            Way::Texts => spoil_lines(&mut content.texts, chance),
            _ => {}
        }
        let mut spoil = Spoil { way, chance, is_changed: false };
        let bytes = self.forger.seal(&content, &mut spoil);
        // What was encrypted is authentic or nothing.
        (bytes, way == Way::Payload && spoil.is_changed)
    }

    /// Entries that follow what the center holds, or do not: some come too early, some contradict.
    fn content(&mut self, way: Way, chance: &mut Chance) -> Content {
        let mut end = self.ground.end();
        match chance.below(12) {
            0 => end.seq = end.seq.saturating_add(*chance.pick(&[1, 2, 1 << 32, (1 << 63) - 2, u64::MAX - 3])),
            1 if end.seq > 2 => {
                let seq = 1 + chance.number() % (end.seq - 1);
                end = LogEnd { seq, head: self.ground.id_at(seq).unwrap_or(EntryId::ZERO) };
            }
            _ => {}
        }
        let mut content = Content { after: Some(end), ..Content::default() };
        let most_spoilt = if matches!(way, Way::Absurd | Way::Entry) { 4 } else { 0 };
        for _ in 0..1 + chance.below(3) {
            let row = words(chance);
            let place = Place { end, known: &self.known, text: row.commit };
            let line = self.seeds.line(&place, most_spoilt, chance);
            // Most texts travel with what commits to them; a text alone is good, too.
            if !chance.once_in(5) {
                content.texts.push(row.line());
            }
            end = LogEnd::of(&line);
            if way == Way::Entry && chance.once_in(8) {
                end.seq = end.seq.saturating_add(1);
            }
            self.known.push(line.id());
            content.entries.push(line.bytes().to_vec());
        }
        if chance.once_in(8) {
            content.blobs.push(("note.txt".to_owned(), chance.number().to_le_bytes().repeat(1 + chance.below(99))));
        }
        content
    }
}

/// Leaves everything as it is.
struct Nothing;

impl Spoiler for Nothing {
    fn bytes(&mut self, _: Layer, _: &mut Vec<u8>) {}
    fn envelope(&mut self, _: &mut Envelope) {}
}

/// Changes one layer.
struct Spoil<'c> {
    way: Way,
    chance: &'c mut Chance,
    is_changed: bool,
}

impl Spoiler for Spoil<'_> {
    fn bytes(&mut self, layer: Layer, bytes: &mut Vec<u8>) {
        let is_this = matches!(
            (self.way, layer),
            (Way::Statement, Layer::Statement)
                | (Way::Payload, Layer::Payload)
                | (Way::Compressed, Layer::Compressed)
                | (Way::Plain, Layer::Plain)
        );
        if is_this {
            let before = bytes.clone();
            change(bytes, &before, self.chance);
            self.is_changed = *bytes != before;
        }
    }

    fn envelope(&mut self, envelope: &mut Envelope) {
        if self.way == Way::Envelope {
            (0..=self.chance.below(2)).for_each(|_| restate(envelope, self.chance));
        }
    }
}

/// Lines lost, doubled, in another order, or changed; nobody counts them anew.
fn spoil_lines(lines: &mut Vec<Vec<u8>>, chance: &mut Chance) {
    let at = chance.below(lines.len());
    match chance.below(5) {
        0 if !lines.is_empty() => drop(lines.remove(at)),
        1 if !lines.is_empty() => lines.push(lines[at].clone()),
        2 => lines.reverse(),
        3 => lines.push(b"{}\n".to_vec()),
        _ => {
            let other = lines.concat();
            lines.iter_mut().skip(at).take(1).for_each(|line| change(line, &other, chance));
        }
    }
}

/// Something else in one place of the envelope.
fn restate(envelope: &mut Envelope, chance: &mut Chance) {
    let seq = *chance.pick(&[0, 1, 2, u64::from(u32::MAX), 1 << 63, u64::MAX - 1, u64::MAX]);
    let name =
        chance.pick(&["", "center", "S02", HONEST[0], "../../x", "\u{1b}[2J", "ST.GOOD"]).repeat(1 + chance.below(2));
    let held = |log: String| HeldLog { log, seq, head: EntryId([7; 32]) };
    match chance.below(20) {
        0 => envelope.study = name,
        1 => envelope.sender.site = name,
        2 => envelope.sender.log = name,
        3 => envelope.sender.key = SigningKey::from_seed(&[3; 32]).public(),
        4 => envelope.sender.age = Identity::make().recipient(),
        5 => drop(envelope.recipients.pop()),
        6 => envelope.recipients.extend(vec![Addressee { name, age: "passphrase".to_owned() }; 1 + chance.below(200)]),
        7 => spoil_run(&mut envelope.logs, seq, chance),
        8 => envelope.entries = seq,
        9 => envelope.texts = seq,
        10 => envelope.checkpoint = None,
        11 => envelope.checkpoint.iter_mut().for_each(|mark| (mark.epoch, mark.seq) = (seq, seq.rotate_left(7))),
        12 => envelope.checkpoint.iter_mut().for_each(|mark| mark.head = EntryId([9; 32])),
        13 => envelope.has.push(held(name)),
        14 => envelope.has.extend((0..2_000).map(|number| held(format!("S01-{number:08}")))),
        15 => envelope.blobs.push(BlobNote { name, sha256: EntryId([5; 32]), size: seq }),
        16 => (envelope.purpose, envelope.practice_of) = (Purpose::Practice, Some(Kind::Data)),
        17 => envelope.purpose = *chance.pick(&[Purpose::Reply, Purpose::Kit, Purpose::Practice]),
        18 => envelope.plain_size = seq,
        _ => envelope.version = *chance.pick(&[0, 2, u32::MAX]),
    }
}

fn spoil_run(logs: &mut Vec<LogRun>, seq: u64, chance: &mut Chance) {
    let Some(run) = logs.first_mut() else { return };
    match chance.below(6) {
        0 => run.first = seq,
        1 => run.last = seq,
        2 => run.prev = EntryId::ZERO,
        3 => run.head = EntryId([8; 32]),
        4 => HONEST[0].clone_into(&mut run.log),
        _ => logs.push(LogRun { log: HONEST[1].to_owned(), ..logs[0].clone() }),
    }
}
