//! Laboratory results behind an adverse event, and the adverse event of a result.
//!
//! A form may say which test of which day is behind an event; then that is the link. Otherwise a result is linked to an
//! event when the CTCAE's rules grade it under the event's own term and its sample was taken while the event lasted, or a
//! few days before, as the study sets. Both ways are suggestions of what to look at.

use oncology::ctcae::Proposal;
use study::rules::Answers;
use study::{AnalytePart, CellKey, FormKey, Repeat, Study};

use super::{AdverseEvent, Safety};
use crate::labs::Labs;
use casebook::Book;

/// Setting: days before the first day of an event from which a result is linked to it.
const DAYS_BEFORE: &str = "AE_LAB_DAYS";
/// Setting: grade from which a result without an adverse event is pointed out.
const FROM_GRADE: &str = "AE_LAB_GRADE";
/// Concept: the day on which the sample of a panel was taken.
const SAMPLE_DATE: &str = "lab.sample_date";

/// A result behind an event.
#[derive(Clone)]
pub struct LabLink {
    /// The result's cell.
    pub cell: CellKey,
    /// Day of the sample, counted from 1970.
    pub day: i32,
    /// Whether the event's own form names it.
    pub named: bool,
    /// The grade that the rules propose.
    pub grade: Option<u8>,
}

/// What is recorded of a graded result.
#[derive(Clone, Copy)]
pub enum EventLink<'a> {
    /// This event.
    Recorded(&'a AdverseEvent),
    /// None, though the grade asks for a look.
    Missing,
}

/// The links between a subject's results and adverse events.
pub struct Links<'a> {
    study: &'a Study,
    book: &'a Book,
    labs: &'a Labs<'a>,
    safety: &'a Safety,
    days_before: i32,
    from_grade: Option<u8>,
}

impl<'a> Links<'a> {
    /// The links of a book.
    pub fn new(study: &'a Study, book: &'a Book, labs: &'a Labs<'a>, safety: &'a Safety) -> Self {
        Self {
            study,
            book,
            labs,
            safety,
            days_before: study.setting(DAYS_BEFORE).and_then(|days| days.parse().ok()).unwrap_or(0),
            from_grade: study.setting(FROM_GRADE).and_then(|grade| grade.parse().ok()),
        }
    }

    /// The results behind an event, by the days of their samples.
    pub fn results_of(&self, event: &AdverseEvent) -> Vec<LabLink> {
        let link = |cell: CellKey| {
            let day = self.day(&cell)?;
            let named = self.bears_on(event, &cell, day)?;
            let proposal = self.labs.proposal(&cell);
            self.link(event, cell, day, named, proposal.as_ref())
        };
        let mut found: Vec<LabLink> = self.cells().filter_map(link).collect();
        found.sort_by(|a, b| (a.day, &a.cell).cmp(&(b.day, &b.cell)));
        found
    }

    /// What is recorded of the result in a cell: an event that names it or that lasted then; or that there is none, from
    /// the grade on that the study sets and after treatment began.
    pub fn event_of(&self, cell: &CellKey) -> Option<EventLink<'a>> {
        let day = self.day(cell)?;
        let proposal = self.labs.proposal(cell);
        let linked = self.safety.events.iter().filter_map(|event| {
            let named = self.bears_on(event, cell, day)?;
            Some((event, self.link(event, cell.clone(), day, named, proposal.as_ref())?))
        });
        if let Some((event, _)) = linked.max_by_key(|(event, link)| (link.named, event.start)) {
            return Some(EventLink::Recorded(event));
        }
        let begun = self.safety.day1.is_some_and(|day1| day >= day1);
        let grade = proposal?.grade?;
        (begun && self.from_grade.is_some_and(|from| grade >= from)).then_some(EventLink::Missing)
    }

    fn link(
        &self,
        event: &AdverseEvent,
        cell: CellKey,
        day: i32,
        named: bool,
        proposal: Option<&Proposal>,
    ) -> Option<LabLink> {
        let graded = proposal.filter(|proposal| self.is_term(event, proposal.term));
        let grade = graded.and_then(|proposal| proposal.grade).filter(|grade| *grade > 0);
        (named || grade.is_some()).then_some(LabLink { cell, day, named, grade })
    }

    /// Whether a result of that day may lie behind an event, and whether the event's form names it.
    fn bears_on(&self, event: &AdverseEvent, cell: &CellKey, day: i32) -> Option<bool> {
        let analyte = self.study.items.get(&cell.item)?.analyte()?;
        let named = event.lab.as_ref().is_some_and(|(test, named)| {
            test == analyte && named.is_some_and(|named| named.earliest() <= day && day <= named.latest())
        });
        let lasted = event.start.is_some_and(|start| {
            start.earliest() - self.days_before <= day && event.end.is_none_or(|end| day <= end.latest())
        });
        (named || lasted).then_some(named)
    }

    /// Whether the event's term is this one: by the code that is stored, or by the words that the study has for it.
    fn is_term(&self, event: &AdverseEvent, term: &str) -> bool {
        let Some(stored) = event.term.as_deref() else { return false };
        let item = event.row.meaning(self.study, "ae.term").and_then(|cell| self.study.items.get(&cell.item));
        let choice = item.and_then(|item| self.study.codelist_of(item)?.choice(stored));
        stored.eq_ignore_ascii_case(term) || choice.is_some_and(|choice| choice.label("en").eq_ignore_ascii_case(term))
    }

    /// The day of a result's sample; where none is recorded, the day of its visit.
    fn day(&self, cell: &CellKey) -> Option<i32> {
        let row = super::RowAt::of(cell);
        let sampled = row.meaning(self.study, SAMPLE_DATE).and_then(|date| {
            let item = self.study.items.get(&date.item)?;
            item.kind.read(&Answers::cell(self.book, &date)?.value).ok()?.as_date()
        });
        sampled.or_else(|| self.book.event_date(&cell.event_key()))?.day_number()
    }

    /// The cells of all results that may hold one.
    fn cells(&self) -> impl Iterator<Item = CellKey> {
        let mut cells = Vec::new();
        for form in self.study.forms.iter() {
            for group in form.groups.iter().filter_map(|at| self.study.groups.get(&at.group)) {
                let items = group.items.iter().filter_map(|at| self.study.items.get(&at.item));
                let results: Vec<_> = items
                    .filter(|item| item.analyte.as_ref().is_some_and(|analyte| analyte.part == AnalytePart::Result))
                    .collect();
                if results.is_empty() {
                    continue;
                }
                for key in Answers::forms(self.book, &form.oid) {
                    for repeat in self.repeats(&key, group) {
                        let at = |item: &&study::ItemDef| key.cell(group.oid.clone(), repeat.clone(), item.oid.clone());
                        cells.extend(results.iter().map(at));
                    }
                }
            }
        }
        cells.into_iter()
    }

    fn repeats(&self, form: &FormKey, group: &study::GroupDef) -> Vec<Repeat> {
        if group.repeating { self.book.live_rows(form, &group.oid) } else { vec![Repeat::first()] }
    }
}
