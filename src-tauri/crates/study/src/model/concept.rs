//! Concepts: what a definition means to the screens and engines that know medicine.
//!
//! A study says it with `Alias Context="urn:outpost:odm:1:means"` on an event, form, group or item, so that no room knows
//! the OIDs of a trial. Several definitions may mean the same, one may mean several things (names parted by spaces), and a
//! study that leaves a concept out simply lacks what is built on it.

use crate::Oid;
use std::collections::BTreeMap;

/// What kind of definition a concept belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// An event (ODM StudyEventDef).
    Event,
    /// A form (ODM FormDef).
    Form,
    /// An item group (ODM ItemGroupDef).
    Group,
    /// An item (ODM ItemDef).
    Item,
}

impl On {
    /// Name of the ODM element that carries it.
    pub fn element(self) -> &'static str {
        match self {
            Self::Event => "StudyEventDef",
            Self::Form => "FormDef",
            Self::Group => "ItemGroupDef",
            Self::Item => "ItemDef",
        }
    }
}

/// A concept of the vocabulary.
#[derive(Clone, Copy, Debug)]
pub struct Concept {
    /// Its name in a study file.
    pub name: &'static str,
    /// Where it may stand.
    pub on: On,
    /// What an unmet check means for the form.
    pub meaning: &'static str,
}

const fn on(on: On, name: &'static str, meaning: &'static str) -> Concept {
    Concept { name, on, meaning }
}

/// The vocabulary. Append within a part; a name, once released, keeps its meaning.
pub const CONCEPTS: &[Concept] = &[
    // Course of a subject
    on(On::Event, "event.day1", "first study treatment"),
    on(On::Event, "event.cycle", "first day of a cycle of treatment"),
    on(On::Event, "event.unscheduled", "a visit that no schedule brings"),
    on(On::Item, "subject.sex", "sex, M or F"),
    on(On::Item, "subject.birth", "date of birth, perhaps partial"),
    on(On::Item, "subject.arm", "the allocated arm"),
    on(On::Item, "subject.consent_date", "date of informed consent"),
    on(On::Item, "subject.death_date", "date of death"),
    on(On::Item, "subject.last_alive", "date on which the subject was last known to be alive"),
    // Laboratory panels: groups that hold results (see `Analyte`)
    on(On::Item, "lab.performed", "whether the panel was done"),
    on(On::Item, "lab.sample_date", "day on which the panel's sample was taken"),
    on(On::Item, "lab.laboratory", "the laboratory that measured the panel, by name"),
    // Allocation
    on(On::Form, "allocation.gate", "must be complete, without hard findings, before an allocation is requested"),
    on(On::Item, "allocation.must_be_yes", "must be answered yes before an allocation is requested"),
    on(On::Item, "allocation.before", "must be answered, where it is asked, before an allocation is requested"),
    on(On::Item, "allocation.stratum", "a factor of stratification; its code list gives the levels"),
    on(On::Item, "allocation.number", "randomisation number, filled in by the reveal of the allocation"),
    on(On::Item, "allocation.date", "date of randomisation, filled in by the reveal of the allocation"),
    // Adverse events
    on(On::Item, "ae.verbatim", "an adverse event in the words of the chart"),
    on(On::Item, "ae.term", "the dictionary's term for it"),
    on(On::Item, "ae.grade", "its worst grade, as a digit"),
    // Safety: adverse events and their links
    on(On::Item, "ae.number", "number of an adverse event, by which other forms refer to it"),
    on(On::Item, "ae.ongoing", "whether an adverse event goes on: Y, N"),
    on(On::Item, "ae.outcome", "outcome of an adverse event, CDISC's OUT"),
    on(On::Item, "ae.criterion", "a criterion of seriousness that applies"),
    on(On::Item, "ae.special", "kind of event of special interest; NONE for none"),
    on(On::Item, "ae.relation", "relation of an adverse event to a component of treatment"),
    on(On::Item, "ae.action", "action taken with a component of treatment because of an adverse event"),
    on(On::Item, "ae.lab_test", "the laboratory test behind an adverse event, by its short name"),
    on(On::Item, "ae.lab_date", "day of the sample behind an adverse event"),
    on(On::Item, "exposure.frequency", "how often the dose of a period is given"),
    on(On::Item, "exposure.ongoing", "whether a period of treatment goes on: Y, N"),
    on(On::Item, "exposure.action", "how the dose was changed when a period began"),
    on(On::Item, "exposure.ae", "number of the adverse event that changed the dose"),
    on(On::Item, "sae.ae", "number of the adverse event that a report of a serious one is about"),
    on(On::Item, "sae.number", "number of a report of a serious adverse event"),
    on(On::Item, "sae.relation", "relation of a serious adverse event to a component of treatment, as its report says"),
    on(On::Item, "sae.awareness", "moment at which the site became aware of a serious adverse event"),
    on(On::Item, "sae.reported", "moment at which the report went to the sponsor"),
    on(On::Item, "sae.type", "INITIAL, FOLLOWUP or FINAL"),
    on(On::Item, "sae.narrative", "what happened, in words"),
    on(On::Item, "sae.expected", "whether the event was expected: EXPECTED, UNEXPECTED"),
    on(On::Item, "sae.due", "day by which a suspected unexpected serious reaction goes to the authority"),
    on(On::Item, "rt.target", "target that a row plans or irradiates"),
    on(On::Item, "rt.planned_dose", "dose planned for a target, in Gy"),
    on(On::Item, "rt.planned_fractions", "number of fractions planned for a target"),
    on(On::Item, "nact.kind", "kind of an anticancer treatment outside the protocol"),
    on(On::Item, "nact.date", "first day of an anticancer treatment outside the protocol, perhaps partial"),
    on(On::Item, "medication.name", "a concomitant medicine"),
    on(On::Item, "medication.start", "first day of a concomitant medicine, perhaps partial"),
    on(On::Item, "medication.end", "last day of a concomitant medicine, perhaps partial"),
    on(On::Item, "deviation.category", "kind of a protocol deviation"),
    on(On::Item, "deviation.date", "day of a protocol deviation, perhaps partial"),
    on(On::Item, "deviation.important", "whether a protocol deviation is important: Y, N"),
    on(On::Item, "subject.study_end", "day on which a subject left the study"),
    // Tumours (RECIST 1.1)
    on(On::Item, "tumour.baseline.date", "date of the baseline scan"),
    on(On::Item, "tumour.baseline.slice", "slice thickness of the baseline scan"),
    on(On::Item, "tumour.baseline.markers", "tumour markers at baseline: NORMAL, ELEVATED, ND"),
    on(On::Item, "tumour.target.id", "identifier of a target lesion, in a row of the baseline form"),
    on(On::Item, "tumour.target.organ", "its organ"),
    on(On::Item, "tumour.target.place", "its place in the organ"),
    on(On::Item, "tumour.target.size", "its longest diameter, of a node the short axis"),
    on(On::Item, "tumour.target.treated", "whether it was treated locally before: Y, N"),
    on(On::Item, "tumour.target.progressed", "whether it has progressed since: Y, N"),
    on(On::Item, "tumour.other.id", "identifier of a non-target lesion, in a row of the baseline form"),
    on(On::Item, "tumour.other.organ", "its organ"),
    on(On::Item, "tumour.other.place", "its place in the organ"),
    on(On::Item, "tumour.other.size", "its size, where one was measured"),
    on(On::Item, "tumour.assessment.date", "date of the scan of a later assessment; its form is the assessment"),
    on(On::Item, "tumour.assessment.markers", "tumour markers then: NORMAL, ELEVATED, ND"),
    on(On::Item, "tumour.reading.lesion", "target lesion that a row reads; a part of a split one after a point: T04.1"),
    on(On::Item, "tumour.reading.state", "its state: MEASURED, ABSENT, TOOSMALL, MERGED, NE, NOTDONE"),
    on(On::Item, "tumour.reading.size", "its size; several items may ask for it"),
    on(On::Item, "tumour.reading.into", "the lesion with which it merged"),
    on(On::Item, "tumour.reading.reason", "why it was not evaluated"),
    on(On::Item, "tumour.reading.treated", "whether it was treated locally since baseline: Y, N. May reveal the arm"),
    on(On::Item, "tumour.other_reading.lesion", "non-target lesion that a row reads"),
    on(On::Item, "tumour.other_reading.state", "its state: PRESENT, ABSENT, EQUIVOCAL, PD, NE, NOTDONE"),
    on(On::Item, "tumour.new.id", "identifier of a new lesion, the same at every assessment"),
    on(On::Item, "tumour.new.organ", "its organ"),
    on(On::Item, "tumour.new.place", "its place in the organ"),
    on(On::Item, "tumour.new.certainty", "whether it is one: UNEQUIVOCAL, EQUIVOCAL, REFUTED"),
    on(On::Item, "tumour.response.target", "entered response of the target lesions: CR, PR, SD, PD, NE"),
    on(
        On::Item,
        "tumour.response.other",
        "entered response of the non-target lesions: CR, NON-CR/NON-PD, PD, NE, NONE",
    ),
    on(On::Item, "tumour.response.new", "whether there are new lesions, as entered: Y, N"),
    on(On::Item, "tumour.response.overall", "entered overall response: CR, PR, SD, NON-CR/NON-PD, PD, NE"),
    on(On::Item, "tumour.response.progression_date", "entered date of progression"),
    // What the charts draw
    on(On::Item, "course.lab", "a result whose course belongs on a subject's timeline"),
    on(On::Item, "course.treatment_end", "day on which the study treatment ended"),
    on(On::Item, "exposure.drug", "drug of a period of treatment"),
    on(On::Item, "exposure.dose", "dose in a period of treatment; 0 for an interruption"),
    on(On::Item, "exposure.start", "first day of a period of treatment"),
    on(On::Item, "exposure.end", "last day of a period of treatment; none while it goes on"),
    on(On::Item, "rt.fraction_date", "day of a fraction of radiotherapy"),
    on(On::Item, "rt.fraction_dose", "dose of a fraction of radiotherapy, in Gy"),
    on(On::Item, "ae.start", "first day of an adverse event, perhaps partial"),
    on(On::Item, "ae.end", "last day of an adverse event, perhaps partial; none while it goes on"),
    on(On::Item, "ae.serious", "whether an adverse event is serious"),
];

/// The concept of a name on an ODM element, or why there is none.
pub(crate) fn find(name: &str, element: &str) -> Result<&'static Concept, String> {
    let mut known = CONCEPTS.iter().filter(|concept| concept.name == name).peekable();
    if known.peek().is_none() {
        return Err(format!("the alias means names {name:?}, which is no concept"));
    }
    known
        .find(|concept| concept.on.element() == element)
        .ok_or_else(|| format!("the concept {name} does not belong on a {element}"))
}

/// Which definitions mean what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meanings {
    by_name: BTreeMap<&'static str, Vec<Oid>>,
}

impl Meanings {
    pub(crate) fn add(&mut self, concept: &'static Concept, owner: &Oid) {
        self.by_name.entry(concept.name).or_default().push(owner.clone());
    }

    /// Every definition that means this, in the order of the file.
    pub fn all(&self, concept: &str) -> &[Oid] {
        debug_assert!(CONCEPTS.iter().any(|known| known.name == concept), "{concept} is in the vocabulary");
        self.by_name.get(concept).map_or(&[], Vec::as_slice)
    }

    /// The first definition that means this.
    pub fn one(&self, concept: &str) -> Option<&Oid> {
        self.all(concept).first()
    }

    /// Whether this definition means this.
    pub fn is(&self, owner: &Oid, concept: &str) -> bool {
        self.all(concept).contains(owner)
    }

    /// Leaves out the definitions of which `keep` wants none.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Oid) -> bool) {
        self.by_name.values_mut().for_each(|owners| owners.retain(&keep));
    }

    /// What a definition means, sorted.
    pub fn of<'a>(&'a self, owner: &'a Oid) -> impl Iterator<Item = &'static str> + 'a {
        self.by_name.iter().filter(move |(_, owners)| owners.contains(owner)).map(|(name, _)| *name)
    }
}
