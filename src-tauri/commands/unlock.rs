//! Signing in, locking, and what was noticed about the vault itself.

use screens::contract::requests;
use screens::messages::{IntegrityView, SessionView};
use site::{LostPassword, SiteComputer};
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::Answer;

pub async fn unlock<R: Runtime>(asker: &Asker<'_, R>, request: requests::Unlock) -> Answer<SessionView> {
    let requests::Unlock { vault, user, password } = request;
    asker.worker.touch();
    asker.worker.run(move |computer, now| computer.unlock(&vault, &user, &password, now)).await
}

pub async fn recover<R: Runtime>(asker: &Asker<'_, R>, request: requests::Recover) -> Answer<SessionView> {
    let requests::Recover { vault, user, code, password } = request;
    asker.worker.touch();
    let recover = move |computer: &mut SiteComputer, now| {
        computer.recover(&vault, &LostPassword { user: &user, code: &code, password: &password }, now)
    };
    asker.worker.run(recover).await
}

pub async fn lock<R: Runtime>(asker: &Asker<'_, R>, _: requests::Lock) -> Answer<()> {
    asker.worker.cancel();
    asker.worker.run(|computer, now| computer.lock(now)).await
}

pub async fn touch<R: Runtime>(asker: &Asker<'_, R>, _: requests::Touch) -> Answer<()> {
    asker.worker.touch();
    Ok(())
}

pub async fn integrity<R: Runtime>(asker: &Asker<'_, R>, _: requests::Integrity) -> Answer<IntegrityView> {
    asker.worker.run_background(|session| session.integrity()).await
}
