//! Accounts: what a password goes through.

use screens::contract::requests;
use screens::messages::PeopleView;
use site::{NewAccount, Zeroizing};
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::Answer;

pub async fn user_add<R: Runtime>(asker: &Asker<'_, R>, request: requests::UserAdd) -> Answer<PeopleView> {
    let requests::UserAdd { user, name, role, password } = request;
    let account = NewAccount::new(&user, &name, password);
    asker.worker.run_signed_in(move |session| session.user_add(&account, role)).await
}

pub async fn change_password<R: Runtime>(asker: &Asker<'_, R>, request: requests::ChangePassword) -> Answer<()> {
    let (old, new) = (Zeroizing::new(request.old), Zeroizing::new(request.new));
    asker.worker.run_signed_in(move |session| session.change_password(&old, &new)).await
}
