//! The main job, end to end, in the real window and by keyboard: what `cargo xtask run` shows where nobody can look.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::pages;
use crate::window::{Opening, Trouble, Window, center_program, key};

/// What the walk leaves behind.
pub struct Walked {
    /// Pictures of every screen on the way.
    pub screenshots: PathBuf,
    /// The bundle that the center accepted.
    pub bundle: PathBuf,
    /// The center's folder.
    pub center: PathBuf,
}

/// A visit's form and what the nurse types into it, item by item; items not named here are passed over.
struct Sheet {
    form: &'static str,
    answers: &'static [(&'static str, &'static str)],
}

const SHEETS: &[Sheet] = &[
    Sheet {
        form: "SE.SCR[1]/F.DM[1]",
        answers: &[("BRTHDAT", "mar 1968"), ("SEX", "1"), ("ETHNIC", "2"), ("RACE", "1")],
    },
    Sheet {
        form: "SE.SCR[1]/F.VS[1]",
        answers: &[
            ("TEMP", "36.6"),
            ("SYSBP", "128"),
            ("DIABP", "76"),
            ("PULSE", "72"),
            ("RESP", "16"),
            ("HEIGHT", "170"),
            ("WEIGHT", "68.5"),
        ],
    },
    Sheet {
        form: "SE.SCR[1]/F.LB[1]",
        answers: &[
            ("LBHPERF", "1"),
            ("LBHDAT", "20 nov 2026"),
            ("HGB", "132"),
            ("WBC", "5.4"),
            ("NEUT", "3.1"),
            ("LYM", "1.6"),
            ("PLAT", "156"),
            ("LBHCS", "2"),
            ("LBCPERF", "1"),
            ("LBCDAT", "20 nov 2026"),
            ("BILI", "0.9 mg/dL"),
            ("ALB", "41"),
            ("ALT", "48"),
            ("AST", "39"),
            ("CREAT", "0.9 mg/dL"),
            ("LBTPERF", "1"),
            ("LBTDAT", "20 nov 2026"),
            ("AFP", ">1210"),
        ],
    },
    Sheet {
        form: "SE.LOG[1]/F.AE[1]",
        answers: &[
            ("AEYN", "1"),
            (pages::ADD_ROW, ""),
            ("AETERM", "Tired all day"),
            ("AELLT", "fatige"),
            ("AESTDAT", "2 nov 2026"),
            ("AEONGO", "1"),
            ("AETOXGR", "1"),
            ("AESER", "2"),
        ],
    },
];

/// Forms that hold everything they need after the walk and are declared complete.
const COMPLETED: &[&str] = &["SE.SCR[1]/F.DM[1]", "SE.SCR[1]/F.VS[1]"];

/// Walks in a practice folder made by `cargo xtask practice`.
///
/// # Errors
/// Whatever did not go as it should, in words.
pub fn main_job(practice: &Path, out: &Path) -> Result<Walked, Trouble> {
    let screenshots = out.join("screenshots");
    println!("   opens the window");
    let window = Window::open(&Opening::at(practice))?;
    let (user, password) = account(practice)?;
    pages::picture_of_start(&window, &screenshots)?;
    println!("   signs in as {user}");
    pages::sign_in(&window, &user, &password)?;
    pages::picture(&window, &screenshots, "worklist")?;
    println!("   registers a subject");
    let subject = register(&window, &screenshots)?;
    for (number, sheet) in SHEETS.iter().enumerate() {
        println!("   fills in {}", sheet.form);
        enter(&window, &subject, sheet)?;
        let name = sheet.form.rsplit('/').next().unwrap_or_default().trim_end_matches("[1]");
        pages::picture(&window, &screenshots, &format!("form-{}-{name}", number + 1))?;
    }
    println!("   exports a bundle");
    let bundle = export(&window, out)?;
    pages::picture(&window, &screenshots, "sync-exported")?;
    let center = practice.join("center");
    println!("   gives it to the center, and imports its reply");
    let reply = exchange(&center, &bundle, out)?;
    import(&window, &reply)?;
    pages::picture(&window, &screenshots, "sync-confirmed")?;
    if pages::unsent(&window)? != 0 {
        return Err("the outbox is not empty after the center's reply".into());
    }
    window.close()?;
    Ok(Walked { screenshots, bundle, center })
}

/// The nurse's name and password, as `practice` left them.
///
/// # Errors
/// The file cannot be read.
pub fn account(practice: &Path) -> Result<(String, String), Trouble> {
    let text = std::fs::read_to_string(practice.join("password.txt"))?;
    let mut lines = text.lines().map(str::to_owned);
    Ok((lines.next().unwrap_or_default(), lines.next().unwrap_or_default()))
}

fn register(window: &Window, screenshots: &Path) -> Result<String, Trouble> {
    pages::go(window, "subjects")?;
    pages::picture(window, screenshots, "subjects")?;
    let subject = pages::register(window)?;
    pages::picture(window, screenshots, "subject")?;
    Ok(subject)
}

fn enter(window: &Window, subject: &str, sheet: &Sheet) -> Result<(), Trouble> {
    pages::open_subject(window, subject)?;
    pages::open_form(window, sheet.form)?;
    pages::answer_in_order(window, sheet.answers)?;
    if COMPLETED.contains(&sheet.form) {
        window.chord(key::CONTROL, key::ENTER)?;
        let complete =
            "return document.querySelector('[data-page=\"form\"] [data-status]')?.dataset.status === 'complete'";
        window.wait_for(&format!("{} to be complete", sheet.form), complete, vec![])?;
    }
    Ok(())
}

fn export(window: &Window, out: &Path) -> Result<PathBuf, Trouble> {
    let folder = out.join("stick");
    std::fs::create_dir_all(&folder)?;
    pages::go(window, "sync")?;
    pages::choose(window, "folder", &folder)?;
    pages::act(window, "export")?;
    window.wait_for(
        "the export to be reported",
        "return document.querySelector('[data-part=\"exported\"]') !== null",
        vec![],
    )?;
    let written = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path());
    written
        .filter(|path| path.extension().is_some_and(|ending| ending == "bundle"))
        .min()
        .ok_or_else(|| "no bundle on the stick".into())
}

/// The center takes the bundle in and answers.
fn exchange(center: &Path, bundle: &Path, out: &Path) -> Result<PathBuf, Trouble> {
    let taken = said(Command::new(center_program()).arg("ingest").arg("--dir").arg(center).arg(bundle))?;
    println!("center: {}", taken.trim());
    if !taken.contains("accepted") {
        return Err(format!("the center did not accept the bundle: {taken}").into());
    }
    let reply = out.join("reply.bundle");
    said(
        Command::new(center_program())
            .arg("reply")
            .arg("--dir")
            .arg(center)
            .args(["--site", "S01", "--out"])
            .arg(&reply),
    )?;
    Ok(reply)
}

fn import(window: &Window, reply: &Path) -> Result<(), Trouble> {
    window.will_choose(reply)?;
    pages::act(window, "import")?;
    window.wait_for(
        "the outbox to show zero",
        "return document.querySelector('[data-unsent]')?.dataset.unsent === '0'",
        vec![json!(0)],
    )?;
    Ok(())
}

/// What a program printed, if it succeeded.
fn said(command: &mut Command) -> Result<String, Trouble> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(format!("{text}{}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
