//! The first screen.

use screens::contract::requests;
use screens::messages::{ChosenFor, KitView, StartView};
use site::NewAccount;
use tauri::{Manager, Runtime};

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick;
use crate::window::Starts;

pub async fn start_view<R: Runtime>(asker: &Asker<'_, R>, _: requests::StartView) -> Answer<StartView> {
    asker.window.state::<Starts>().count();
    asker.worker.run(|computer, _| computer.start_view()).await
}

pub async fn set_preferences<R: Runtime>(asker: &Asker<'_, R>, request: requests::SetPreferences) -> Answer<()> {
    let preferences = request.preferences;
    let zoom = preferences.zoom_factor();
    asker.worker.run(move |computer, _| computer.set_preferences(&preferences)).await?;
    // A web view that cannot zoom leaves the page as it is.
    let _ = asker.window.set_zoom(zoom);
    Ok(())
}

pub async fn practise<R: Runtime>(asker: &Asker<'_, R>, _: requests::Practise) -> Answer<StartView> {
    asker.worker.run(practice::practise).await
}

pub async fn kit_look<R: Runtime>(asker: &Asker<'_, R>, request: requests::KitLook) -> Answer<KitView> {
    let requests::KitLook { kit, passphrase } = request;
    let path = pick::chosen(asker.window, ChosenFor::Kit, kit)?;
    asker.worker.run(move |computer, _| computer.kit_look(&path, &passphrase)).await
}

pub async fn kit_found<R: Runtime>(asker: &Asker<'_, R>, request: requests::KitFound) -> Answer<StartView> {
    let requests::KitFound { kit, passphrase, user, name, password } = request;
    let path = pick::chosen(asker.window, ChosenFor::Kit, kit)?;
    let account = NewAccount::new(&user, &name, password.into_words());
    asker.worker.run(move |computer, now| computer.kit_found(&path, &passphrase, &account, now)).await
}
