//! How the invented nurse types one answer: what the chart says, or what no check minds; a slip now and then, corrected.

use std::collections::BTreeMap;

use screens::messages::FormState;
use study::value::PartialDate;
use study::{CellKey, Study};

use crate::chart::{Draw, Template};
use crate::invent::candidates;
use crate::nurse::Nurse;
use crate::patient::{Place, Typed};
use crate::sheet::{Sheet, find, is_open, key, refusals, so_far, trouble};
use site::{Noun, SiteError, place};

/// Answers tried in one field before the last one stays.
const MOST_TRIES: usize = 6;
/// How often a number is read again that a check refuses.
const READINGS: usize = 3;
/// Of a thousand fields, those that are mistyped at first.
const SLIPS: u32 = 4;
/// Of a hundred partial responses, those that a reader calls stable.
const MISREADS: u32 = 5;
/// The responses that a reader enters, by what the study calls them.
const PARTS: [&str; 3] = ["tumour.response.target", "tumour.response.other", "tumour.response.overall"];
/// There are no lesions of the kind.
const NO_LESIONS: &str = "NONE";
/// The nurse's reason for a correction.
const CORRECTED: &str = "Corrected (sample).";

impl<'a> Nurse<'a, '_> {
    /// Types one answer: what the chart says, or else one that no check minds.
    pub(super) fn answer(
        &mut self,
        study: &Study,
        cell: &CellKey,
        before: FormState,
        sheet: &Sheet<'a>,
        needed: bool,
    ) -> Result<FormState, SiteError> {
        if find(&before, cell).is_none_or(|cell| !is_open(cell)) {
            return Ok(before);
        }
        let spot = place::cell(study, cell)?;
        let row = sheet.rows.iter().find(|row| row.group == spot.key.group && row.repeat == *spot.key.group_repeat);
        let at = Place {
            visit: sheet.date,
            nth: spot.key.form.event_repeat.number().unwrap_or(1),
            row: row.map_or(0, |row| row.at),
            template: row.and_then(|row| row.template),
            row_date: self.row_date(study, &before, &spot.key)?,
            said: row.map_or(Ok(BTreeMap::new()), |row| so_far(study, &before, row))?,
        };
        let said = match self.judged(study, &spot)? {
            Some(code) => Typed::Words(code),
            None => self.patient.say(self.chart, spot.item, &at),
        };
        match said {
            Typed::Words(words) => {
                if let Some(slip) = self.slip(&words) {
                    self.session.save_item(&self.patient.key, cell, &slip, None)?;
                    return self.session.save_item(&self.patient.key, cell, &words, Some(CORRECTED));
                }
                let (quiet, noise) = (refusals(&before), trouble(&before));
                let mut state = self.session.save_item(&self.patient.key, cell, &words, None)?;
                for _ in 0..READINGS {
                    if !spot.item.kind.is_numeric() || refusals(&state) <= quiet {
                        break;
                    }
                    let Typed::Words(words) = self.patient.say(self.chart, spot.item, &at) else { break };
                    state = self.session.save_item(&self.patient.key, cell, &words, Some(CORRECTED))?;
                }
                // The answers of a whole row belong together: what one lacks so far, another brings.
                let said_for_sure = |row: &Template| matches!(row.items.get(&spot.item.oid), Some(Draw::Say(_)));
                let stands = at.template.is_some_and(said_for_sure);
                let refused = spot.item.codelist.is_some() && !stands && refusals(&state) > quiet;
                match refused || find(&state, cell).is_some_and(|cell| cell.draft.is_some()) {
                    true => self.try_out(study, cell, state, noise, sheet.date),
                    false => Ok(state),
                }
            }
            Typed::Nothing => Ok(before),
            Typed::Unknown if !needed && self.patient.dice.chance(8) => Ok(before),
            Typed::Unknown => {
                let noise = trouble(&before);
                self.try_out(study, cell, before, noise, sheet.date)
            }
        }
    }

    /// The investigator's response at an assessment: mostly what the rules give.
    fn judged(&mut self, study: &Study, spot: &place::FoundCell<'_>) -> Result<Option<String>, SiteError> {
        let part = PARTS.iter().find(|part| study.meanings.is(&spot.item.oid, part));
        let Some(part) = part else { return Ok(None) };
        let Some(course) = clinical::tumours::course(study, self.session.known(&self.patient.key)?) else {
            return Ok(None);
        };
        let Some((_, point)) = course.at(&spot.key.form) else { return Ok(None) };
        let [target, other, overall] = [point.target, point.non_target, Some(point.overall)];
        let response = [target, other, overall][PARTS.iter().position(|known| known == part).unwrap_or(2)];
        let code = response.map_or(NO_LESIONS, |response| response.code());
        // Now and then a reader sees it otherwise; the finding says so.
        let otherwise = code == "PR" && self.patient.dice.chance(MISREADS);
        Ok(Some(if otherwise { "SD" } else { code }.to_owned()))
    }

    /// A number with a digit too many, now and then.
    fn slip(&mut self, words: &str) -> Option<String> {
        let slips = self.patient.dice.below(1000) < SLIPS;
        let slip = words.replacen(|c: char| c.is_ascii_digit(), "3", 1);
        (slips && slip != words && words.parse::<f64>().is_ok()).then_some(slip)
    }

    /// Tries answers until the checks have no more to say than they had.
    fn try_out(
        &mut self,
        study: &Study,
        cell: &CellKey,
        before: FormState,
        quiet: u32,
        date: PartialDate,
    ) -> Result<FormState, SiteError> {
        let spot = place::cell(study, cell)?;
        let corrects = find(&before, cell).is_some_and(|cell| !cell.display.is_empty());
        let mut best: Option<(u32, String)> = None;
        let mut last = before;
        let answers = candidates(study, spot.item, date, &mut self.patient.dice).into_iter().take(MOST_TRIES);
        for (tries, answer) in answers.enumerate() {
            let reason = (corrects || tries > 0).then_some(CORRECTED);
            last = self.session.save_item(&self.patient.key, cell, &answer, reason)?;
            if find(&last, cell).is_some_and(|cell| cell.draft.is_some()) {
                continue;
            }
            let noise = trouble(&last).saturating_sub(quiet);
            if noise == 0 {
                return Ok(last);
            }
            if best.as_ref().is_none_or(|(least, _)| noise < *least) {
                best = Some((noise, answer));
            }
        }
        // What need not be known is left out rather than left wrong.
        let Some((_, answer)) = best else { return Ok(last) };
        let answer = if spot.at.mandatory { answer } else { String::new() };
        self.session.save_item(&self.patient.key, cell, &answer, Some(CORRECTED))
    }

    /// The first whole date that stands in the same row.
    fn row_date(&self, study: &Study, state: &FormState, at: &CellKey) -> Result<Option<PartialDate>, SiteError> {
        let row = state.rows.iter().find(|row| row.group == *at.group && row.repeat == *at.group_repeat);
        for cell in row.into_iter().flat_map(|row| &row.cells).filter(|cell| !cell.display.is_empty()) {
            let spot = place::cell(study, &key(&cell.key, Noun::Cell)?)?;
            if spot.item.kind.is_date() {
                return Ok(spot.item.kind.read(&cell.typed).ok().and_then(|value| value.as_date()));
            }
        }
        Ok(None)
    }
}
