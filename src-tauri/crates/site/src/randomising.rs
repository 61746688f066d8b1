//! Randomising a subject: the gates, the request, the reveal.
//!
//! A request is an entry of the journal: signed with the log, counted, never taken back. The center answers with the key of
//! one slot. Until then nothing in this vault, its kit or its memory can open any slot. What is revealed is filled into the
//! study's form in the same transaction; nobody types it.

use allocation::{Gate, Plan, gates};
use allocation::{ReleaseCode, RequestCode, SlotError, SlotList};
use casebook::act::{AllocationRequested, AllocationRevealed, EventDated, ItemSet, ItemsSet, Stored};
use casebook::book::Told;
use casebook::{Book, DeniedError, EntryId, Origin};
use screens::labels;
use screens::messages::{AllocationView, FactorView, GateKind, GateView, RandomiseStep, RandomiseView, RequestView};
use screens::permissions::{self, Command};
use study::{CellKey, Oid, Study};

use crate::noun::{Field, Noun};
use crate::session::Session;
use crate::writing::ActWriter;
use crate::{SiteError, settings};

/// The reason that the reveal gives where it changes what was there.
const REVEALED: &str = "Allocation revealed";

/// A request that waits for its answer, or was answered.
struct Asked {
    id: EntryId,
    code: RequestCode,
    stratum: u32,
    number: u32,
    origin: Origin,
}

impl Session<'_> {
    /// Where a subject's allocation stands.
    ///
    /// # Errors
    /// There is no such subject.
    pub fn randomise_view(&mut self, subject: &str) -> Result<RandomiseView, SiteError> {
        self.may(Command::RandomiseView)?;
        self.randomisation(subject)
    }

    /// Asks for a subject's allocation. There is no way back. Asking again shows the same request.
    ///
    /// # Errors
    /// `NotEligible` while a gate is closed: the view names it. `NoSlots` without a slot list. `Conflict` when another
    /// device asked already.
    pub fn randomise_request(&mut self, subject: &str) -> Result<RandomiseView, SiteError> {
        self.may(Command::RandomiseRequest)?;
        let (study, plan, slots) = self.allocating(subject)?;
        if self.own_request(subject)?.is_some() {
            return self.randomisation(subject);
        }
        let book = self.known(subject)?;
        if book.allocations().next().is_some() {
            return Err(DeniedError::Conflict.into());
        }
        if gates(book, &study, &plan).iter().any(|gate| !gate.open) {
            return Err(SiteError::NotEligible);
        }
        let (stratum, factors) = plan.stratum(book).map_err(|_| SiteError::NotEligible)?;
        let number = self.requests()? + 1;
        let within = RequestCode::new(self.signed_in.open.device(), number_of(subject), stratum, number, EntryId::ZERO);
        within.ok_or(SiteError::Invalid(Field::Code))?;
        let act = AllocationRequested {
            subject: subject.into(),
            root: slots.root(),
            stratum,
            factors: factors.iter().map(|code| code.as_str().into()).collect(),
            number,
        };
        self.write(|tx| tx.write(act).map(drop))?;
        self.mark();
        self.randomisation(subject)
    }

    /// Opens the subject's slot with the code that the center read back, and fills in the form. There is no way back.
    ///
    /// # Errors
    /// `Code` for a code that was misheard or mistyped, `OtherCode` for another request's: nothing is written then.
    pub fn randomise_reveal(&mut self, subject: &str, typed: &str) -> Result<RandomiseView, SiteError> {
        self.may(Command::RandomiseReveal)?;
        let (study, plan, slots) = self.allocating(subject)?;
        let asked = self.own_request(subject)?.ok_or(SiteError::NoSuch(Noun::Request))?;
        if self.known(subject)?.revealed().is_some() {
            return self.randomisation(subject);
        }
        let release = ReleaseCode::read(typed).map_err(SiteError::Code)?;
        let opened = slots.open(asked.stratum, release.slot(), &release.key(&asked.code));
        let arm = opened.map_err(|why| match why {
            SlotError::Key | SlotError::NoSuch => SiteError::OtherCode,
            _ => SiteError::Refused(bundle::BundleError::Damaged("slots.ndjson")),
        })?;
        let today = self.now.today();
        let fill = Fill::new(self.known(subject)?, &study, &plan, subject, &arm, today);
        let told = AllocationRevealed {
            subject: subject.into(),
            request: asked.id,
            stratum: asked.stratum,
            slot: release.slot(),
            arm: arm.as_str().into(),
        };
        self.write(move |tx| {
            let number = number_in_words(told.stratum, told.slot);
            tx.write(told)?;
            fill.write(tx, &number)
        })?;
        self.mark();
        self.randomisation(subject)
    }

    /// Lays the checkpoint beside the vault, so that a vault turned back to before this act is noticed at the next unlock.
    fn mark(&mut self) {
        let stamp = self.stamp();
        self.signed_in.open.keep_checkpoint(&stamp);
    }

    /// The study of a subject, what it says of allocation, and the sealed slots.
    fn allocating(&mut self, subject: &str) -> Result<(std::sync::Arc<Study>, Plan, SlotList), SiteError> {
        let study = self.study_of(subject)?;
        let plan = Plan::of(&study).ok().flatten().ok_or(SiteError::NoSlots)?;
        let slots = self.slots()?.filter(|slots| slots.strata() == plan.strata()).ok_or(SiteError::NoSlots)?;
        Ok((study, plan, slots))
    }

    fn slots(&self) -> Result<Option<SlotList>, SiteError> {
        let bytes = self.signed_in.open.setting(settings::SLOTS)?;
        let read = |bytes: Vec<u8>| SlotList::read(&bytes);
        bytes.map(read).transpose().map_err(|_| bundle::BundleError::Damaged("slots.ndjson").into())
    }

    /// This device's request for a subject.
    fn own_request(&mut self, subject: &str) -> Result<Option<Asked>, SiteError> {
        let device = self.device();
        let book = self.known(subject)?;
        let Some((id, asked)) = book.requests_of(&device).next() else { return Ok(None) };
        let (stratum, number, origin) = (asked.stratum, asked.number, asked.origin.clone());
        let code = RequestCode::new(&device, number_of(subject), stratum, number, id);
        Ok(Some(Asked { id, code: code.ok_or(SiteError::Invalid(Field::Code))?, stratum, number, origin }))
    }

    /// How many requests this device has written.
    fn requests(&mut self) -> Result<u32, SiteError> {
        let device = self.device();
        let subjects: Vec<String> = self.signed_in.open.subjects().map(str::to_owned).collect();
        let mut last = 0;
        for subject in subjects {
            let book = self.signed_in.open.book(&subject)?;
            last = book.requests_of(&device).map(|(_, asked)| asked.number).fold(last, u32::max);
        }
        Ok(last)
    }

    fn randomisation(&mut self, subject: &str) -> Result<RandomiseView, SiteError> {
        let lang = &self.language.clone();
        let study = self.study_of(subject)?;
        let may_act = permissions::check(Command::RandomiseRequest, Some(self.signed_in.role)).is_ok();
        let mut view = RandomiseView {
            subject: subject.to_owned(),
            step: RandomiseStep::Unavailable,
            gates: Vec::new(),
            factors: Vec::new(),
            request: None,
            allocation: None,
            root: None,
            may_act,
        };
        let Some(plan) = Plan::of(&study).ok().flatten() else {
            self.known(subject)?;
            return Ok(view);
        };
        let slots = self.slots()?.filter(|slots| slots.strata() == plan.strata());
        view.root = slots.as_ref().map(|slots| slots.root().hex());
        let asked = self.own_request(subject)?;
        let book = self.known(subject)?;
        view.factors = plan.factors.iter().map(|factor| factor_view(&study, book, &factor.cell, lang)).collect();
        let gates = gates(book, &study, &plan);
        view.step = match (&slots, &asked, book.revealed()) {
            (_, _, Some(_)) => RandomiseStep::Revealed,
            (_, Some(_), None) => RandomiseStep::Asked,
            _ if book.allocations().next().is_some() => RandomiseStep::AskedElsewhere,
            (None, ..) => RandomiseStep::Unavailable,
            _ if gates.iter().all(|gate| gate.open) => RandomiseStep::Ready,
            _ => RandomiseStep::Gated,
        };
        let told = book.revealed().cloned();
        view.gates = gates.iter().map(|gate| gate_view(&study, gate, lang)).collect();
        if let Some(Asked { code, number, origin, .. }) = asked {
            let by = self.name_in(&origin.log, &origin.by)?;
            let groups = code.to_string().split('-').map(str::to_owned).collect();
            view.request = Some(RequestView { groups, number, at: origin.at.local(origin.tz), by });
        }
        if let Some(told) = told {
            view.allocation = Some(self.allocation_view(&study, &plan, &told)?);
        }
        Ok(view)
    }

    fn allocation_view(&mut self, study: &Study, plan: &Plan, told: &Told) -> Result<AllocationView, SiteError> {
        let item = study.items.get(&plan.arm.item);
        let arm = item.map_or_else(String::new, |item| labels::value(study, item, told.arm.as_str(), &self.language));
        Ok(AllocationView {
            arm,
            number: number_in_words(told.stratum, told.slot),
            at: told.origin.at.local(told.origin.tz),
            by: self.name_in(&told.origin.log, &told.origin.by)?,
            form: plan.arm.form.to_string(),
        })
    }
}

/// What the reveal writes into the study's form.
struct Fill {
    subject: Oid,
    date: Option<EventDated>,
    cells: Vec<(CellKey, Filled, Vec<EntryId>, bool)>,
}

/// What goes into a cell.
enum Filled {
    Value(String),
    Number { free_text: bool },
}

impl Fill {
    fn new(book: &Book, study: &Study, plan: &Plan, subject: &str, arm: &str, today: String) -> Self {
        let event = plan.arm.form.event_key();
        let undated = book.event(&event).is_none_or(|event| event.date().is_none());
        let date = undated.then(|| EventDated {
            subject: subject.into(),
            event: event.clone(),
            date: Some(today.as_str().into()),
            bases: book.event_bases(&event),
            reason: None,
        });
        let free_text = |cell: &CellKey| study.items.get(&cell.item).is_some_and(|item| study.is_free_text(item));
        let mut cells = vec![(plan.arm.clone(), Filled::Value(arm.to_owned()))];
        cells.extend(plan.number.clone().map(|cell| {
            let free_text = free_text(&cell);
            (cell, Filled::Number { free_text })
        }));
        cells.extend(plan.date.clone().map(|cell| (cell, Filled::Value(today))));
        let cells = cells.into_iter().map(|(cell, filled)| {
            let declared = book.form(&cell.form).is_some_and(|form| !form.bases().is_empty());
            let bases = book.cell_bases(&cell);
            (cell, filled, bases, declared)
        });
        Self { subject: Oid::from(subject), date, cells: cells.collect() }
    }

    fn write(self, tx: &mut ActWriter<'_, '_>, number: &str) -> Result<(), SiteError> {
        if let Some(mut date) = self.date {
            // Where somebody had said that the visit was missed, or when it was, the date that replaces this says why.
            date.reason = if date.bases.is_empty() { None } else { Some(tx.text(REVEALED)?) };
            tx.write(date)?;
        }
        let Some(form) = self.cells.first().map(|(cell, ..)| cell.form.clone()) else { return Ok(()) };
        let mut items = Vec::new();
        for (cell, filled, bases, declared) in self.cells.into_iter().filter(|(cell, ..)| cell.form == form) {
            let value = match filled {
                Filled::Value(value) => Stored::Plain(value.into()),
                Filled::Number { free_text: true } => Stored::Text(tx.text(number)?),
                Filled::Number { free_text: false } => Stored::Plain(number.into()),
            };
            let reason = if declared { Some(tx.text(REVEALED)?) } else { None };
            items.push(ItemSet {
                group: cell.group,
                repeat: cell.group_repeat,
                item: cell.item,
                value: Some(value),
                missing: None,
                unit: None,
                raw: None,
                bases,
                reason,
            });
        }
        tx.write(ItemsSet { subject: self.subject, form, items }).map(drop)
    }
}

/// Stratum and slot: the randomisation number.
fn number_in_words(stratum: u32, slot: u32) -> String {
    format!("{}-{slot:03}", stratum + 1)
}

/// The number in a subject's key.
fn number_of(subject: &str) -> u32 {
    // A key without a number is beyond what a code can say, and is refused as that.
    subject.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
}

fn factor_view(study: &Study, book: &Book, cell: &CellKey, lang: &str) -> FactorView {
    let item = study.items.get(&cell.item);
    let level = allocation::value(book, cell);
    FactorView {
        question: item.map_or_else(String::new, |item| item.question(lang).to_owned()),
        level: item.zip(level).map_or_else(String::new, |(item, level)| labels::value(study, item, &level, lang)),
    }
}

fn gate_kind(kind: allocation::GateKind) -> GateKind {
    use allocation::GateKind as Kind;
    match kind {
        Kind::Registered => GateKind::Registered,
        Kind::Consent => GateKind::Consent,
        Kind::Yes => GateKind::Yes,
        Kind::Form => GateKind::Form,
        Kind::Stratum => GateKind::Stratum,
        Kind::Before => GateKind::Before,
    }
}

fn gate_view(study: &Study, gate: &Gate, lang: &str) -> GateView {
    let of_form = gate.form.as_ref().and_then(|form| study.forms.get(&form.form)).map(|form| form.title.get(lang));
    let of_cell = gate.cell.as_ref().and_then(|cell| study.items.get(&cell.item)).map(|item| item.question(lang));
    GateView {
        kind: gate_kind(gate.kind),
        open: gate.open,
        title: of_cell.or(of_form).unwrap_or_default().to_owned(),
        form: gate.form.as_ref().map(ToString::to_string),
        cell: gate.cell.as_ref().map(ToString::to_string),
    }
}
