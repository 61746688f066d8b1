//! Safety at the site: the clock on the worklist and beside the form, what stands around an event, and the report as PDF,
//! which another program reads.

use std::path::PathBuf;
use std::sync::LazyLock;

use screens::messages::{ClockState, FormState, ReportWritten, Task, TaskKind};
use study::{CellKey, FormKey};

use crate::stage::{Stage, TRIAL, cell, code, event, form};

static ALT: LazyLock<CellKey> = LazyLock::new(|| cell("SE.UNS[1]/F.LB[1]/IG.LBC[1]/IT.LBC.ALT"));
/// The panel that holds it, up to its items' names.
const LAB: &str = "SE.UNS[1]/F.LB[1]/IG.LBC[1]/IT.LBC.";
static EC: LazyLock<FormKey> = LazyLock::new(|| form("SE.LOG[1]/F.EC[1]"));
static AE: LazyLock<FormKey> = LazyLock::new(|| form("SE.LOG[1]/F.AE[1]"));
static SAE: LazyLock<FormKey> = LazyLock::new(|| form("SE.LOG[1]/F.SAE[1]"));
const NARRATIVE: &str = "发热伴右上腹痛 2 天，入院。ALT 300 U/L (6 × ULN); lenvatinib stopped.";

/// A subject with treatment, a result of grade 3, and an adverse event that was made of it.
struct Case {
    stage: Stage,
    subject: String,
    /// Places of the rows without the item: adverse event and report.
    event: String,
    report: String,
}

impl Case {
    /// Up to the result; nothing is recorded of it yet.
    fn with_result() -> Self {
        let mut stage = Stage::studying(TRIAL);
        let subject = stage.session().subject_register().expect("registered");
        let mut case = Self { stage, subject, event: String::new(), report: String::new() };
        case.date("SE.SCR[1]", "2026-09-20");
        case.fill("SE.SCR[1]/F.DM[1]/IG.DM[1]/IT.DM.", &[("SEX", "M")]);
        case.date("SE.RAND[1]", "2026-10-01");
        case.date("SE.C1D1[1]", "2026-10-02");
        case.date("SE.CND1[1]", "2026-10-23");
        case.date("SE.CND1[2]", "2026-11-13");
        for [drug, dose, often] in [["LENVATINIB", "12", "QD"], ["SINTILIMAB", "200", "EVERY 3 WEEKS"]] {
            let row = case.row(&EC, "IG.EC");
            let period =
                [("ECTRT", drug), ("ECDOSE", dose), ("ECFRQ", often), ("ECSTDAT", "2026-10-02"), ("ECONGO", "Y")];
            case.fill(&format!("{row}/IT.EC."), &period);
        }
        let added = case.stage.session().event_add(&case.subject, "SE.UNS", "1", Some("2026-11-20"));
        added.expect("an unscheduled visit");
        let result = [("LBCPERF", "Y"), ("LBCDAT", "2026-11-20"), ("ALTLO", "9"), ("ALTHI", "50"), ("ALT", "300")];
        case.fill(LAB, &result);
        case
    }

    /// With the serious adverse event made of the result.
    fn with_event() -> Self {
        let mut case = Self::with_result();
        let made = case.stage.session().lab_event(&case.subject, &ALT).expect("an event");
        case.event = made.cell.rsplit_once('/').expect("a row").0.to_owned();
        let place = format!("{}/IT.AE.", case.event);
        case.fill("SE.LOG[1]/F.AE[1]/IG.AEG[1]/IT.AEG.", &[("AEYN", "Y")]);
        let more = [("AENO", "1"), ("AEONGO", "Y"), ("AESER", "Y"), ("AESHOSP", "true"), ("AERELDRG", "PROBABLE")];
        case.fill(&place, &more);
        case
    }

    /// With a report of it whose clock runs: the site became aware at `aware`.
    fn with_report(aware: &str) -> Self {
        let mut case = Self::with_event();
        case.report = case.row(&SAE, "IG.SAE");
        let place = format!("{}/IT.SAE.", case.report);
        let said =
            [("SAEAE", "1"), ("SAENO", "1"), ("SAETYPE", "INITIAL"), ("SAENARR", NARRATIVE), ("SAEAWARE", aware)];
        case.fill(&place, &said);
        case
    }

    fn date(&mut self, visit: &str, date: &str) {
        self.stage.session().event_date(&self.subject, &event(visit), date, None).expect("dated");
    }

    fn fill(&mut self, place: &str, answers: &[(&str, &str)]) {
        for (item, typed) in answers {
            self.stage.types(&self.subject, &cell(&format!("{place}{item}")), typed);
        }
    }

    /// A new row of a group; its place without the item.
    fn row(&mut self, form: &FormKey, group: &str) -> String {
        let state: FormState = self.stage.session().row_add(&self.subject, form, group).expect("a row");
        let last = state.rows.iter().rfind(|row| row.group == group).expect("the row");
        format!("{form}/{group}[{}]", last.repeat)
    }

    /// What the worklist says of serious events.
    fn serious(&mut self) -> Vec<Task> {
        let list = self.stage.session().worklist().expect("a worklist");
        list.tasks.into_iter().filter(|task| task.kind == TaskKind::Serious).collect()
    }

    /// The ids of all entries of this device, in order, as the vault itself holds them.
    fn journal(&mut self) -> Vec<String> {
        let now = self.stage.now;
        self.stage.computer.lock(now).expect("locked");
        let locked = vault::Locked::find(&self.stage.place(), &clinical::functions()).expect("the vault");
        let open = locked.unlock("nurse1", crate::stage::PASSWORD, &site::stamp(now, "nurse1")).expect("unlocked");
        let own = open.logs().first().cloned().expect("a log");
        let ids = (1..=own.seq).filter_map(|seq| open.line(&own.log, seq).expect("reads"));
        let said: Vec<_> = ids.collect();
        let made = said.iter().rposition(|line| matches!(line.entry().act, casebook::Act::DataExported(_)));
        let ids = said.iter().take(made.map_or(0, |made| made + 1)).map(|line| line.id().to_string()).collect();
        open.lock(&site::stamp(now, "nurse1")).expect("locked");
        self.stage.sign_in("nurse1");
        ids
    }

    fn save(&mut self, name: &str, lang: &str) -> (ReportWritten, Vec<u8>) {
        let path: PathBuf = self.stage.folder.path().join(name);
        let cell = cell(&format!("{}/IT.SAE.SAEAE", self.report));
        let written = self.stage.session().speaking(lang).sae_report(&self.subject, &cell, &path).expect("a report");
        (written, std::fs::read(path).expect("the file"))
    }
}

/// Every word of a PDF, as another program reads it, without spaces.
fn text_of(bytes: &[u8]) -> String {
    let document = lopdf::Document::load_mem(bytes).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("text");
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

#[test]
fn the_clock_runs_on_the_worklist_and_beside_the_form() {
    // It is 16:15 on 23 November.
    let mut case = Case::with_report("2026-11-23 10:00");
    let tasks = case.serious();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].deadline.as_deref(), Some("2026-11-24T10:00"));
    assert_eq!((tasks[0].minutes_left.map(|left| left / 60), form(&tasks[0].form)), (Some(17), SAE.clone()));
    assert!(tasks[0].cell.starts_with(&case.report), "the task leads to its row");
    let clocks = case.stage.state(&case.subject, &SAE).clocks;
    assert_eq!((clocks.len(), clocks[0].state, clocks[0].hours), (1, ClockState::Due, 24));
    assert_eq!((clocks[0].event.as_str(), clocks[0].report.as_str()), ("1", "1"));
    let title = "1 · Alanine aminotransferase increased, grade 3";
    assert_eq!((clocks[0].title.as_str(), tasks[0].about.as_str()), (title, title), "which event it is");
    let chinese = case.stage.session().speaking("zh-CN").worklist().expect("a worklist");
    assert!(chinese.tasks[0].about.ends_with("，3 级"), "in the screen's language: {}", chinese.tasks[0].about);
    // A day later it is overdue, and first of all work.
    case.stage.now = case.stage.now.later(24 * 3_600_000);
    let list = case.stage.session().worklist().expect("a worklist");
    assert_eq!(list.tasks[0].kind, TaskKind::Serious);
    assert!(list.tasks[0].minutes_left.is_some_and(|left| (-380..-370).contains(&left)), "{:?}", list.tasks[0]);
    let report = format!("{}/IT.SAE.", case.report);
    case.fill(&report, &[("SAEREPT", "2026-11-24 09:30")]);
    assert!(case.serious().is_empty());
    let clocks = case.stage.state(&case.subject, &SAE).clocks;
    assert_eq!((clocks[0].state, clocks[0].minutes), (ClockState::InTime, 23 * 60 + 30));
    assert!(case.stage.state(&case.subject, &AE).clocks.is_empty(), "no clock on other forms");
}

#[test]
fn a_serious_event_without_a_report_is_work_too() {
    let mut case = Case::with_event();
    let tasks = case.serious();
    assert_eq!((tasks.len(), tasks[0].minutes_left), (1, None));
    assert_eq!(tasks[0].about, "1 · Alanine aminotransferase increased, grade 3");
    assert_eq!(form(&tasks[0].form), *AE);
    case.fill(&format!("{}/IT.AE.", case.event.clone()), &[("AESER", "N")]);
    assert!(case.serious().is_empty());
}

#[test]
fn a_graded_result_leads_to_its_event_and_back() {
    let mut case = Case::with_result();
    let event = |case: &mut Case| case.stage.cell(&case.subject.clone(), &ALT).lab.and_then(|lab| lab.event);
    assert_eq!(event(&mut case).map(|event| event.title), Some(String::new()), "nothing is recorded of grade 3");
    let mut case = Case::with_event();
    let link = event(&mut case).expect("a link");
    assert!(link.title.starts_with('1') && link.title.contains("grade 3"), "{}", link.title);
    assert_eq!(form(&link.form), *AE);
    let view =
        case.stage.session().cell_view(&case.subject, &cell(&format!("{}/IT.AE.AENO", case.event))).expect("a cell");
    let around = view.around.expect("what stands around it");
    assert_eq!((around.day, around.cycle), (Some(50), Some(("C3D1".to_owned(), 8))));
    let drugs: Vec<_> = around.drugs.iter().map(|drug| (drug.drug.as_str(), drug.since)).collect();
    assert_eq!(drugs, [("Lenvatinib", Some(0)), ("Sintilimab", Some(7))]);
    let labs: Vec<_> = around.labs.iter().map(|lab| (cell(&lab.cell), lab.named, lab.value.as_str())).collect();
    assert_eq!(labs, [(ALT.clone(), true, "300 U/L")]);
    let elsewhere = case.stage.session().cell_view(&case.subject, &ALT).expect("a cell");
    assert!(elsewhere.around.is_none());
}

/// An alert for radiation-induced liver disease is a suggestion with its evidence: the value itself, its limit, the
/// fractions.
#[test]
fn an_alert_shows_what_it_looked_at() {
    let mut case = Case::with_result();
    for (visit, day) in [(1, "2026-10-12"), (2, "2026-10-14"), (3, "2026-10-16")] {
        let form = form(&format!("SE.RTF[{visit}]/F.RTX[1]"));
        case.date(&format!("SE.RTF[{visit}]"), day);
        let row = case.row(&form, "IG.RTX");
        case.fill(&format!("{row}/IT.RTX."), &[("FXDAT", day)]);
    }
    let finding = |case: &mut Case| {
        case.stage
            .cell(&case.subject.clone(), &ALT)
            .findings
            .into_iter()
            .find(|finding| finding.message.contains("radiation-induced"))
    };
    let alert = finding(&mut case).expect("an alert");
    let view = case.stage.session().cell_view(&case.subject, &ALT).expect("a cell");
    let evidence = view.evidence.iter().find(|evidence| evidence.rule == alert.rule).expect("its evidence");
    let told: Vec<_> = evidence.facts.iter().map(|fact| (fact.value.as_str(), fact.count)).collect();
    assert!(told.contains(&("12 Oct 2026 – 16 Oct 2026", 3)), "{told:?}");
    let names: Vec<_> = evidence.facts.iter().map(|fact| fact.name.as_str()).collect();
    assert!(names.contains(&"Fraction: Date"), "{names:?}");
    assert!(names.iter().all(|name| *name != "ALTHI" && *name != "Date"), "{names:?}");
    assert!(told.contains(&("50 U/L", 1)) && told.contains(&("20 Nov 2026", 1)), "{told:?}");
    // Four months after the last fraction nothing is suggested any more.
    case.fill(LAB, &[("LBCDAT", "2027-02-20")]);
    assert!(finding(&mut case).is_none());
}

#[test]
fn the_report_says_what_the_casebook_says() {
    let mut case = Case::with_report("2026-11-23 10:00");
    let (written, bytes) = case.save("report.pdf", "en");
    assert_eq!(written.digest, casebook::EntryId(seal::sha256(&bytes)).to_string());
    let text = text_of(&bytes);
    let squeezed = |words: &str| -> String { words.chars().filter(|sign| !sign.is_whitespace()).collect() };
    for words in [
        "Report of a serious adverse event",
        "Sun Yat-sen University",
        "NCT06592612",
        "PRACTICE: invented data (sample)",
        "Not yet reported to the sponsor. Due by 24 Nov 2026, 10:00: 17 h",
        "Hospitalisation, or prolonged stay",
        "Related to the targeted drug",
        "Probable",
        "Outcome",
        "20 Nov 2026 · Day 50 · day 8 from C3D1",
        "Lenvatinib",
        "Sintilimab",
        "300 U/L",
        NARRATIVE,
        "Nurse (sample) (research nurse)",
        "Page 1 of",
    ] {
        assert!(text.contains(&squeezed(words)), "{words} in {text}");
    }
    assert!(text.contains(&case.subject));
    // The head of the journal stands on it: the entry just before the one that journals the report.
    let head = text.split("SHA-256").nth(1).and_then(|rest| rest.get(..64)).expect("a digest");
    let journal = case.journal();
    let at = journal.iter().position(|id| id == head).expect("an entry of the journal");
    assert_eq!(at + 2, journal.len(), "only the entry that says that a report was made came after it");
    let (_, chinese) = case.save("report-zh.pdf", "zh-CN");
    let chinese = text_of(&chinese);
    for words in ["严重不良事件报告", "尚未报告申办方", "住院或住院时间延长", "很可能有关", "仑伐替尼", NARRATIVE]
    {
        assert!(chinese.contains(&squeezed(words)), "{words} in {chinese}");
    }
}

/// security.md, C2's kind: a report that was written before is never lost, whatever becomes of the new one.
#[test]
fn c2_a_report_overwrites_no_file() {
    let mut case = Case::with_report("2026-11-23 10:00");
    let (_, first) = case.save("report.pdf", "en");
    let journaled = case.journal().len();
    let (written, still) = case.save("report.pdf", "zh-CN");
    assert_eq!(still, first, "the older one stands as it was");
    assert!(written.file.ends_with("report-2.pdf"), "{}", written.file);
    let second = std::fs::read(&written.file).expect("the new one");
    assert_eq!(written.digest, casebook::EntryId(seal::sha256(&second)).to_string());
    assert!(case.journal().len() > journaled, "and it is journaled");
}

#[test]
fn only_those_who_enter_make_a_report_and_only_of_a_report() {
    let mut case = Case::with_report("2026-11-23 10:00");
    let (subject, report) = (case.subject.clone(), cell(&format!("{}/IT.SAE.SAEAE", case.report)));
    let name = case.stage.session().report_name(&subject, &report).expect("a name");
    assert_eq!(name, format!("SAE-{subject}-1-1-20261123.pdf"));
    let path = case.stage.folder.path().join("x.pdf");
    let other = cell(&format!("{}/IT.AE.AENO", case.event));
    assert_eq!(code(case.stage.session().sae_report(&subject, &other, &path)), "no_such");
    let nowhere = case.stage.folder.path().join("gone/x.pdf");
    assert_eq!(code(case.stage.session().sae_report(&subject, &report, &nowhere)), "gone");
    // What cannot get a name is not journaled, and nothing of it is left behind.
    for n in 1..=99 {
        let held = if n == 1 { "held.pdf".to_owned() } else { format!("held-{n}.pdf") };
        std::fs::create_dir(case.stage.folder.path().join(held)).expect("a folder of that name");
    }
    let held = case.stage.folder.path().join("held.pdf");
    let (last, files) = (case.journal().len(), std::fs::read_dir(case.stage.folder.path()).expect("reads").count());
    assert_eq!(code(case.stage.session().sae_report(&subject, &report, &held)), "taken");
    assert_eq!(case.journal().len(), last);
    assert_eq!(std::fs::read_dir(case.stage.folder.path()).expect("reads").count(), files);
    for (user, said) in [("admin1", "not_your_role"), ("reader1", "not_your_role")] {
        case.stage.sign_in(user);
        assert_eq!(code(case.stage.session().sae_report(&subject, &report, &path)), said, "{user}");
    }
    assert!(!path.exists());
    case.stage.sign_in("reader1");
    assert!(case.serious().is_empty(), "a masked worklist knows no adverse event");
    case.stage.sign_in("doctor1");
    assert!(case.stage.session().sae_report(&subject, &report, &path).is_ok());
}
