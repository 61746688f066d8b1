//! The whole table: every command × role × locked or open, through the acts themselves.

use screens::guard::{Allowed, Command, check};
use screens::messages::{Preferences, Role};
use site::{NewAccount, SiteError};

use crate::stage::{AE, BEGIN, PASSWORD, Stage, VS, vs};

/// Calls a command as the window would, with arguments that are refused later if the guard lets it pass.
fn call(stage: &mut Stage, command: Command) -> Result<(), SiteError> {
    let (gone, nobody) = (stage.folder.path().join("gone"), "S01-999");
    let account = || NewAccount::new("x", "", String::new());
    if matches!(command.allowed(), Allowed::Anyone) {
        return door(stage, command);
    }
    let mut seat = stage.desk.seat(BEGIN)?;
    match command {
        Command::Integrity => seat.integrity().map(drop),
        Command::Worklist => seat.worklist("en").map(drop),
        Command::Subjects => seat.subjects("en").map(drop),
        Command::SubjectView => seat.subject_view(nobody, "en").map(drop),
        Command::FormShape => seat.form_shape(nobody, VS, "en").map(drop),
        Command::FormState => seat.form_state(nobody, VS, "en").map(drop),
        Command::TermSearch => seat.term_search("IT.AE.TERM", "nausea", "en").map(drop),
        Command::TermView => seat.term_view("IT.AE.TERM", "Nausea", "en").map(drop),
        Command::CellView => seat.cell_view(nobody, &vs("SYSBP"), "en").map(drop),
        Command::SubjectRegister => seat.subject_register().map(drop),
        Command::EventDate => seat.event_date(nobody, "SE.SCR[1]", "", None, "en").map(drop),
        Command::EventAdd => seat.event_add(nobody, "SE.SCR", "1", None, "en").map(drop),
        Command::EventMissed => seat.event_missed(nobody, "SE.SCR[1]", "x", "en").map(drop),
        Command::SaveItem => seat.save_item(nobody, &vs("SYSBP"), "1", None, "en").map(drop),
        Command::SaveMissing => seat.save_missing(nobody, &vs("SYSBP"), "unknown", None, "en").map(drop),
        Command::DraftItem => seat.draft_item(nobody, &vs("SYSBP"), "1"),
        Command::RowAdd => seat.row_add(nobody, AE, "IG.AE", "en").map(drop),
        Command::RowRemove => seat.row_remove(nobody, AE, "IG.AE", "1", "x", "en").map(drop),
        Command::ConfirmFinding => seat.confirm_finding(nobody, &vs("SYSBP"), "x", "x", "en").map(drop),
        Command::FormComplete => seat.form_complete(nobody, VS, "en").map(drop),
        Command::FormReopen => seat.form_reopen(nobody, VS, "x", "en").map(drop),
        Command::FormNotDone => seat.form_not_done(nobody, VS, "unknown", "en").map(drop),
        Command::SettleConflict => seat.settle_conflict(nobody, &vs("SYSBP"), "1", "x", "en").map(drop),
        Command::RaiseQuery => seat.raise_query(nobody, &vs("SYSBP"), "x", "en").map(drop),
        Command::AnswerQuery => seat.answer_query(nobody, &vs("SYSBP"), "x", "en").map(drop),
        Command::TumoursView => seat.tumours_view(nobody, "en").map(drop),
        Command::TumourRead => seat.tumour_read(nobody, VS, "T01", "1", None, "en").map(drop),
        Command::TumourNew => {
            let lesion = site::NewLesion { organ: "x".into(), place: String::new(), certainty: "x".into() };
            seat.tumour_new(nobody, VS, &lesion, "en").map(drop)
        }
        Command::VisitChecklist => seat.visit_checklist(nobody, "SE.SCR[1]", "en").map(drop),
        Command::Timeline => seat.timeline(nobody, "en").map(drop),
        Command::Charts => seat.charts("en").map(drop),
        Command::PrintPage => seat.may_print(),
        Command::RandomiseView => seat.randomise_view(nobody, "en").map(drop),
        Command::RandomiseRequest => seat.randomise_request(nobody, "en").map(drop),
        Command::RandomiseReveal => seat.randomise_reveal(nobody, "x", "en").map(drop),
        Command::SyncView => seat.sync_view().map(drop),
        Command::ExportBundle => seat.export_bundle(&gone).map(drop),
        Command::ImportBundle => seat.import_bundle(&gone).map(drop),
        Command::LabFileOpen => seat.lab_file_open(&gone, "x", "en").map(drop),
        Command::LabFileMap => seat.lab_file_map(&Default::default(), "en").map(drop),
        Command::LabFileImport => seat.lab_file_import(&[], None).map(drop),
        Command::LabFileClose => seat.lab_file_close(),
        Command::LabEvent => seat.lab_event(nobody, &vs("SYSBP")).map(drop),
        Command::SaeReport => seat.sae_report(nobody, &vs("SYSBP"), &gone, "en").map(drop),
        Command::LabRegister => seat.lab_register("en").map(drop),
        Command::LabRangeSet => seat.lab_range_set(&Default::default(), "en").map(drop),
        Command::LabRangeWithdraw => seat.lab_range_withdraw("", "en").map(drop),
        Command::PeopleView => seat.people_view().map(drop),
        Command::ChangePassword => seat.change_password("x", "x"),
        Command::UserAdd => seat.user_add(&account(), Role::Nurse).map(drop),
        Command::StudyView => seat.study_view().map(drop),
        Command::StudyDifferences => seat.study_differences("x", "y", "en").map(drop),
        Command::StudyOutline => seat.study_outline("x", "en").map(drop),
        Command::StudyForm => seat.study_form("x", "y", "en").map(drop),
        Command::SubjectPreview => seat.subject_preview(nobody, "x", "en").map(drop),
        Command::StudyActivate => seat.study_activate("x").map(drop),
        Command::SubjectMigrate => seat.subject_migrate(&[nobody.to_owned()], "x", "x").map(drop),
        Command::UserClose => seat.user_close("nobody").map(drop),
        _ => panic!("{} stands at the door", command.name()),
    }
}

/// What anybody may do, signed in or not. The rest of these act on the shell alone: dialogs, the idle clock, a wish to stop.
fn door(stage: &mut Stage, command: Command) -> Result<(), SiteError> {
    let gone = stage.folder.path().join("gone");
    match command {
        Command::StartView => stage.desk.start_view().map(drop),
        Command::SetPreferences => stage.desk.set_preferences(&Preferences::default()),
        Command::KitLook => stage.desk.kit_look(&gone, "x").map(drop),
        _ => Ok(()),
    }
}

fn is_guarded(done: &Result<(), SiteError>) -> bool {
    matches!(done, Err(SiteError::Locked | SiteError::NotYourRole))
}

#[test]
fn every_act_asks_the_table() {
    let mut stage = Stage::new();
    let roles = [
        ("admin1", Role::Administrator),
        ("nurse1", Role::Nurse),
        ("doctor1", Role::Investigator),
        ("reader1", Role::Assessor),
    ];
    for (user, role) in roles {
        stage.desk.unlock("vault", user, PASSWORD, BEGIN.later(60_000)).expect("signed in");
        for command in Command::ALL.iter().copied() {
            let allowed = check(command, Some(role)).is_ok();
            assert_eq!(is_guarded(&call(&mut stage, command)), !allowed, "{} as {user}", command.name());
        }
    }
    stage.desk.lock(BEGIN.later(120_000)).expect("locked");
    for command in Command::ALL.iter().copied() {
        let allowed = check(command, None).is_ok();
        assert_eq!(is_guarded(&call(&mut stage, command)), !allowed, "{} while locked", command.name());
    }
}
