//! Accounts: what a password goes through.

use screens::contract::requests;
use screens::messages::PeopleView;
use site::{NewAccount, Zeroizing};
use tauri::State;

use crate::answer::{Answer, Asked};
use crate::worker::Worker;

#[tauri::command]
pub async fn user_add(worker: State<'_, Worker>, request: Asked<requests::UserAdd>) -> Answer<PeopleView> {
    let requests::UserAdd { user, name, role, password } = request.0;
    let account = NewAccount::new(&user, &name, password);
    worker.run_signed_in(move |session| session.user_add(&account, role)).await
}

#[tauri::command]
pub async fn change_password(worker: State<'_, Worker>, request: Asked<requests::ChangePassword>) -> Answer<()> {
    let (old, new) = (Zeroizing::new(request.0.old), Zeroizing::new(request.0.new));
    worker.run_signed_in(move |session| session.change_password(&old, &new)).await
}
