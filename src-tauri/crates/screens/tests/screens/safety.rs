//! Clocks of reports, what surrounds an adverse event, evidence, and the content of the printed report.

use clinical::safety::RowAt;
use screens::messages::{ClockState, EventBeside, ReportClock};
use screens::paper::{Block, Moment, Paper};
use screens::safety::{self, Provenance};

use crate::chart::Chart;

const SAE: &str = "SE.LOG[1]/F.SAE[1]";
const NARRATIVE: &str = "发热伴右上腹痛 2 天，入院。";

pub const FRACTIONS: &str = "SE.RTF[1]/F.RTX[1]";

/// A treated subject with a serious adverse event, a result behind it, and a report whose clock runs since `aware`.
pub struct Case {
    pub chart: Chart,
    pub event: String,
    pub report: String,
}

pub fn case(aware: &str) -> Case {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    chart.visit("SE.CND1[1]", "2026-10-23").visit("SE.CND1[2]", "2026-11-13");
    let period = [
        ("IT.EC.ECTRT", "LENVATINIB"),
        ("IT.EC.ECDOSE", "12"),
        ("IT.EC.ECFRQ", "QD"),
        ("IT.EC.ECSTDAT", "2026-10-02"),
        ("IT.EC.ECONGO", "Y"),
    ];
    chart.row("SE.LOG[1]/F.EC[1]", "IG.EC", &period);
    let result = [
        ("IT.LBC.LBCPERF", "Y"),
        ("IT.LBC.LBCDAT", "2026-11-13"),
        ("IT.LBC.ALTLO", "9"),
        ("IT.LBC.ALTHI", "50"),
        ("IT.LBC.ALT", "300"),
    ];
    chart.fill("SE.CND1[2]/F.LB[1]/IG.LBC[1]", &result);
    let event = [
        ("IT.AE.AENO", "1"),
        ("IT.AE.AETERM", "fever"),
        ("IT.AE.AESTDAT", "2026-11-13"),
        ("IT.AE.AEONGO", "Y"),
        ("IT.AE.AETOXGR", "3"),
        ("IT.AE.AESER", "Y"),
        ("IT.AE.AESHOSP", "true"),
        ("IT.AE.AELB", "ALT"),
        ("IT.AE.AELBDAT", "2026-11-13"),
        ("IT.AE.AERELDRG", "PROBABLE"),
    ];
    let event = chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &event);
    let report = [
        ("IT.SAE.SAEAE", "1"),
        ("IT.SAE.SAENO", "1"),
        ("IT.SAE.SAETYPE", "INITIAL"),
        ("IT.SAE.SAENARR", NARRATIVE),
        ("IT.SAE.SAEAWARE", aware),
    ];
    let report = chart.row(SAE, "IG.SAE", &report);
    Case { chart, event, report }
}

impl Case {
    fn clock(&self) -> ReportClock {
        self.chart.state(SAE).clocks.remove(0)
    }

    pub fn surroundings(&self, cell: &str) -> Option<EventBeside> {
        let labs = clinical::labs::Labs::new(self.chart.study, &self.chart.book);
        self.chart.draw(|view| safety::Context::read(*view, &labs)?.cell(&self.chart.key(cell)))
    }

    pub fn paper(&self) -> Option<Paper> {
        let row = RowAt::of(&self.chart.key(&format!("{}/IT.SAE.SAENO", self.report)));
        let provenance = Provenance {
            seq: 41,
            head: "0f".repeat(32),
            state: "a1".repeat(32),
            fingerprint: "one two three".to_owned(),
            program: "1.2.3",
        };
        self.chart.draw(|view| safety::report(view, &row, &provenance))
    }
}

/// All words of a paper.
pub fn words(paper: &Paper) -> String {
    let block = |block: &Block| match block {
        Block::Heading(text) | Block::Notice(text) | Block::Text(text) => text.clone(),
        Block::Facts(facts) => {
            facts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
        }
        Block::Table { rows, .. } => rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>().join("\n"),
    };
    paper.blocks.iter().map(block).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_clock_runs_from_awareness_to_the_studys_limit() {
    let mut case = case("2026-11-22T20:15");
    let clock = case.clock();
    // Aware 20 hours ago, of 24.
    assert_eq!((clock.state, clock.minutes, clock.hours), (ClockState::Due, 4 * 60, 24));
    assert_eq!(clock.deadline.as_deref(), Some("2026-11-23T20:15"));
    assert_eq!((clock.event.as_str(), clock.report.as_str()), ("1", "1"));
    case.chart.now = case.chart.now.later(5 * 3_600_000);
    assert_eq!((case.clock().state, case.clock().minutes), (ClockState::Overdue, 60));
    case.chart.answer(&format!("{}/IT.SAE.SAEREPT", case.report), "2026-11-23T19:15", None);
    assert_eq!((case.clock().state, case.clock().minutes), (ClockState::InTime, 23 * 60));
    assert!(case.chart.state("SE.LOG[1]/F.AE[1]").clocks.is_empty(), "that form holds no reports");
}

#[test]
fn treatment_and_results_surround_an_event_and_its_report_alike() {
    let case = case("2026-11-22T20:15");
    let around = case.surroundings(&format!("{}/IT.AE.AESTDAT", case.event)).expect("an event's row");
    // 2 October is day 1.
    assert_eq!((around.onset.as_deref(), around.day), (Some("2026-11-13"), Some(43)));
    let drugs: Vec<_> = around.drugs.iter().map(|drug| (drug.drug.as_str(), drug.since)).collect();
    assert_eq!(drugs, [("Lenvatinib", Some(0))]);
    let results: Vec<_> = around.labs.iter().map(|lab| (lab.value.as_str(), lab.limits.as_str(), lab.named)).collect();
    assert_eq!(results, [("300 U/L", "9–50 U/L", true)]);
    let reported = case.surroundings(&format!("{}/IT.SAE.SAENO", case.report)).expect("a report's row");
    assert_eq!(reported.title, around.title);
    assert!(case.surroundings("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP").is_none());
}

#[test]
fn the_result_names_its_event() {
    let case = case("2026-11-22T20:15");
    let beside = case.chart.cell("SE.CND1[2]/F.LB[1]/IG.LBC[1]/IT.LBC.ALT").lab.expect("a result");
    let event = beside.event.expect("its event");
    assert!(event.title.starts_with("1 ·") && event.form == "SE.LOG[1]/F.AE[1]", "{}", event.title);
}

#[test]
fn the_report_holds_what_a_sponsor_needs_and_names_nobody() {
    let case = case("2026-11-22T20:15");
    let paper = case.paper().expect("a report");
    let text = words(&paper);
    for wanted in [NARRATIVE, "Lenvatinib", "300 U/L", "Wang Li (research nurse)", "entry 41", "one two three", "1.2.3"]
    {
        assert!(text.contains(wanted), "{wanted} is lacking in\n{text}");
    }
    assert!(text.contains("Draft") && text.contains("Due by"), "an open form and a running clock are said first");
    assert!(paper.head.contains("S01-001") && !text.contains("PRACTICE"));
    assert_eq!(paper.made, Moment { year: 2026, parts: [11, 23, 16, 15, 2], offset_minutes: 480 });
}

#[test]
fn the_report_is_in_the_readers_language_and_says_when_data_is_invented() {
    let mut case = case("2026-11-22T20:15");
    case.chart.language = "zh-CN";
    case.chart.reader.practice = true;
    let paper = case.paper().expect("a report");
    assert!(paper.title.starts_with("严重不良事件") && words(&paper).contains("练习"));
}

#[test]
fn a_redacted_text_says_so_and_a_row_without_a_report_has_none() {
    let mut case = case("2026-11-22T20:15");
    case.chart.texts.clear();
    let text = words(&case.paper().expect("a report"));
    assert!(text.contains("[removed]") && !text.contains(NARRATIVE));
    case.report = case.event.clone();
    assert!(case.paper().is_none());
}

#[test]
fn evidence_names_what_a_rule_looked_at_elsewhere() {
    let mut case = case("2026-11-22T20:15");
    // A second period that overlaps the first one, or any rule with inputs beyond its own cell.
    let end = [("IT.AE.AEENDAT", "2026-11-10"), ("IT.AE.AEONGO", "N")];
    for (item, typed) in end {
        case.chart.answer(&format!("{}/{item}", case.event), typed, Some("corrected"));
    }
    let key = case.chart.key(&format!("{}/IT.AE.AEENDAT", case.event));
    let evidence = case.chart.draw(|view| safety::evidence(view, &key));
    assert!(
        evidence.iter().flat_map(|found| &found.facts).any(|fact| fact.value.contains("13 Nov 2026")),
        "{}",
        evidence.len()
    );
}
