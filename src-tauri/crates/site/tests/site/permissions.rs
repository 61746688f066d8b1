//! The whole table: every command × role × locked or open, through the acts themselves.

use screens::contract::{Command, Request, requests};
use screens::messages::{Preferences, Role};
use screens::permissions::{check, check_before_own_password};
use screens::roles::Allowed;
use serde_json::{Value, json};
use site::{Act, NewAccount, SiteError};

use crate::stage::{BEGIN, PASSWORD, Stage, VS, vs};

/// Something for every field that a request may have. Whatever the table lets pass is refused later, because there is no
/// such subject, version or account. A field that a new command brings is named here once.
fn words() -> Value {
    json!({
        "subject": "S01-999", "event": "SE.SCR[1]", "form": *VS, "cell": vs("SYSBP"), "lang": "en",
        "oid": "SE.SCR", "repeat": "1", "group": "IG.AE", "item": "IT.AE.TERM", "rule": "x",
        "typed": "1", "code": "unknown", "reason": "x", "comment": "x", "text": "x", "date": "",
        "lesion": "T01", "taken": [], "mapping": {}, "user": "nobody",
        "own": "x", "from": "x", "to": "y", "version": "x", "subjects": ["S01-999"],
    })
}

/// The request of a command; where two commands mean different things by one word, with the word that it means.
fn request<Q: Request>() -> Q {
    let mut words = words();
    match Q::COMMAND {
        Command::TumourNew => words["lesion"] = json!({ "organ": "x", "place": "", "certainty": "x" }),
        Command::LabRangeWithdraw => words["line"] = json!(""),
        Command::LabRangeSet => {
            let empty = ["lab", "analyte", "sex", "from", "to", "low", "high", "unit", "replaces"];
            words["line"] = empty.into_iter().map(|name| (name.to_owned(), json!(""))).collect();
        }
        _ => {}
    }
    serde_json::from_value(words).unwrap_or_else(|error| panic!("{}: {error}", Q::COMMAND.name()))
}

macro_rules! calls {
    ($($screen:ident {
        $($(#[$doc:meta])+ $name:ident $Request:ident { $($fields:tt)* } -> $Answer:ty, $allowed:expr $(, $how:ident)?;)*
    })*) => {
        /// Calls a command as the window would, through the act that answers it.
        fn call(stage: &mut Stage, command: Command) -> Result<(), SiteError> {
            match command { $($(Command::$Request => called!(stage $Request $($how)?),)*)* }
        }
    };
}

macro_rules! called {
    ($stage:ident $Request:ident shell) => {
        by_shell($stage, Command::$Request)
    };
    ($stage:ident $Request:ident $($act:ident)?) => {{
        let mut session = $stage.computer.session(BEGIN)?;
        request::<requests::$Request>().run(&mut session).map(drop)
    }};
}

screens::each_command!(calls);

/// The act behind a command that has a body of its own in the shell. Those of `Anyone` that are not named act on the
/// shell alone: dialogs, the idle clock, a wish to stop.
fn by_shell(stage: &mut Stage, command: Command) -> Result<(), SiteError> {
    let (gone, nobody) = (stage.folder.path().join("gone"), "S01-999");
    match command {
        Command::StartView => return stage.computer.start_view().map(drop),
        Command::SetPreferences => return stage.computer.set_preferences(&Preferences::default()),
        Command::KitLook => return stage.computer.kit_look(&gone, "x").map(drop),
        _ if command.allowed() == Allowed::Anyone => return Ok(()),
        _ => {}
    }
    let mut session = stage.computer.session(BEGIN)?;
    match command {
        Command::Integrity => session.integrity().map(drop),
        Command::PrintPage => session.may_print(),
        Command::ExportBundle => session.export_bundle(&gone).map(drop),
        Command::BackupWrite => session.backup_begin(&gone).map(drop),
        Command::ImportBundle => session.import_bundle(&gone).map(drop),
        Command::LabFileOpen => session.lab_file_open(&gone, "x").map(drop),
        Command::SaeReport => session.sae_report(nobody, &vs("SYSBP"), &gone).map(drop),
        Command::ChangePassword => session.change_password("x", "x").map(drop),
        Command::UserReset => session.user_reset("nobody", "x", "x").map(drop),
        Command::UserAdd => session.user_add(&NewAccount::new("x", "", String::new()), Role::Nurse).map(drop),
        _ => panic!("what does {} do?", command.name()),
    }
}

fn is_refused_by_role(done: &Result<(), SiteError>) -> bool {
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
        stage.computer.unlock("vault", user, PASSWORD, BEGIN.later(60_000)).expect("signed in");
        for command in Command::ALL.iter().copied() {
            let allowed = check(command, Some(role)).is_ok();
            assert_eq!(is_refused_by_role(&call(&mut stage, command)), !allowed, "{} as {user}", command.name());
        }
    }
    stage.computer.lock(BEGIN.later(120_000)).expect("locked");
    for command in Command::ALL.iter().copied() {
        let allowed = check(command, None).is_ok();
        assert_eq!(is_refused_by_role(&call(&mut stage, command)), !allowed, "{} while locked", command.name());
    }
}

/// H6: whoever was given a password by an administrator sets an own one before any act is done, whatever the table says.
#[test]
fn h6_before_an_own_password_is_set_every_act_is_refused() {
    let mut stage = Stage::new();
    let told = "meadow-copper-lark-8";
    stage.sign_in("admin1");
    stage.session().user_reset("doctor1", told, PASSWORD).expect("reset");
    stage.computer.unlock("vault", "doctor1", told, BEGIN.later(60_000)).expect("signed in");
    for command in Command::ALL.iter().copied() {
        let done = call(&mut stage, command);
        let comes_first = matches!(done, Err(SiteError::OwnPasswordFirst));
        let allowed = check(command, Some(Role::Investigator)).is_ok();
        let refused = allowed && check_before_own_password(command).is_err();
        assert_eq!(comes_first, refused, "{}: {done:?}", command.name());
    }
}
