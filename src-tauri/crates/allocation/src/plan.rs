//! What a study says of allocation: arms and their ratio, blocks, strata, and what must be true of a subject before.
//!
//! The study file says all of it: the arms are the code list of the item that means `subject.arm`, the factors are the
//! items that mean `allocation.stratum`, and three settings give the law of the blocks ([`BLOCKS`], [`RATIO`], [`SLOTS`]).
//! A study without the first of them allocates nothing here, and its arm is typed like any other answer.

use std::collections::BTreeSet;

pub use casebook::ALLOCATION_BLOCKS as BLOCKS;
use casebook::{Book, CellState, Stored};
use study::{CellKey, EventKey, FormKey, Oid, Study};

/// Setting: the ratio of the arms in the order of their code list, parted by spaces: `1 1`. One to one where it is absent.
pub const RATIO: &str = "ALLOC_RATIO";
/// Setting: slots of each stratum, as many as the trial has subjects at least.
pub const SLOTS: &str = "ALLOC_SLOTS";

/// Most factors of stratification.
const MOST_FACTORS: usize = 4;
/// Most strata, as a request code can name them.
const MOST_STRATA: usize = 256;
/// Most slots of a stratum, as a release code can name them.
const MOST_SLOTS: u32 = 4_095;

/// What is wrong with what a study says of allocation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A setting is absent or not what it should be.
    #[error("the setting {0} is absent or not a list of whole numbers from 1 on")]
    Setting(&'static str),
    /// A block does not hold the ratio.
    #[error("a block of {0} cannot hold the ratio of the arms")]
    Block(u32),
    /// No item means this, or it stands in no form, or it has no code list.
    #[error("no item with a code list, in a form, means {0}")]
    Item(&'static str),
    /// Too many factors, strata or slots.
    #[error("more {0} than can be")]
    TooMany(&'static str),
}

/// A factor of stratification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Where a subject's level stands.
    pub cell: CellKey,
    /// The levels' codes, in the order of the code list.
    pub codes: Vec<String>,
}

/// What a study says of allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The arms' codes, in the order of their code list.
    pub arms: Vec<String>,
    /// How many of each arm come together.
    pub ratio: Vec<u32>,
    /// The blocks' sizes, ascending. Not to be disclosed to a site.
    pub blocks: Vec<u32>,
    /// Slots of each stratum.
    pub slots: u32,
    /// The factors, in the order of the study file.
    pub factors: Vec<Factor>,
    /// Where the arm stands once it is known.
    pub arm: CellKey,
    /// Where the randomisation number stands, if the study has one.
    pub number: Option<CellKey>,
    /// Where the date of randomisation stands, if the study has one.
    pub date: Option<CellKey>,
}

impl Plan {
    /// What a study says of allocation; nothing where it allocates nothing here.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(study: &Study) -> Result<Option<Self>, PlanError> {
        if study.setting(BLOCKS).is_none() {
            return Ok(None);
        }
        let arm = place(study, "subject.arm")?;
        let arms = codes(study, &arm, "subject.arm")?;
        let ratio = match study.setting(RATIO) {
            Some(_) => numbers(study, RATIO)?,
            None => vec![1; arms.len()],
        };
        if ratio.len() != arms.len() {
            return Err(PlanError::Setting(RATIO));
        }
        let blocks: Vec<u32> = numbers(study, BLOCKS)?.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let together: u32 = ratio.iter().sum();
        if let Some(block) = blocks.iter().find(|block| !block.is_multiple_of(together)) {
            return Err(PlanError::Block(*block));
        }
        let slots = match numbers(study, SLOTS)?.as_slice() {
            [slots] if *slots <= MOST_SLOTS => *slots,
            [_] => return Err(PlanError::TooMany("slots")),
            _ => return Err(PlanError::Setting(SLOTS)),
        };
        let optional = |concept| study.meanings.one(concept).map(|_| place(study, concept)).transpose();
        let plan = Self {
            arms,
            ratio,
            blocks,
            slots,
            factors: factors(study)?,
            arm,
            number: optional("allocation.number")?,
            date: optional("allocation.date")?,
        };
        if plan.strata().len() > MOST_STRATA { Err(PlanError::TooMany("strata")) } else { Ok(Some(plan)) }
    }

    /// Every stratum by its factors' codes, the last factor changing fastest; one without a name where there are no factors.
    pub fn strata(&self) -> Vec<String> {
        let mut strata = vec![Vec::new()];
        for factor in &self.factors {
            let longer = |so_far: &Vec<String>| {
                let so_far = so_far.clone();
                factor.codes.iter().map(move |code| so_far.iter().cloned().chain([code.clone()]).collect())
            };
            strata = strata.iter().flat_map(longer).collect();
        }
        strata.into_iter().map(|codes| codes.join("/")).collect()
    }

    /// The stratum of a subject: its number and its factors' codes.
    ///
    /// # Errors
    /// The cells whose level is not known.
    pub fn stratum(&self, book: &Book) -> Result<(u32, Vec<String>), Vec<CellKey>> {
        let (mut stratum, mut codes, mut lacking) = (0, Vec::new(), Vec::new());
        for factor in &self.factors {
            let level = value(book, &factor.cell).and_then(|code| factor.codes.iter().position(|known| *known == code));
            match level {
                Some(level) => {
                    stratum = stratum * factor.codes.len() + level;
                    codes.push(factor.codes[level].clone());
                }
                None => lacking.push(factor.cell.clone()),
            }
        }
        // There are 256 strata at most.
        if lacking.is_empty() { Ok((u32::try_from(stratum).unwrap_or_default(), codes)) } else { Err(lacking) }
    }
}

/// What stands in a cell, typed or computed; nothing where skip logic hides it.
pub fn value(book: &Book, key: &CellKey) -> Option<String> {
    let cell = book.cell(key).filter(|cell| !cell.is_hidden())?;
    match cell.state() {
        CellState::Derived(derived) => Some(derived.value.as_str().to_owned()),
        CellState::Answered(given) => match given.value.as_ref()? {
            Stored::Plain(value) => Some(value.as_str().to_owned()),
            Stored::Text(_) => None,
        },
        _ => None,
    }
}

fn factors(study: &Study) -> Result<Vec<Factor>, PlanError> {
    const CONCEPT: &str = "allocation.stratum";
    let items = study.meanings.all(CONCEPT);
    if items.len() > MOST_FACTORS {
        return Err(PlanError::TooMany("factors"));
    }
    let factor = |item| {
        let cell = place_of(study, item).ok_or(PlanError::Item(CONCEPT))?;
        Ok(Factor { codes: codes(study, &cell, CONCEPT)?, cell })
    };
    items.iter().map(factor).collect()
}

fn codes(study: &Study, cell: &CellKey, concept: &'static str) -> Result<Vec<String>, PlanError> {
    let list = study.items.get(&cell.item).and_then(|item| study.codelist_of(item));
    let list = list.filter(|list| list.external.is_none() && !list.choices.is_empty());
    Ok(list.ok_or(PlanError::Item(concept))?.choices.iter().map(|choice| choice.code.to_string()).collect())
}

fn numbers(study: &Study, key: &'static str) -> Result<Vec<u32>, PlanError> {
    let text = study.setting(key).ok_or(PlanError::Setting(key))?;
    let number = |word: &str| word.parse::<u32>().ok().filter(|number| (1..=10_000).contains(number));
    let numbers: Option<Vec<u32>> = text.split_whitespace().map(number).collect();
    numbers.filter(|numbers| !numbers.is_empty()).ok_or(PlanError::Setting(key))
}

fn place(study: &Study, concept: &'static str) -> Result<CellKey, PlanError> {
    let item = study.meanings.one(concept).ok_or(PlanError::Item(concept))?;
    place_of(study, item).ok_or(PlanError::Item(concept))
}

/// Where an item stands for the first time in the course of the visits, apart from rows.
pub(crate) fn place_of(study: &Study, item: &Oid) -> Option<CellKey> {
    study.events.iter().find_map(|event| {
        event.forms.iter().find_map(|at| {
            let form = study.forms.get(&at.form)?;
            let holds = |group: &&study::GroupDef| !group.repeating && group.items.iter().any(|at| at.item == *item);
            let group = form.groups.iter().filter_map(|at| study.groups.get(&at.group)).find(holds)?;
            Some(first_form(&event.oid, &form.oid).cell(&group.oid, study::Repeat::first(), item))
        })
    })
}

pub(crate) fn first_form(event: &Oid, form: &Oid) -> FormKey {
    EventKey::new(event.clone(), "1").form(form.clone(), "1")
}
