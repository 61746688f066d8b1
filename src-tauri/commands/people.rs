//! Accounts: what a password goes through.

use screens::contract::requests;
use screens::messages::{PeopleView, ProgramView, SessionView};
use site::NewAccount;
use tauri::{Manager, Runtime};

use super::asker::Asker;
use crate::answer::Answer;
use crate::window;

pub async fn user_add<R: Runtime>(asker: &Asker<'_, R>, request: requests::UserAdd) -> Answer<PeopleView> {
    let requests::UserAdd { user, name, role, password } = request;
    let account = NewAccount::new(&user, &name, password.into_words());
    asker.worker.run_signed_in(move |session| session.user_add(&account, role)).await
}

pub async fn program_view<R: Runtime>(asker: &Asker<'_, R>, _: requests::ProgramView) -> Answer<ProgramView> {
    let logs = window::logs(asker.window.app_handle()).ok();
    Ok(ProgramView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        logs: logs.map(|folder| folder.display().to_string()),
    })
}

pub async fn user_reset<R: Runtime>(asker: &Asker<'_, R>, request: requests::UserReset) -> Answer<PeopleView> {
    let requests::UserReset { user, password, own } = request;
    asker.worker.run_signed_in(move |session| session.user_reset(&user, &password, &own)).await
}

pub async fn change_password<R: Runtime>(
    asker: &Asker<'_, R>,
    request: requests::ChangePassword,
) -> Answer<SessionView> {
    let requests::ChangePassword { old, new } = request;
    asker.worker.run_signed_in(move |session| session.change_password(&old, &new)).await
}
