//! Backups: dialogs, long work beside the open vault or the first screen, and its end.

use screens::contract::requests;
use screens::messages::{BackupReport, BackupView, ChosenFor, DrillReport, RestoreReport};
use site::{OpensBackup, OpensHere, SiteComputer};
use tauri::Runtime;

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick;

pub async fn backup_write<R: Runtime>(asker: &Asker<'_, R>, request: requests::BackupWrite) -> Answer<BackupReport> {
    let folder = asker.folder(ChosenFor::BackupFolder, request.into, |session| session.backup_folder()).await?;
    let job = asker.worker.run_signed_in(move |session| session.backup_begin(&folder)).await?;
    let made = asker.worker.run_off_thread(move |tell, cancel| job.run(&|step| tell(step), cancel)).await?;
    asker.worker.run_signed_in(move |session| session.backup_finish(made)).await
}

pub async fn backup_look<R: Runtime>(asker: &Asker<'_, R>, request: requests::BackupLook) -> Answer<BackupView> {
    let path = pick::chosen(asker.window, ChosenFor::Backup, request.backup)?;
    asker.worker.run(move |computer, _| computer.backup_look(&path)).await
}

pub async fn backup_drill<R: Runtime>(asker: &Asker<'_, R>, request: requests::BackupDrill) -> Answer<DrillReport> {
    let requests::BackupDrill { backup, user, password, coded } = request;
    let path = pick::chosen(asker.window, ChosenFor::Backup, backup)?;
    asker.worker.touch();
    let begun = asker.worker.run(move |computer, now| {
        let opens = OpensBackup { user: &user, secret: &password, by_code: coded, takes_unbound: false };
        computer.restore_begin_by(&path, &opens, now)
    });
    let job = begun.await?;
    let content = asker.worker.run_off_thread(move |tell, cancel| job.drill(&|step| tell(step), cancel)).await?;
    asker.worker.run(move |computer, _| computer.drill_finish(&content)).await
}

pub async fn backup_restore<R: Runtime>(
    asker: &Asker<'_, R>,
    request: requests::BackupRestore,
) -> Answer<RestoreReport> {
    let requests::BackupRestore { backup, user, password, coded, unbound, aside, here, pass } = request;
    let path = pick::chosen(asker.window, ChosenFor::Backup, backup)?;
    if !aside {
        let asked = path.clone();
        asker.worker.run(move |computer, _| computer.may_restore(&asked)).await?;
    }
    let begun = asker.worker.run(move |computer, now| {
        let opens = OpensBackup { user: &user, secret: &password, by_code: coded, takes_unbound: unbound };
        computer.restore_begin_by(&path, &opens, now)
    });
    let job = begun.await?;
    let restoring = asker.worker.run_off_thread(move |tell, cancel| job.restore(&|step| tell(step), cancel)).await?;
    let finish = move |computer: &mut SiteComputer, now| {
        let is_said = !here.trim().is_empty();
        let here = OpensHere { user: &here, secret: &pass };
        let here = is_said.then_some(&here);
        if aside { computer.restore_instead(restoring, here, now) } else { computer.restore_finish(restoring) }
    };
    asker.worker.run(finish).await
}
