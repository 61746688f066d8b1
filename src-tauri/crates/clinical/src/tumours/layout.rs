//! Where a study asks for tumours: the concepts `tumour.*` as places.

use rust_decimal::Decimal;
use study::{CellKey, FormDef, FormKey, GroupDef, ItemDef, MetaDataVersion, Oid, Repeat};

/// An item at a place of the study.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub form: Oid,
    pub group: Oid,
    pub repeating: bool,
    pub item: Oid,
    /// Factors to the item's standard unit, which has the factor one.
    factors: Vec<(Oid, Decimal)>,
}

impl Site {
    fn of(form: &FormDef, group: &GroupDef, item: &ItemDef) -> Self {
        let standard = item.standard_unit().map(|unit| (unit.clone(), Decimal::ONE));
        Self {
            form: form.oid.clone(),
            group: group.oid.clone(),
            repeating: group.repeating,
            item: item.oid.clone(),
            factors: standard.into_iter().chain(item.conversions.iter().cloned()).collect(),
        }
    }

    /// The cell of a row.
    pub fn cell(&self, form: &FormKey, row: &Repeat) -> CellKey {
        form.cell(&self.group, row, &self.item)
    }

    /// A number in the standard unit; none of a unit that has no factor.
    pub fn to_standard(&self, number: Decimal, unit: Option<&Oid>) -> Option<Decimal> {
        match unit {
            None => Some(number),
            Some(unit) => number.checked_mul(self.factors.iter().find(|(known, _)| known == unit)?.1),
        }
    }
}

/// Items that stand in the same group as an identifier, so that a row holds them all.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub id: Site,
    fields: Vec<(&'static str, Site)>,
}

impl Rows {
    /// The items of a row that mean this, in the order of the file.
    pub fn all<'a>(&'a self, concept: &'a str) -> impl Iterator<Item = &'a Site> {
        self.fields.iter().filter(move |(known, _)| *known == concept).map(|(_, site)| site)
    }

    /// The first of them.
    pub fn one<'a>(&'a self, concept: &'a str) -> Option<&'a Site> {
        self.all(concept).next()
    }

    fn of(study: &MetaDataVersion, id: &'static str, fields: &[&'static str]) -> Option<Self> {
        let id = sites(study, id).into_iter().next()?;
        let in_row = |concept: &'static str| {
            let sites = sites(study, concept).into_iter();
            let here = sites.filter(|site| site.form == id.form && site.group == id.group);
            here.map(move |site| (concept, site)).collect::<Vec<_>>()
        };
        let fields = fields.iter().copied().flat_map(in_row).collect();
        Some(Self { id, fields })
    }
}

/// The places of a study's tumour forms. A study without identifiers of lesions or without a baseline scan has none.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub baseline_date: Site,
    pub baseline_slice: Option<Site>,
    pub baseline_markers: Option<Site>,
    pub targets: Option<Rows>,
    pub others: Option<Rows>,
    pub date: Site,
    pub markers: Option<Site>,
    pub readings: Option<Rows>,
    pub other_readings: Option<Rows>,
    pub new_lesions: Option<Rows>,
    pub responses: [Option<Site>; 5],
    pub new_therapy: Vec<Site>,
    /// The event of the first study treatment.
    pub day1: Option<Oid>,
}

/// The entered responses, in the order of [`Layout::responses`].
pub(super) const RESPONSES: [&str; 5] = [
    "tumour.response.target",
    "tumour.response.other",
    "tumour.response.new",
    "tumour.response.overall",
    "tumour.response.progression_date",
];

impl Layout {
    pub fn of(study: &MetaDataVersion) -> Option<Self> {
        let baseline_date = sites(study, "tumour.baseline.date").into_iter().next()?;
        let date = sites(study, "tumour.assessment.date").into_iter().next()?;
        let on = |form: &Oid, concept| sites(study, concept).into_iter().find(|site| site.form == *form);
        let rows = |form: &Oid, id, fields| Rows::of(study, id, fields).filter(|rows| rows.id.form == *form);
        let targets = rows(
            &baseline_date.form,
            "tumour.target.id",
            &["tumour.target.organ", "tumour.target.size", "tumour.target.treated", "tumour.target.progressed"],
        );
        let others = rows(&baseline_date.form, "tumour.other.id", &["tumour.other.organ", "tumour.other.size"]);
        let readings = rows(
            &date.form,
            "tumour.reading.lesion",
            &["tumour.reading.state", "tumour.reading.size", "tumour.reading.into", "tumour.reading.treated"],
        );
        Some(Self {
            baseline_slice: on(&baseline_date.form, "tumour.baseline.slice"),
            baseline_markers: on(&baseline_date.form, "tumour.baseline.markers"),
            targets,
            others,
            markers: on(&date.form, "tumour.assessment.markers"),
            readings,
            other_readings: rows(&date.form, "tumour.other_reading.lesion", &["tumour.other_reading.state"]),
            new_lesions: rows(&date.form, "tumour.new.id", &["tumour.new.organ", "tumour.new.certainty"]),
            responses: RESPONSES.map(|concept| on(&date.form, concept)),
            new_therapy: sites(study, "nact.date"),
            day1: study.meanings.one("event.day1").cloned(),
            baseline_date,
            date,
        })
    }

    /// Every item that the projection reads, entered responses left out.
    pub fn items(&self) -> Vec<Oid> {
        let single = [&self.baseline_slice, &self.baseline_markers, &self.markers];
        let rows = [&self.targets, &self.others, &self.readings, &self.other_readings, &self.new_lesions];
        let of_rows = rows
            .into_iter()
            .flatten()
            .flat_map(|rows| std::iter::once(&rows.id).chain(rows.fields.iter().map(|(_, site)| site)));
        let sites = [&self.baseline_date, &self.date].into_iter().chain(single.into_iter().flatten()).chain(of_rows);
        sites.chain(&self.new_therapy).map(|site| site.item.clone()).collect()
    }
}

/// Where the items that mean this stand, in the order of the file.
fn sites(study: &MetaDataVersion, concept: &'static str) -> Vec<Site> {
    let mut sites = Vec::new();
    for item in study.meanings.all(concept).iter().filter_map(|oid| study.items.get(oid)) {
        for form in &study.forms {
            for group in form.groups.iter().filter_map(|at| study.groups.get(&at.group)) {
                if group.items.iter().any(|at| at.item == item.oid) {
                    sites.push(Site::of(form, group, item));
                }
            }
        }
    }
    sites
}
