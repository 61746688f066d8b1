//! The right-hand column of the form screen: what concerns one cell.

use screens::messages::{CellView, FormUpdate, TermView};
use site::Seat;
use tauri::State;

use crate::answer::Answer;
use crate::worker::Worker;

/// History, queries, guideline and course of a cell.
#[tauri::command]
pub async fn cell_view(worker: State<'_, Worker>, subject: String, cell: String, lang: String) -> Answer<CellView> {
    worker.seated(move |seat| seat.cell_view(&subject, &cell, &lang)).await
}

/// Terms of the dictionary that a typed text may mean.
#[tauri::command]
pub async fn term_search(
    worker: State<'_, Worker>,
    item: String,
    typed: String,
    lang: String,
) -> Answer<Vec<TermView>> {
    worker.seated(move |seat| seat.term_search(&item, &typed, &lang)).await
}

/// A term with its definition and grades.
#[tauri::command]
pub async fn term_view(worker: State<'_, Worker>, item: String, code: String, lang: String) -> Answer<TermView> {
    worker.seated(move |seat| seat.term_view(&item, &code, &lang)).await
}

/// Settles a conflict between devices: one value that names all others.
#[tauri::command]
pub async fn settle_conflict(
    worker: State<'_, Worker>,
    subject: String,
    cell: String,
    typed: String,
    reason: String,
    lang: String,
) -> Answer<FormUpdate> {
    let told = move |seat: &mut Seat<'_>| {
        let state = seat.settle_conflict(&subject, &cell, &typed, &reason, &lang)?;
        Ok(seat.form_update(&subject, &lang, state))
    };
    worker.seated(told).await
}

/// Asks about a cell.
#[tauri::command]
pub async fn raise_query(
    worker: State<'_, Worker>,
    subject: String,
    cell: String,
    text: String,
    lang: String,
) -> Answer<CellView> {
    worker.seated(move |seat| seat.raise_query(&subject, &cell, &text, &lang)).await
}

/// Answers the oldest open query on a cell.
#[tauri::command]
pub async fn answer_query(
    worker: State<'_, Worker>,
    subject: String,
    cell: String,
    text: String,
    lang: String,
) -> Answer<CellView> {
    worker.seated(move |seat| seat.answer_query(&subject, &cell, &text, &lang)).await
}
