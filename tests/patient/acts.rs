//! A script entered by acts instead of hands, where only what comes after it is to be looked at.

use screens::messages::{BlockerKind, FormState};
use site::Session;
use study::FormKey;

use super::script::{Answer, Row, Sheet, Visit};
use crate::window::Trouble;

const LANG: &str = "en";

/// Enters visits.
///
/// # Errors
/// What the vault says.
pub fn enter(session: &mut Session<'_>, subject: &str, visits: &[Visit]) -> Result<(), Trouble> {
    for visit in visits {
        if let Some(date) = &visit.date {
            session.speaking(LANG).event_date(subject, &visit.event.parse()?, date, None)?;
        }
        for sheet in &visit.sheets {
            fill(session, subject, sheet)?;
        }
    }
    Ok(())
}

fn fill(session: &mut Session<'_>, subject: &str, sheet: &Sheet) -> Result<(), Trouble> {
    let form: FormKey = sheet.form.parse()?;
    for row in sheet.rows.iter().filter(|row| row.repeating) {
        session.speaking(LANG).row_add(subject, &form, &row.group)?;
    }
    let mut state = session.speaking(LANG).form_state(subject, &form)?;
    let repeats = repeats(&state, sheet);
    for (row, repeat) in sheet.rows.iter().zip(repeats) {
        for cell in row.cells.iter().filter(|cell| cell.is_entered()) {
            let key = form.cell(row.group.as_str(), repeat.as_str(), cell.item.as_str());
            state = match &cell.answer {
                Answer::Missing(code) => session.speaking(LANG).save_missing(subject, &key, code, None)?,
                Answer::Value(typed) => session.speaking(LANG).save_item(subject, &key, typed, None)?,
                Answer::Nothing => state,
            };
        }
    }
    if !sheet.complete {
        return Ok(());
    }
    for blocker in state.blockers.iter().filter(|blocker| blocker.kind == BlockerKind::Soft) {
        session.speaking(LANG).confirm_finding(subject, &blocker.key.parse()?, &blocker.rule, "Checked (sample).")?;
    }
    session.speaking(LANG).form_complete(subject, &form)?;
    Ok(())
}

/// What this vault calls the rows of the script.
fn repeats(state: &FormState, sheet: &Sheet) -> Vec<String> {
    let mut held: Vec<_> = state.rows.iter().collect();
    let mut name = |row: &Row| {
        let at = held.iter().position(|one| one.group == row.group)?;
        Some(held.remove(at).repeat.clone())
    };
    sheet.rows.iter().map(|row| name(row).unwrap_or_default()).collect()
}
