//! The form screen.

use screens::messages::{FormShape, FormUpdate};
use site::Seat;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// The questions: fetched once per form and language.
#[tauri::command]
pub async fn form_shape(worker: State<'_, Worker>, subject: String, form: String, lang: String) -> Answer<FormShape> {
    worker.seated(move |seat| seat.form_shape(&subject, &form, &lang)).await
}

/// The answers and all that follows from them.
#[tauri::command]
pub async fn form_state(worker: State<'_, Worker>, subject: String, form: String, lang: String) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.form_state(&subject, &form, &lang)?;
        Ok(seat.whole_form(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Saves what was typed into a field that is left. It is on the disk before this answers.
#[tauri::command]
pub async fn save_item(
    worker: State<'_, Worker>,
    subject: String,
    cell: String,
    typed: String,
    reason: Option<String>,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.save_item(&subject, &cell, &typed, reason.as_deref(), &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Saves why there is no value.
#[tauri::command]
pub async fn save_missing(
    worker: State<'_, Worker>,
    subject: String,
    cell: String,
    code: String,
    reason: Option<String>,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.save_missing(&subject, &cell, &code, reason.as_deref(), &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Keeps what is typed and not yet left.
#[tauri::command]
pub async fn draft_item(worker: State<'_, Worker>, subject: String, cell: String, typed: String) -> Answer<()> {
    worker.seated(move |seat| seat.draft_item(&subject, &cell, &typed)).await
}

/// Adds a row to a repeating group.
#[tauri::command]
pub async fn row_add(
    worker: State<'_, Worker>,
    subject: String,
    form: String,
    group: String,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.row_add(&subject, &form, &group, &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Removes a row of a repeating group; its values stay in the history.
#[tauri::command]
pub async fn row_remove(
    worker: State<'_, Worker>,
    subject: String,
    form: String,
    group: String,
    repeat: String,
    reason: String,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.row_remove(&subject, &form, &group, &repeat, &reason, &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Confirms a soft finding with a comment.
#[tauri::command]
pub async fn confirm_finding(
    worker: State<'_, Worker>,
    subject: String,
    cell: String,
    rule: String,
    comment: String,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.confirm_finding(&subject, &cell, &rule, &comment, &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Declares a form complete; refused while something stands against it.
#[tauri::command]
pub async fn form_complete(
    worker: State<'_, Worker>,
    subject: String,
    form: String,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.form_complete(&subject, &form, &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Opens a completed form, or one declared not done, again.
#[tauri::command]
pub async fn form_reopen(
    worker: State<'_, Worker>,
    subject: String,
    form: String,
    reason: String,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.form_reopen(&subject, &form, &reason, &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Declares a form not done.
#[tauri::command]
pub async fn form_not_done(
    worker: State<'_, Worker>,
    subject: String,
    form: String,
    code: String,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.form_not_done(&subject, &form, &code, &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}
