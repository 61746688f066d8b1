//! Every fault is found when the study is read.

use super::{Draft, one};
use crate::StudyIssue;
use crate::rules::{Functions, Kind};

fn faults(draft: &Draft) -> Vec<StudyIssue> {
    let mut functions = Functions::default();
    functions.add("albi", &[Kind::Number, Kind::Number], Kind::Number, |_| None);
    draft.read_with(&functions).map(|_| ()).expect_err("a fault")
}

fn reasons(kind: &str, expression: &str) -> String {
    let listed: Vec<String> = faults(&one(kind, expression)).into_iter().map(|fault| fault.reason).collect();
    listed.join("; ")
}

#[test]
fn each_slip_is_told() {
    for (kind, expression, told) in [
        ("float", "A +", "at 1:"),
        ("float", "ZZ + 1", "there is no item `ZZ` here"),
        ("float", "A + T", "a number and text can't be reckoned together"),
        ("float", "T", "a number is asked for, this is text"),
        ("boolean", "A", "a truth value is asked for"),
        ("boolean", "A == T", "a number is compared with text"),
        ("boolean", "P == A", "a date is compared with a number"),
        ("boolean", "A && X", "a truth value is asked for"),
        ("float", "today", "there is no today"),
        ("float", "frobnicate(A)", "there is no function `frobnicate`"),
        ("float", "albi(A)", "albi takes 2 arguments, not 1"),
        ("float", "albi(A, T)", "albi: a number is asked for, this is text"),
        ("float", "setting(\"NOPE\")", "there is no setting `NOPE`"),
        ("float", "at(\"NOPE\", \"M\").A", "there is no event `NOPE`"),
        ("float", "at(\"SCR\", \"NOPE\").A", "there is no form or group `NOPE`"),
        ("float", "at(\"SCR\", \"M\").NOPE", "has no item `NOPE`"),
        ("float", "at(T, \"M\").A", "written out as text"),
        ("float", "latest(\"M\", \"NOPE\")", "has no item `NOPE`"),
        ("float", "baseline(\"M\", \"A\")", "BASELINE_EVENT"),
        ("float", "rows(\"NOPE\").size()", "there is no group or form `NOPE`"),
        ("float", "sum(rows(\"M\").map(r, r.NOPE))", "the rows have no item `NOPE`"),
        ("float", "round(A, T)", "a number is asked for"),
        ("float", "sum([T])", "a list of numbers is asked for"),
        ("boolean", "[1, \"a\"] == [1]", "a list holds both"),
        ("boolean", "X ? 1 : \"a\"", "one branch is a number, the other text"),
        ("boolean", "T.matches(\"[\")", "the pattern of matches is none"),
        ("boolean", "T.matches(T)", "written out as text"),
        ("float", "{\"a\": 1}.a", "maps are not part of rules"),
        ("float", "A.B", "no group or form"),
        ("float", "M.ZZ", "neither this form nor this event has `M.ZZ`"),
        ("float", "0.12345678901234567890123456789", "more digits than can be kept exactly"),
        ("boolean", "null < 1", "null has no order"),
        ("float", "A = 1", "at 1:"),
        ("float", "", "at 1:"),
    ] {
        let found = reasons(kind, expression);
        assert!(found.contains(told), "`{expression}` told: {found}");
    }
}

#[test]
fn codes_that_no_list_holds_are_told() {
    let mut draft = Draft::new();
    draft.event("SCR", "Scheduled", "No", &["M"], &[]).form("M", &["M"]);
    draft.group("M", "No", &["SEX text | : M F", "OUT boolean | = SEX == \"X\" || SEX in [\"F\", \"Q\"]"]);
    let listed: Vec<String> = faults(&draft).into_iter().map(|fault| fault.reason).collect();
    assert_eq!(listed, ["`SEX` has no code `Q`", "`SEX` has no code `X`"]);
}

#[test]
fn free_text_is_only_there_or_not() {
    let mut draft = Draft::new();
    draft.event("SCR", "Scheduled", "No", &["M"], &[]).form("M", &["M", "R"]);
    draft.group("R", "Yes", &["W text"]);
    draft.group(
        "M",
        "No",
        &[
            "T text",
            "OUT boolean | = known(T) && T != null",
            "U text | ! T == \"a\"",
            "V text | ! T.startsWith(\"a\")",
            "X text | ! rows(\"R\").exists(r, r.W in [\"a\"])",
            "Y text | ! rows(\"R\").exists(r, has(r.W))",
        ],
    );
    let listed: Vec<String> = faults(&draft)
        .into_iter()
        .map(|fault| format!("{}: {}", fault.oid.as_ref().map_or("", |oid| oid.as_str()), fault.reason))
        .collect();
    let told = |oid: &str, name: &str| format!("{oid}: `{name}` is free text: a rule may only ask whether it is there");
    assert_eq!(listed, [told("IT.M.U#1", "T"), told("IT.M.V#1", "T"), told("IT.M.X#1", "W")]);
}

#[test]
fn all_faults_are_listed_with_line_and_oid() {
    let mut draft = Draft::new();
    draft.event("SCR", "Scheduled", "No", &["M"], &[]).form("M", &["M"]);
    draft.group("M", "No", &["A float | ! ZZ > 1 | ! YY > 1", "B float | = XX + WW | ? VV == 1", "C float | # LT abc"]);
    let found = faults(&draft);
    let told: Vec<(String, String)> = found
        .iter()
        .map(|fault| (fault.oid.as_ref().map(ToString::to_string).unwrap_or_default(), fault.reason.clone()))
        .collect();
    for (oid, word) in [
        ("IT.M.A#1", "ZZ"),
        ("IT.M.A#2", "YY"),
        ("MT.IT.M.B", "XX"),
        ("MT.IT.M.B", "WW"),
        ("CO.IT.M.B", "VV"),
        ("IT.M.C#1", "abc"),
    ] {
        assert!(told.iter().any(|(known, reason)| known == oid && reason.contains(word)), "{oid} {word}: {told:?}");
    }
    assert!(found.iter().all(|fault| fault.line > 0 && &*fault.file == "draft.xml"));
}

#[test]
fn cycles_are_refused_and_named() {
    let mut draft = Draft::new();
    draft.event("SCR", "Scheduled", "No", &["M"], &[]).form("M", &["M"]);
    draft.group(
        "M",
        "No",
        &[
            "A float | = B + 1",
            "B float | = C + 1",
            "C float | = A + 1",
            "D float | = D + 1",
            "E float | ? E == 1",
            "F float | = A",
        ],
    );
    let listed: Vec<String> = faults(&draft).into_iter().map(|fault| fault.reason).collect();
    assert_eq!(listed.len(), 3, "{listed:?}");
    let all = listed.join("\n");
    for step in ["IT.M.A → IT.M.B", "IT.M.D → IT.M.D", "IT.M.E (condition CO.IT.M.E)"] {
        let turned = all.contains(step)
            || (step.contains("A → ") && ["IT.M.C → IT.M.B", "IT.M.A → IT.M.C"].iter().any(|step| all.contains(step)));
        assert!(turned, "{step} in {all}");
    }
}

#[test]
fn values_of_earlier_visits_make_no_cycle() {
    let mut draft = Draft::new();
    draft.event("V", "Scheduled", "Yes", &["M"], &[]).form("M", &["M"]);
    draft.group(
        "M",
        "No",
        &["A float | ? known(previous(\"M\", \"A\"))", "S float | = A + coalesce(previous(\"M\", \"S\"), 0)"],
    );
    assert_eq!(draft.read().rules().iter().count(), 2);
}
