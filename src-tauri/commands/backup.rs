//! Backups: dialogs, long work beside the open vault or the first screen, and its end.

use screens::contract::requests;
use screens::messages::{BackupReport, BackupView, DrillReport, RestoreReport};
use tauri::{Manager, Runtime};

use super::asker::Asker;
use crate::answer::Answer;
use crate::pick;

pub async fn backup_write<R: Runtime>(asker: &Asker<'_, R>, request: requests::BackupWrite) -> Answer<BackupReport> {
    let folder = pick::given(request.folder, pick::folder(asker.window.app_handle())).await?;
    let job = asker.worker.run_signed_in(move |session| session.backup_begin(folder.as_ref())).await?;
    let made = asker.worker.run_off_thread(move |tell, cancel| job.run(&|step| tell(step), cancel)).await?;
    asker.worker.run_signed_in(move |session| session.backup_finish(made)).await
}

pub async fn backup_look<R: Runtime>(asker: &Asker<'_, R>, request: requests::BackupLook) -> Answer<BackupView> {
    asker.worker.run(move |computer, _| computer.backup_look(request.path.as_ref())).await
}

pub async fn backup_drill<R: Runtime>(asker: &Asker<'_, R>, request: requests::BackupDrill) -> Answer<DrillReport> {
    let requests::BackupDrill { path, user, password } = request;
    asker.worker.touch();
    let job =
        asker.worker.run(move |computer, now| computer.restore_begin(path.as_ref(), &user, &password, now)).await?;
    let content = asker.worker.run_off_thread(move |tell, cancel| job.drill(&|step| tell(step), cancel)).await?;
    asker.worker.run(move |computer, _| computer.drill_finish(&content)).await
}

pub async fn backup_restore<R: Runtime>(
    asker: &Asker<'_, R>,
    request: requests::BackupRestore,
) -> Answer<RestoreReport> {
    let requests::BackupRestore { path, user, password } = request;
    let asked = path.clone();
    asker.worker.run(move |computer, _| computer.may_restore(asked.as_ref())).await?;
    let job =
        asker.worker.run(move |computer, now| computer.restore_begin(path.as_ref(), &user, &password, now)).await?;
    let restoring = asker.worker.run_off_thread(move |tell, cancel| job.restore(&|step| tell(step), cancel)).await?;
    asker.worker.run(move |computer, _| computer.restore_finish(restoring)).await
}
