//! Safety in the real window: a result becomes a serious event, its clock runs on the screens, its report is a PDF; and
//! what the pages beside the events and the results show. Each is looked at, and held against axe-core.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ::practice::PASSWORD;
use screens::Now;
use serde_json::json;
use site::{Session, SiteError};
use xtask::practice::{self, Material};

use crate::journeys::{look, prefer};
use crate::pages;
use crate::screens::{Shoot, everywhere, question};
use crate::walk::account;
use crate::window::{Opening, Trouble, Window, key};

const HOUR_MS: u64 = 3_600_000;
const AE: &str = "SE.LOG[1]/F.AE[1]";
const SAE: &str = "SE.LOG[1]/F.SAE[1]";
const LAB: &str = "SE.UNS[1]/F.LB[1]";
const NARRATIVE: &str = "Jaundice for 2 days, admitted; 住院治疗 (sample).";
const F7: char = '\u{E037}';

/// An event, a form or a cell by its key.
fn place<K: FromStr<Err: Debug>>(key: &str) -> K {
    key.parse().expect("a place")
}

/// A patient under treatment, whose late report of a first event is overdue, and who has a new result of grade 3.
struct Case {
    home: PathBuf,
    subject: String,
    now: Now,
}

impl Case {
    fn make(home: &Path) -> Result<Self, Trouble> {
        practice::make(home, 1, 1).map_err(|trouble| trouble.to_string())?;
        let mut case = Self { home: home.to_owned(), subject: String::new(), now: practice::now() };
        let (user, _) = account(home)?;
        let mut computer = practice::computer(home);
        computer.unlock(practice::VAULT, &user, PASSWORD, case.now)?;
        let mut session = computer.session(case.now)?;
        case.subject = session.subject_register()?;
        case.treated(&mut session)?;
        case.measured(&mut session)?;
        case.reported_late(&mut session)?;
        computer.lock(case.now)?;
        Ok(case)
    }

    fn treated(&self, session: &mut Session<'_>) -> Result<(), SiteError> {
        for (visit, back) in [("SE.SCR[1]", 70), ("SE.RAND[1]", 60), ("SE.C1D1[1]", 59), ("SE.CND1[1]", 38)] {
            session.event_date(&self.subject, &place(visit), &self.day(back), None)?;
        }
        self.fill(session, "SE.SCR[1]/F.DM[1]/IG.DM[1]/IT.DM.", &[("SEX", "M")])?;
        for [drug, dose, often] in [["LENVATINIB", "12", "QD"], ["SINTILIMAB", "200", "EVERY 3 WEEKS"]] {
            let row = self.row(session, "SE.LOG[1]/F.EC[1]", "IG.EC")?;
            let begun = self.day(59);
            let period = [("ECTRT", drug), ("ECDOSE", dose), ("ECFRQ", often), ("ECSTDAT", &begun), ("ECONGO", "Y")];
            self.fill(session, &format!("{row}/IT.EC."), &period)?;
        }
        for (fraction, back) in [(1, 44), (2, 42), (3, 40)] {
            let (form, day) = (format!("SE.RTF[{fraction}]/F.RTX[1]"), self.day(back));
            session.event_date(&self.subject, &place(&format!("SE.RTF[{fraction}]")), &day, None)?;
            let row = self.row(session, &form, "IG.RTX")?;
            self.fill(session, &format!("{row}/IT.RTX."), &[("FXDAT", &day)])?;
        }
        Ok(())
    }

    /// Normal at screening; now ALT has risen, and bilirubin seems to be written in another unit.
    fn measured(&self, session: &mut Session<'_>) -> Result<(), SiteError> {
        session.event_add(&self.subject, "SE.UNS", "1", Some(&self.day(3)))?;
        for (form, back, alt, bilirubin) in [("SE.SCR[1]/F.LB[1]", 70, "44", "12"), (LAB, 3, "300", "180")] {
            let (row, day) = (format!("{form}/IG.LBC[1]/IT.LBC."), self.day(back));
            let limits = [("BILILO", "3"), ("BILIHI", "21"), ("ALTLO", "9"), ("ALTHI", "50")];
            self.fill(session, &row, &[("LBCPERF", "Y"), ("LBCDAT", &day)])?;
            self.fill(session, &row, &limits)?;
            self.fill(session, &row, &[("BILI", bilirubin), ("ALT", alt)])?;
        }
        Ok(())
    }

    /// The site knew of a first serious event 30 hours ago, and has not reported it.
    fn reported_late(&self, session: &mut Session<'_>) -> Result<(), SiteError> {
        self.fill(session, &format!("{AE}/IG.AEG[1]/IT.AEG."), &[("AEYN", "Y")])?;
        let (row, began, aware) = (self.row(session, AE, "IG.AE")?, self.day(9), self.hours_ago(30));
        let event = [("AENO", "1"), ("AETERM", "Bleeding varices"), ("AESTDAT", &began), ("AETOXGR", "3")];
        self.fill(session, &format!("{row}/IT.AE."), &event)?;
        self.fill(session, &format!("{row}/IT.AE."), &[("AESER", "Y"), ("AESHOSP", "true")])?;
        let row = self.row(session, SAE, "IG.SAE")?;
        let report = [("SAEAE", "1"), ("SAENO", "1"), ("SAETYPE", "INITIAL"), ("SAEAWARE", &aware)];
        self.fill(session, &format!("{row}/IT.SAE."), &report)
    }

    fn fill(&self, session: &mut Session<'_>, row: &str, answers: &[(&str, &str)]) -> Result<(), SiteError> {
        let enter = |(item, typed): &(&str, &str)| {
            session.save_item(&self.subject, &place(&format!("{row}{item}")), typed, None).map(drop)
        };
        answers.iter().try_for_each(enter)
    }

    /// A new row of a group; its place without the item.
    fn row(&self, session: &mut Session<'_>, form: &str, group: &str) -> Result<String, SiteError> {
        let state = session.row_add(&self.subject, &place(form), group)?;
        let last = state.rows.iter().rfind(|row| row.group == group);
        Ok(format!("{form}/{group}[{}]", last.map(|row| row.repeat.as_str()).unwrap_or_default()))
    }

    fn day(&self, back: u64) -> String {
        self.hours_ago(24 * back).chars().take(10).collect()
    }

    /// A local time, as a person types it.
    fn hours_ago(&self, hours: u64) -> String {
        let then = Now { at_ms: self.now.at_ms - hours * HOUR_MS, ..self.now };
        then.local().chars().take(16).collect::<String>().replace('T', " ")
    }

    /// By keyboard: of the result an adverse event, it is serious, it gets a report.
    fn enter(&self, window: &Window, shoot: Shoot<'_>) -> Result<(), Trouble> {
        self.open_lab(window, "IT.LBC.ALT")?;
        window.wait_for(
            "the proposed grade",
            "return document.querySelector('[data-cell$=\"LBC.ALT\"] [data-act=\"lab-event\"]') !== null",
            vec![],
        )?;
        window.keys(&F7.to_string())?;
        question(window)?;
        shoot(window, "safety-proposal")?;
        window.keys(&key::ENTER.to_string())?;
        on_form(window, AE)?;
        let answers =
            [("AENO", "2"), ("AETERM", "Raised liver tests"), ("AEONGO", "1"), ("AESER", "1"), ("AESHOSP", "1")];
        for (item, typed) in answers {
            pages::answer(window, &format!("IT.AE.{item}"), typed)?;
        }
        let none = self.tasks(window, 2)?.iter().filter(|clock| clock.is_empty()).count();
        if none != 1 {
            return Err("the event without a report has a clock, or the other has none".into());
        }
        shoot(window, "safety-unreported")?;
        self.open_reports(window)?;
        pages::act(window, "row-add")?;
        window.wait_for(
            "the new row",
            "return document.activeElement?.closest('[data-cell]')?.dataset.cell.endsWith('IT.SAE.SAEAE')",
            vec![],
        )?;
        let aware = self.hours_ago(3);
        let answers = [("SAEAE", "2"), ("SAENO", "1"), ("SAETYPE", "1"), ("SAEAWARE", &aware), ("SAENARR", NARRATIVE)];
        for (item, typed) in answers {
            pages::answer(window, &format!("IT.SAE.{item}"), typed)?;
        }
        Ok(())
    }
}

/// What the screens show of it; and its report on paper.
impl Case {
    fn tour(&self, window: &Window, shoot: Shoot<'_>) -> Result<(), Trouble> {
        let clocks = self.tasks(window, 2)?;
        let [overdue, due] = [&clocks[0], &clocks[1]];
        let until = &self.hours_ago(3)[11..];
        // Nearly 21 hours are left, and 6 hours have passed.
        if !(overdue.starts_with(&[6]) && (due.starts_with(&[20]) || due.starts_with(&[21]))) {
            return Err(format!("the clocks on the worklist: {clocks:?}").into());
        }
        let task = format!("[data-task=\"serious\"][data-subject=\"{}\"]:has(.when strong:not(.over))", self.subject);
        let deadline = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])";
        window.wait_for("the deadline", deadline, vec![json!(task), json!(until)])?;
        shoot(window, "safety-worklist")?;
        rests(window)?;
        pages::press(window, &task)?;
        on_form(window, SAE)?;
        self.clocks(window)?;
        self.paper(window)?;
        shoot(window, "safety-clock")?;
        self.results(window, shoot)?;
        self.around(window, shoot)
    }

    /// The clock of each report, and the focus in the one whose task was opened.
    fn clocks(&self, window: &Window) -> Result<(), Trouble> {
        let states = "const all = [...document.querySelectorAll('[data-part=\"clocks\"] [data-clock]')];
            return all.map(clock => clock.dataset.clock).join(' ') === 'overdue due'
                && document.querySelector('#clocks-title').textContent.includes('24')
                && all[1].textContent.includes(arguments[0])";
        window.wait_for("the clocks of the reports", states, vec![json!(&self.hours_ago(3)[11..])])?;
        let row = "return document.activeElement?.closest('tr.open')?.previousElementSibling === [...document.querySelectorAll('tr[data-rowgroup=\"IG.SAE\"]')].at(-1)";
        window.wait_for("the focus in the second report", row, vec![]).map(drop)
    }

    /// The report of the row that has the focus is saved, and another program reads it.
    fn paper(&self, window: &Window) -> Result<(), Trouble> {
        let path = self.home.join("report.pdf");
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        window.will_choose(&path)?;
        window.chord(key::ALT, 'r')?;
        let said = "return document.querySelector('[data-part=\"report-saved\"]')?.textContent.includes(arguments[0])";
        window.wait_for("the report to be saved", said, vec![json!(path)])?;
        let bytes = std::fs::read(&path)?;
        let chinese = window.run("return document.documentElement.lang.startsWith('zh')", vec![])? == json!(true);
        let title = if chinese { "严重不良事件报告" } else { "Report of a serious adverse event" };
        let text = text_of(&bytes)?;
        let wanted = [title, &self.subject, NARRATIVE, "Raised liver tests", "300 U/L", &self.hours_ago(3)[11..]];
        match wanted.iter().find(|words| !text.contains(&squeezed(words))) {
            Some(words) => Err(format!("the report lacks {words}: {text}").into()),
            None if !bytes.starts_with(b"%PDF") => Err("the report is no PDF".into()),
            None => Ok(()),
        }
    }

    /// The alert after radiotherapy with what it looked at; then a leap that asks about the unit, and its grade.
    fn results(&self, window: &Window, shoot: Shoot<'_>) -> Result<(), Trouble> {
        self.open_lab(window, "LBC.ALT")?;
        let evidence = "const part = document.querySelector('[data-part=\"evidence\"]');
            return part !== null && [...part.querySelectorAll('dd')].some(fact => /\\(3\\)|（3/.test(fact.textContent))";
        window.wait_for("the evidence of the alert", evidence, vec![])?;
        shoot(window, "safety-evidence")?;
        pages::field(window, "LBC.BILI")?;
        let asked = "const cell = document.querySelector('[data-cell$=\"LBC.BILI\"]');
            const leap = [...cell.querySelectorAll('[data-finding][data-severity=\"soft\"]')].some(asks => /Is the unit right|单位是否正确/.test(asks.textContent));
            const seen = leap && /3/.test(cell.querySelector('.grade')?.textContent)
                && (/胆红素升高/.test(cell.querySelector('.grade').textContent) === document.documentElement.lang.startsWith('zh')) && document.querySelector('aside [data-part=\"grade\"]')
                && document.querySelector('aside figure');
            if (seen) cell.closest('section.middle').scrollTop += cell.getBoundingClientRect().top - 200;
            return Boolean(seen)";
        window.wait_for("the question about the unit, and the grade", asked, vec![])?;
        shoot(window, "lab-jump")
    }

    /// From the result to its event: treatment and results around it. Then the open list of terms.
    fn around(&self, window: &Window, shoot: Shoot<'_>) -> Result<(), Trouble> {
        pages::press(window, "[data-cell$=\"LBC.ALT\"] [data-act=\"open-event\"]")?;
        on_form(window, AE)?;
        let around = "const part = document.querySelector('[data-part=\"around\"]'), all = act => part?.querySelectorAll(`[data-act=\"${act}\"]`).length;
            return all('open-exposure') === 2 && all('open-result') > 0 && part.querySelector('p.row') !== null";
        window.wait_for("what stands around the event", around, vec![])?;
        shoot(window, "safety-around")?;
        let cell = pages::field(window, "AE.AELLT")?;
        window.keys("alopezia")?;
        let offered = "return /Alopecia|脱发/.test(document.querySelector('[role=option]')?.textContent)";
        window.wait_for("the term among others", offered, vec![])?;
        shoot(window, "term-list")?;
        // The first Escape closes the list, the second gives up what was typed; who leaves the form leaves no draft.
        window.keys(&format!("{0}{0}", key::ESCAPE))?;
        pages::wait_saved(window, &cell)?;
        pages::go(window, "worklist")
    }

    fn open_lab(&self, window: &Window, item: &str) -> Result<(), Trouble> {
        pages::open_subject(window, &self.subject)?;
        pages::open_form(window, LAB)?;
        pages::field(window, item).map(drop)
    }

    /// Opens the form of the reports, which may have no row yet.
    fn open_reports(&self, window: &Window) -> Result<(), Trouble> {
        pages::open_subject(window, &self.subject)?;
        pages::press(window, &format!("[data-page=\"subject\"] [data-form=\"{SAE}\"]"))?;
        on_form(window, SAE)
    }

    /// Serious events on the worklist, each by the numbers that it tells: hours and minutes, or none.
    fn tasks(&self, window: &Window, count: usize) -> Result<Vec<Vec<u64>>, Trouble> {
        pages::go(window, "worklist")?;
        let script = "const all = [...document.querySelectorAll(`[data-task=\"serious\"][data-subject=\"${arguments[0]}\"] .when strong`)];
            return all.length === arguments[1] && all.map(clock => (clock.textContent.match(/\\d+/g) ?? []).map(Number))";
        let seen = window.wait_for("the serious events", script, vec![json!(self.subject), json!(count)])?;
        Ok(serde_json::from_value(seen)?)
    }
}

/// The page is as high as the window: no script, nor a focus, moves the bars at its ends.
fn rests(window: &Window) -> Result<(), Trouble> {
    let moved = "const page = document.scrollingElement; page.scrollTop = 9; return page.scrollTop";
    match window.run(moved, vec![])? {
        moved if moved == json!(0) => Ok(()),
        moved => Err(format!("the page moves by {moved} px").into()),
    }
}

/// Waits until a form is on the screen, with the focus where work goes on.
fn on_form(window: &Window, form: &str) -> Result<(), Trouble> {
    let script = "return document.querySelector('[data-page=\"form\"] nav [aria-current=\"page\"]')?.dataset.form === arguments[0]
        && document.querySelector('#form-title') !== null
        && document.activeElement?.closest('[data-page=\"form\"] section') != null";
    window.wait_for(form, script, vec![json!(form)]).map(drop)
}

/// Every word of a PDF, as another program reads it, without spaces.
fn text_of(bytes: &[u8]) -> Result<String, Trouble> {
    let document = lopdf::Document::load_mem(bytes)?;
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    Ok(squeezed(&document.extract_text(&pages)?))
}

fn squeezed(words: &str) -> String {
    words.chars().filter(|sign| !sign.is_whitespace()).collect()
}

#[test]
fn a_serious_event_is_made_of_a_result_watched_and_reported_in_the_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = Case::make(folder.path()).expect("a case");
    let pictures = crate::target().join("pictures");
    let enter = || -> Result<(), Trouble> {
        prefer(&case.home, "en", "light")?;
        let window = Window::open(&Opening::at(&case.home))?;
        let (user, password) = account(&case.home)?;
        pages::sign_in(&window, &user, &password)?;
        case.enter(&window, &|window, page| look(window, &pictures, &format!("{page}-en-light")))?;
        window.close()
    };
    enter().unwrap_or_else(|trouble| panic!("{trouble}"));
    everywhere(&case.home, "investigator1", &|window, shoot| case.tour(window, shoot));
}

/// The same trial, before a center has loaded the dictionary that it names.
#[test]
fn a_term_without_a_dictionary_says_so_and_is_typed() {
    const STUDY: &[u8] = studies::TRIAL;
    let folder = tempfile::tempdir().expect("a folder");
    let material = Material { name: "hcc-oligoprogression.xml", study: STUDY, chart: b"" };
    practice::make_of(folder.path(), &material, 1, 1).expect("a practice site");
    let pictures = crate::target().join("pictures");
    for (language, theme) in [("en", "light"), ("zh-CN", "dark")] {
        let walk = || -> Result<(), Trouble> {
            prefer(folder.path(), language, theme)?;
            let window = Window::open(&Opening::at(folder.path()))?;
            let (user, password) = account(folder.path())?;
            pages::sign_in(&window, &user, &password)?;
            pages::register(&window)?;
            pages::open_form(&window, AE)?;
            pages::answer_in_order(&window, &[("AEYN", "1"), (pages::ADD_ROW, ""), ("AETERM", "Losing hair")])?;
            let note = "const note = document.querySelector('[data-cell$=\"AE.AELLT\"] [data-part=\"absent\"]');
                return note?.textContent.includes('CTCAE 5.0')";
            window.wait_for("the note that no dictionary is loaded", note, vec![])?;
            pages::answer(&window, "AE.AELLT", "Alopecia")?;
            look(&window, &pictures, &format!("term-absent-{language}-{theme}"))?;
            rests(&window)?;
            window.close()
        };
        walk().unwrap_or_else(|trouble| panic!("{language}, {theme}: {trouble}"));
    }
}
