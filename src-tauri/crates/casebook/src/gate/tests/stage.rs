//! A subject's book as acts of two devices left it, whether or not the gate would have let them through.

use crate::act::{
    Act, AllocationRequested, AllocationRevealed, EventDated, FormCompleted, FormNotDone, ItemSet, ItemsSet,
    QueryAnswered, QueryClosed, QueryRaised, RowAdded, RowRemoved, Stored, SubjectRegistered,
};
use crate::book::Book;
use crate::clock::{Instant, Offset, Tick};
use crate::entry::Entry;
use crate::ids::{EntryId, TextCommit};
use crate::text::FreeTextId;
use crate::trial_state::TrialState;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use study::rules::Functions;
use study::{CellKey, EventKey, FormKey, Oid, Study};

/// The small study of the fold's tests, with a form that an allocation fills in, and parts that are closed to a masked role.
pub static STUDY: LazyLock<Study> = LazyLock::new(|| {
    let role = r#"<Alias Context="urn:outpost:odm:1:role" Name="assessor"/>"#;
    let means = |concept: &str| format!(r#"<Alias Context="urn:outpost:odm:1:means" Name="{concept}"/>"#);
    let mut text = include_str!("../../book/tests/small.xml").to_owned();
    let mut after = |anchor: &str, more: &str| {
        assert_eq!(text.matches(anchor).count(), 1, "{anchor}");
        text = text.replacen(anchor, &format!("{anchor}{more}"), 1);
    };
    after(
        r#"<StudyEventRef StudyEventOID="SE.LOG" OrderNumber="3" Mandatory="No"/>"#,
        r#"<Alias Context="urn:outpost:odm:1:setting:ALLOC_BLOCKS" Name="2 4 | sizes"/>"#,
    );
    after(
        r#"<FormRef FormOID="F.VS" OrderNumber="2" Mandatory="Yes"/>"#,
        &format!(r#"<FormRef FormOID="F.RAND" OrderNumber="3" Mandatory="No"/>{role}"#),
    );
    after(r#"<FormRef FormOID="F.AE" OrderNumber="1" Mandatory="No"/>"#, role);
    after(r#"<ItemGroupRef ItemGroupOID="IG.POS" Mandatory="No" CollectionExceptionConditionOID="CO.NOBP"/>"#, role);
    after(r#"<ItemGroupRef ItemGroupOID="IG.AES" Mandatory="No"/>"#, role);
    after(
        r#"<ItemGroupDef OID="IG.PT" Name="Pregnancy test" Repeating="No"><ItemRef ItemOID="IT.PT.RES" Mandatory="Yes"/></ItemGroupDef>"#,
        r#"<ItemGroupDef OID="IG.RAND" Name="Allocation" Repeating="No"><ItemRef ItemOID="IT.ARM" Mandatory="No"/><ItemRef ItemOID="IT.RANDNO" Mandatory="No"/></ItemGroupDef>"#,
    );
    after(
        r#"<FormDef OID="F.PT" Name="Pregnancy test" Repeating="No"><ItemGroupRef ItemGroupOID="IG.PT" Mandatory="Yes"/></FormDef>"#,
        r#"<FormDef OID="F.RAND" Name="Allocation" Repeating="No"><ItemGroupRef ItemGroupOID="IG.RAND" Mandatory="Yes"/></FormDef>"#,
    );
    after(
        r#"<ItemDef OID="IT.VS.PP" Name="PP" DataType="integer" Length="3"/>"#,
        &format!(
            r#"<ItemDef OID="IT.ARM" Name="ARM" DataType="text" Length="3"><CodeListRef CodeListOID="CL.POS"/>{}</ItemDef>
               <ItemDef OID="IT.RANDNO" Name="RANDNO" DataType="text" Length="9">{}</ItemDef>"#,
            means("subject.arm"),
            means("allocation.number")
        ),
    );
    after(
        r#"<Alias Context="urn:outpost:odm:1:convert" Name="MU.JIN=0.5"/>"#,
        r#"<Alias Context="urn:outpost:odm:1:masked" Name="yes"/><Alias Context="urn:outpost:odm:1:missing" Name="not_done"/>"#,
    );
    Study::read("gate.xml", text.as_bytes(), &Functions::default()).unwrap_or_else(|faults| panic!("{faults:#?}"))
});

/// The study as the masked role sees it.
pub static MASKED: LazyLock<Study> = LazyLock::new(|| {
    STUDY.masked_for("assessor", &Functions::default()).unwrap_or_else(|faults| panic!("{faults:#?}"))
});

/// The device whose people act in these tests.
pub const HERE: &str = "S01-1";
/// Another device of the site.
pub const THERE: &str = "S01-2";
/// Vital signs at screening: open to the masked role, but for weight.
pub const VS: &str = "SE.SCR[1]/F.VS[1]";
/// Demographics at screening: closed to the masked role.
pub const DM: &str = "SE.SCR[1]/F.DM[1]";
/// Adverse events, in rows.
pub const AE: &str = "SE.LOG[1]/F.AE[1]";
/// The form that an allocation fills in.
pub const RAND: &str = "SE.SCR[1]/F.RAND[1]";

pub fn subject() -> Oid {
    "S01-001".into()
}

pub fn form(text: &str) -> FormKey {
    text.parse().expect(text)
}

pub fn event(text: &str) -> EventKey {
    text.parse().expect(text)
}

pub fn cell(form_text: &str, place: &str) -> CellKey {
    format!("{form_text}/{place}").parse().expect(place)
}

pub fn words(n: u8) -> FreeTextId {
    FreeTextId { text: TextCommit([n; 32]) }
}

/// A value for a cell, without bases and without a reason.
pub fn answer(key: &CellKey, value: &str) -> ItemSet {
    ItemSet {
        group: key.group.clone(),
        repeat: key.group_repeat.clone(),
        item: key.item.clone(),
        value: Some(Stored::Plain(value.into())),
        missing: None,
        unit: None,
        raw: None,
        bases: Vec::new(),
        reason: None,
    }
}

pub fn set(key: &CellKey, item: ItemSet) -> Act {
    ItemsSet { subject: subject(), form: key.form.clone(), items: vec![item] }.into()
}

/// A book and a trial's state, and how far each log has come.
#[derive(Clone, Default)]
pub struct Stage {
    pub book: Book,
    pub trial_state: TrialState,
    seqs: BTreeMap<Oid, u64>,
    written: u8,
}

impl Stage {
    /// Nothing was written yet.
    pub fn blank() -> Self {
        Self::default()
    }

    /// One subject is registered.
    pub fn registered() -> Self {
        let mut stage = Self::blank();
        stage.write(HERE, SubjectRegistered { subject: subject(), site: "S01".into() });
        stage
    }

    /// Writes an act, asking nobody.
    pub fn write(&mut self, log: &str, act: impl Into<Act>) -> EntryId {
        let act = act.into();
        let seq = self.seqs.entry(log.into()).or_default();
        (*seq, self.written) = (*seq + 1, self.written + 1);
        let id = EntryId([self.written; 32]);
        let about_subject = act.subject().is_some();
        let entry = Entry {
            v: 1,
            study: "ST.SMALL".into(),
            log: log.into(),
            seq: *seq,
            prev: EntryId::ZERO,
            at: Instant::from_ms(i64::from(self.written)),
            tz: Offset::from_minutes(0),
            tick: Tick { ms: u64::from(self.written), counter: 0 },
            by: "nurse1".into(),
            metadata_version: about_subject.then(|| STUDY.metadata_version.clone()),
            act,
        };
        if about_subject {
            self.book.apply(id, &entry).expect("the one subject");
            self.book.recompute(&STUDY);
        } else {
            self.trial_state.apply(id, &entry);
        }
        id
    }

    /// A device answers in a cell, replacing what it sees there.
    pub fn put(&mut self, log: &str, key: &CellKey, value: &str) -> EntryId {
        let item = ItemSet { bases: self.book.cell_bases(key), ..answer(key, value) };
        self.write(log, set(key, item))
    }

    /// Two devices answer in a cell without seeing each other.
    pub fn dispute(&mut self, key: &CellKey, here: &str, there: &str) {
        self.write(HERE, set(key, answer(key, here)));
        self.write(THERE, set(key, answer(key, there)));
    }

    pub fn add_row(&mut self, log: &str, repeat: &str) {
        let (form, group, bases) = (form(AE), "IG.AE".into(), Vec::new());
        self.write(log, RowAdded { subject: subject(), form, group, repeat: repeat.into(), bases });
    }

    pub fn remove_row(&mut self, log: &str, repeat: &str) {
        let act = self.removal(repeat);
        self.write(log, act);
    }

    /// The removal of a row as this book has it.
    pub fn removal(&self, repeat: &str) -> RowRemoved {
        let (form, group, repeat) = (form(AE), Oid::from("IG.AE"), repeat.into());
        let bases = self.book.row_bases(&form, &group, &repeat);
        let cells = self.book.row_cells(&form, &group, &repeat);
        RowRemoved { subject: subject(), form, group, repeat, reason: words(9), bases, cells }
    }

    pub fn complete(&mut self, log: &str, text: &str) {
        let (form, bases) = (form(text), self.book.form_bases(&form(text)));
        self.write(log, FormCompleted { subject: subject(), form, bases });
    }

    pub fn not_done(&mut self, log: &str, text: &str) {
        let (form, bases) = (form(text), self.book.form_bases(&form(text)));
        self.write(log, FormNotDone { subject: subject(), form, reason: words(9), bases });
    }

    pub fn date(&mut self, log: &str, text: &str, date: &str) {
        let (event, bases) = (event(text), self.book.event_bases(&event(text)));
        self.write(log, EventDated { subject: subject(), event, date: Some(date.into()), bases, reason: None });
    }

    pub fn raise(&mut self, log: &str, key: &CellKey) -> EntryId {
        let (form, group, repeat, item) =
            (key.form.clone(), key.group.clone(), key.group_repeat.clone(), key.item.clone());
        self.write(log, QueryRaised { subject: subject(), form, group, repeat, item, question: words(8) })
    }

    pub fn reply(&mut self, log: &str, query: EntryId) {
        let bases = self.book.query_bases(&query);
        self.write(log, QueryAnswered { subject: subject(), query, answer: words(7), bases });
    }

    pub fn close(&mut self, log: &str, query: EntryId) {
        let bases = self.book.query_bases(&query);
        self.write(log, QueryClosed { subject: subject(), query, comment: None, bases });
    }

    pub fn request(&mut self, log: &str) -> EntryId {
        let root = EntryId([99; 32]);
        self.write(log, AllocationRequested { subject: subject(), root, stratum: 0, factors: Vec::new(), number: 1 })
    }

    pub fn reveal(&mut self, log: &str, request: EntryId) {
        self.write(log, reveal(request));
    }
}

/// The reveal of the arm `SIT`.
pub fn reveal(request: EntryId) -> AllocationRevealed {
    AllocationRevealed { subject: subject(), request, stratum: 0, slot: 1, arm: "SIT".into() }
}
