//! Every clinical setting of the file decides something, without a rebuild; and a wrong rule is refused with its place.

use crate::nurse::{Nurse, STUDY, XML};
use crate::pairs::step;
use std::collections::{BTreeMap, BTreeSet};
use study::{Document, Study};

/// A setting, another value, what was done, and the cell that then says or holds something else.
type Case = (&'static str, &'static str, &'static [&'static str], &'static str);

const TREATED: &str = "+LOG EC: ECTRT=LENVATINIB ECDOSE=12 ECFRQ=QD ECSTDAT=2026-03-12 ECONGO=N ECENDAT=2026-04-20";
const LIVER: &str = "SCR LB: LBCPERF=Y LBGPERF=Y BILI=40 ALB=30 INR=1 PT=18 PTCTRL=12 ASCITES=NONE HE=NONE";
const EXTENT: &str = "SCR HCC: NODN=1 NODMAX=20 PVTT=N HVTT=N IVCTT=N EHS=N BCLC=0 CNLC=Ia";

const CASES: &[Case] = &[
    ("AGE_MIN", "70", &["SCR DM: BRTHDAT=1961-05-01", "SCR ICF: ICYN=Y DSSTDAT=2026-03-02"], "SCR DM AGE"),
    ("AGE_MAX", "60", &["SCR DM: BRTHDAT=1961-05-01", "SCR ICF: ICYN=Y DSSTDAT=2026-03-02"], "SCR DM AGE"),
    ("AGE_FROM_YEAR", "01-01", &["SCR DM: BRTHDAT=1961", "SCR ICF: ICYN=Y DSSTDAT=2026-03-02"], "SCR DM AGE"),
    ("WEIGHT_CHANGE_PERCENT", "20", &["SCR VS: WEIGHT=70", "@C1D1 2026-03-12", "C1D1 VS: WEIGHT=60"], "C1D1 VS WEIGHT"),
    (
        "UNIT_JUMP_FACTOR",
        "100",
        &["SCR LB: LBHPERF=Y HGB=14", "@C1D1 2026-03-12", "C1D1 LB: LBHPERF=Y HGB=140"],
        "C1D1 LB HGB",
    ),
    (
        "UNIT_JUMP_FACTOR_VIRUS",
        "10",
        &["SCR LB: LBVPERF=Y HBVDNA=100", "@C1D1 2026-03-12", "C1D1 LB: LBVPERF=Y HBVDNA=5000"],
        "C1D1 LB HBVDNA",
    ),
    ("BSA_FORMULA", "DUBOIS", &["SCR VS: WEIGHT=70 HEIGHT=170"], "SCR VS BSA"),
    ("CP_COAGULATION", "PT", &[LIVER], "SCR LB CPPTS"),
    ("CP_TABLE", "NO-SUCH", &[LIVER], "SCR LB CPPTS"),
    ("CP_MAX", "6", &[LIVER, "SCR IE: I09=Y"], "SCR IE I09"),
    (
        "AE_SERIOUS_WITHIN_HOURS",
        "12",
        &["+LOG SAE: SAEAWARE=2026-04-02T09:00 SAEREPT=2026-04-03T08:00"],
        "LOG SAE SAEHRS",
    ),
    (
        "BASELINE_EVENT",
        "RAND",
        &[
            LIVER,
            "@RAND 2026-03-05",
            "@C1D1 2026-03-12",
            "C1D1 LB: LBCPERF=Y LBGPERF=Y BILI=10 ALB=45 INR=1 ASCITES=NONE HE=NONE",
            "@CND1@1 2026-04-02",
            "CND1@1 LB: LBCPERF=Y LBGPERF=Y BILI=40 ALB=30 INR=1 ASCITES=NONE HE=NONE",
        ],
        "CND1@1 LB CPPTS",
    ),
    ("ECOG_MAX", "2", &["SCR ECOG: ECOG=2"], "SCR ECOG ECOG"),
    ("OP_LESIONS_MIN", "2", &["+SCR OP: OPID=P1 OPORGAN=LIVER"], "SCR OP OPN"),
    ("OP_LESIONS_MAX", "1", &["+SCR OP: OPID=P1 OPORGAN=LIVER", "+SCR OP: OPID=P2 OPORGAN=LIVER"], "SCR OP OPN"),
    ("OP_ORGANS_MAX", "1", &["+SCR OP: OPID=P1 OPORGAN=LIVER", "+SCR OP: OPID=P2 OPORGAN=LUNG"], "SCR OP OPORG"),
    ("NEUT_MIN", "1", &["SCR LB: LBHPERF=Y NEUT=1.2 PLAT=100 HGB=120", "SCR IE: I11=Y"], "SCR IE I11"),
    ("PLAT_MIN", "50", &["SCR LB: LBHPERF=Y NEUT=2 PLAT=60 HGB=120", "SCR IE: I11=Y"], "SCR IE I11"),
    ("HGB_MIN", "80", &["SCR LB: LBHPERF=Y NEUT=2 PLAT=100 HGB=85", "SCR IE: I11=Y"], "SCR IE I11"),
    (
        "TRANSAMINASE_MAX_ULN",
        "3",
        &["SCR LB: LBCPERF=Y ALT=160 ALTHI=40 AST=20 ASTHI=40 BILI=10 BILIHI=20", "SCR IE: I12=Y"],
        "SCR IE I12",
    ),
    (
        "BILI_MAX_ULN",
        "1.5",
        &["SCR LB: LBCPERF=Y ALT=20 ALTHI=40 AST=20 ASTHI=40 BILI=35 BILIHI=20", "SCR IE: I12=Y"],
        "SCR IE I12",
    ),
    ("HBVDNA_MAX", "500", &["SCR LB: LBVPERF=Y HBSAG=POSITIVE HBVDNA=1000 ANTIHBV=N", "SCR IE: I13=Y"], "SCR IE I13"),
    ("ICF_TO_DAY1_DAYS", "5", &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", TREATED], "LOG EC TRTSDAT"),
    ("RAND_TO_DAY1_DAYS", "1", &["RAND RAND: RANDDAT=2026-03-10", TREATED], "LOG EC TRTSDAT"),
    (
        "HCG_TO_DAY1_DAYS",
        "1",
        &["SCR DM: SEX=F CBP=Y", "SCR PREG: PREGRES=NEGATIVE PREGDAT=2026-03-09", TREATED],
        "LOG EC TRTSDAT",
    ),
    ("SBRT_START_DAYS", "3", &[TREATED, "RAND RAND: ARM=SBRT", "RTPLAN RTP: RTSTART=2026-03-20"], "RTPLAN RTP RTSTART"),
    (
        "RT_INTERVAL_DAYS",
        "2",
        &["+RTF@1 RTX: FXTGT=RT1 FXNO=1 FXDAT=2026-03-20", "+RTF@1 RTX: FXTGT=RT1 FXNO=2 FXDAT=2026-03-21"],
        "RTF@1 RTX FXDAT@1",
    ),
    (
        "FRACTION_DOSE_PERCENT",
        "20",
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTID=RT1 NFX=5 TOTGY=40", "+RTF@1 RTX: FXTGT=RT1 FXNO=1 FXGY=7"],
        "RTF@1 RTX FXGY",
    ),
    ("RT_ALPHA_BETA", "3", &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTID=RT1 NFX=5 TOTGY=40"], "RTPLAN RTP BED10"),
    (
        "LIVER_SPARED_CC",
        "600",
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTPORGAN=LIVER LIVLT15=650"],
        "RTPLAN RTP LIVLT15",
    ),
    (
        "LIVER_MEAN_3FX",
        "10",
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTPORGAN=LIVER NFX=3 LIVMEAN=12"],
        "RTPLAN RTP LIVMEAN",
    ),
    (
        "LIVER_MEAN_6FX",
        "10",
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTPORGAN=LIVER NFX=5 LIVMEAN=12"],
        "RTPLAN RTP LIVMEAN",
    ),
    ("LENV_WEIGHT_KG", "50", &["@C1D1 2026-03-12", "C1D1 VS: WEIGHT=55", TREATED], "LOG EC ECDOSE"),
    ("TA_EVERY_DAYS", "56", &[TREATED, "@TA@1 2026-04-23", "TA@1 TR: TRDAT=2026-04-23"], "TA@1 TR TRDAT"),
    ("TARGETS_MAX", "1", &["+SCR TU: TTID=T01", "+SCR TU: TTID=T02"], "SCR TU BLN"),
    (
        "TARGETS_PER_ORGAN",
        "1",
        &["+SCR TU: TTID=T01 TTORGAN=LUNG", "+SCR TU: TTID=T02 TTORGAN=LUNG"],
        "SCR TU TTORGAN@1",
    ),
    ("TARGET_MIN_MM", "20", &["+SCR TU: TTID=T01 TTORGAN=LUNG TTDIAM=15"], "SCR TU TTDIAM"),
    ("QTCF_ALARM_MS", "450", &["SCR EG: HR=60 QT=460 QRS=90"], "SCR EG QTCF"),
    ("ICF_VERSION_DATE", "2025-01-01", &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02 ICFVDAT=2024-06-01"], "SCR ICF ICFVDAT"),
    ("CNLC_VERSION", "CNLC-1900", &[LIVER, "SCR ECOG: ECOG=0", EXTENT], "SCR HCC CNLCD"),
    ("BCLC_VERSION", "BCLC-1900", &[LIVER, "SCR ECOG: ECOG=0", EXTENT], "SCR HCC BCLCD"),
    ("PD_TO_CONSENT_DAYS", "30", &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", "SCR L1: PDDAT=2026-01-15"], "SCR L1 PDDAT"),
    (
        "RILD_TRANSAMINASE_ULN",
        "3",
        &["+RTF@1 RTX: FXDAT=2026-03-20", "@TA@1 2026-04-23", "TA@1 LB: LBCPERF=Y LBCDAT=2026-04-23 ALT=160 ALTHI=40"],
        "TA@1 LB ALT",
    ),
    (
        "RILD_WITHIN_DAYS",
        "10",
        &["+RTF@1 RTX: FXDAT=2026-03-20", "@TA@1 2026-04-23", "TA@1 LB: LBCPERF=Y LBCDAT=2026-04-23 ALT=260 ALTHI=40"],
        "TA@1 LB ALT",
    ),
    (
        "RILD_CP_RISE",
        "4",
        &[
            "@C1D1 2026-03-12",
            "C1D1 LB: LBCPERF=Y LBGPERF=Y BILI=10 ALB=45 INR=1 ASCITES=NONE HE=NONE",
            "@TA@1 2026-04-23",
            "TA@1 LB: LBCPERF=Y LBGPERF=Y BILI=40 ALB=30 INR=1 ASCITES=NONE HE=NONE",
        ],
        "TA@1 LB CPPTS",
    ),
    (
        "RILD_ALP_ULN",
        "3",
        &[
            "+RTF@1 RTX: FXDAT=2026-03-20",
            "@TA@1 2026-04-23",
            "TA@1 LB: LBCPERF=Y LBCDAT=2026-04-23 ALP=300 ALPHI=120 BILI=10 BILIHI=20 ASCITES=SLIGHT",
        ],
        "TA@1 LB ALP",
    ),
    (
        "RILD_BILI_ULN",
        "1",
        &[
            "+RTF@1 RTX: FXDAT=2026-03-20",
            "@TA@1 2026-04-23",
            "TA@1 LB: LBCPERF=Y LBCDAT=2026-04-23 ALP=300 ALPHI=120 BILI=30 BILIHI=20 ASCITES=SLIGHT",
        ],
        "TA@1 LB ALP",
    ),
    (
        "SUSAR_FATAL_DAYS",
        "3",
        &["+LOG SAE: SAEAWARE=2026-04-02T09:00 SAERELDRG=POSSIBLE SAEEXP=UNEXPECTED SAEOUT=FATAL"],
        "LOG SAE SAEDUE",
    ),
    (
        "SUSAR_DAYS",
        "10",
        &["+LOG SAE: SAEAWARE=2026-04-02T09:00 SAERELDRG=POSSIBLE SAEEXP=UNEXPECTED SAEOUT=UNKNOWN"],
        "LOG SAE SAEDUE",
    ),
    (
        "RDI_DELAYS",
        "EXCLUDE",
        &[
            "RAND RAND: REG2=REGO",
            "+LOG EC: ECTRT=REGORAFENIB ECDOSE=160 ECFRQ=QD21/28 ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-03-29",
            "+LOG EC: ECTRT=REGORAFENIB ECDOSE=0 ECFRQ=NONE ECSTDAT=2026-03-30 ECONGO=N ECENDAT=2026-04-26",
            "+LOG EC: ECTRT=REGORAFENIB ECDOSE=160 ECFRQ=QD21/28 ECSTDAT=2026-04-27 ECONGO=N ECENDAT=2026-05-24",
            "EOT EOT: EOTDAT=2026-06-01",
        ],
        "EOT EOT RDITKI",
    ),
    (
        "RDI_FINAL_CYCLE",
        "LAST_DOSE",
        &[
            "RAND RAND: REG2=REGO",
            "+LOG EC: ECTRT=REGORAFENIB ECDOSE=160 ECFRQ=QD21/28 ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-03-22",
            "EOT EOT: EOTDAT=2026-06-01",
        ],
        "EOT EOT RDITKI",
    ),
    (
        "PLAN_LENVATINIB_MG",
        "8",
        &["RAND RAND: REG2=LENV", "@C1D1 2026-03-12", "C1D1 VS: WEIGHT=70", TREATED, "EOT EOT: EOTDAT=2026-06-01"],
        "EOT EOT RDITKI",
    ),
    (
        "PLAN_LENVATINIB_LOW_MG",
        "4",
        &["RAND RAND: REG2=LENV", "@C1D1 2026-03-12", "C1D1 VS: WEIGHT=50", TREATED, "EOT EOT: EOTDAT=2026-06-01"],
        "EOT EOT RDITKI",
    ),
    (
        "PLAN_REGORAFENIB_MG",
        "120",
        &[
            "RAND RAND: REG2=REGO",
            "+LOG EC: ECTRT=REGORAFENIB ECDOSE=160 ECFRQ=QD21/28 ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-03-22",
            "EOT EOT: EOTDAT=2026-06-01",
        ],
        "EOT EOT RDITKI",
    ),
];

/// The antibodies: each has its own planned dose.
const ANTIBODIES: [&str; 6] =
    ["SINTILIMAB", "CAMRELIZUMAB", "TISLELIZUMAB", "TORIPALIMAB", "PEMBROLIZUMAB", "NIVOLUMAB"];

/// Settings that no rule reads, and what does. A test of theirs shows that they decide.
const READ_ELSEWHERE: &[(&str, &str)] = &[
    ("AFP_IU_FACTOR", "the conversion of AFP says the same figure"),
    ("CYCLE_DAYS", "the timing of the 21-day cycles says the same figure"),
    ("CYCLE_DAYS_REGORAFENIB", "the timing of the 28-day cycles says the same figure"),
    ("RTF_EVERY_DAYS", "the timing of the fractions says the same figure"),
    ("PFS_EVENT", "printed with every analysis of progression-free survival"),
    ("PFS_START", "printed with every analysis of progression-free survival"),
    ("PD_CONFIRMATION", "printed with every analysis of progression-free survival"),
    ("MASKED_ROLE", "the role that the aliases role and masked name"),
];

fn file() -> &'static str {
    std::str::from_utf8(XML).expect("UTF-8")
}

/// The study with another value of a setting, as somebody would edit the file.
fn edited(key: &str, value: &str) -> &'static Study {
    let start = format!("setting:{key}\" Name=\"");
    let (before, after) = file().split_once(&start).unwrap_or_else(|| panic!("no setting {key}"));
    let (_, citation) = after.split_once(" | ").expect("value | citation");
    let text = format!("{before}{start}{value} | {citation}");
    let study = Study::read("edited.xml", text.as_bytes(), &clinical::functions());
    Box::leak(Box::new(study.unwrap_or_else(|faults| panic!("{key}: {faults:?}"))))
}

fn outcome(study: &'static Study, steps: &[&str], place: &str) -> (String, Vec<String>) {
    let mut nurse = Nurse::of(study);
    nurse.visit("SCR", "2026-03-02");
    steps.iter().for_each(|one| step(&mut nurse, one));
    let rules = nurse.findings(place).iter().map(|finding| finding.rule.to_string()).collect();
    (nurse.value(place), rules)
}

#[test]
fn every_setting_that_rules_read_changes_an_outcome() {
    // Each reads the whole file: in parts side by side.
    let same: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = CASES.chunks(CASES.len().div_ceil(4)).map(|part| scope.spawn(|| unchanged(part))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    });
    assert!(same.is_empty(), "{}", same.join("\n"));
}

/// The cases in which the other value decides nothing.
fn unchanged(cases: &[Case]) -> Vec<String> {
    let same = cases.iter().filter_map(|(key, value, steps, place)| {
        let (usual, changed) = (outcome(&STUDY, steps, place), outcome(edited(key, value), steps, place));
        (usual == changed).then(|| format!("{key} = {value}: {place}: {usual:?}"))
    });
    same.collect()
}

#[test]
fn every_antibody_has_its_own_planned_dose() {
    for drug in ANTIBODIES {
        let row = format!(
            "+LOG EC: ECTRT={drug} ECDOSE=200 ECFRQ=EVERY+3+WEEKS ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-03-22"
        );
        let arm = format!("RAND RAND: REG2=REGO_PD1 PD1NEW={drug}");
        let steps = [arm.as_str(), row.as_str(), "EOT EOT: EOTDAT=2026-06-01"];
        let (usual, _) = outcome(&STUDY, &steps, "EOT EOT RDIIO");
        let (changed, _) = outcome(edited(&format!("PLAN_{drug}_MG"), "400"), &steps, "EOT EOT RDIIO");
        assert_eq!(changed.parse::<f64>().ok(), Some(50.0), "{drug}");
        assert_ne!(usual, changed, "{drug}");
    }
}

/// No setting stands in the file for show.
#[test]
fn every_setting_is_read() {
    let mut sources = String::new();
    for room in ["study", "casebook", "clinical", "allocation", "exchange", "screens", "site", "center"] {
        let folder = format!("{}/../crates/{room}/src", env!("CARGO_MANIFEST_DIR"));
        gather(std::path::Path::new(&folder), &mut sources);
    }
    let tested: BTreeSet<&str> = CASES.iter().map(|(key, ..)| *key).collect();
    let elsewhere: BTreeMap<&str, &str> = READ_ELSEWHERE.iter().copied().collect();
    for key in STUDY.settings.keys().map(|key| key.as_ref()) {
        let key: &str = key;
        let by_rules =
            file().contains(&format!("setting(\"{key}\")")) || file().contains(&format!("setting(&quot;{key}&quot;)"));
        let by_engines = sources.contains(&format!("\"{key}\""));
        assert!(by_rules || by_engines || elsewhere.contains_key(key), "{key} is read by nothing");
        let antibody = ANTIBODIES.iter().any(|drug| key == format!("PLAN_{drug}_MG"));
        let tumours = key.starts_with("RECIST_")
            || ["TOO_SMALL_MM", "NODE_NORMAL_MM", "NODE_TARGET_MIN_MM", "IRRADIATED_TARGET"].contains(&key);
        let allocation = key.starts_with("ALLOC_") || key == "STRATUM_AFP";
        // Tested in `safety.rs`; the sponsor's name is printed on reports.
        let safety = ["AE_LAB_GRADE", "AE_LAB_DAYS", "SPONSOR"].contains(&key);
        assert!(
            tested.contains(key) || antibody || tumours || allocation || safety || elsewhere.contains_key(key),
            "{key} is not tested"
        );
    }
}

fn gather(folder: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&std::fs::read_to_string(&path).expect("a source"));
        }
    }
}

#[test]
fn what_is_said_twice_is_said_alike() {
    let afp = STUDY.items.get("IT.LBT.AFP").expect("AFP");
    let factor = afp.conversions.iter().find(|(unit, _)| *unit == "MU.IU_ML").map(|(_, factor)| factor.to_string());
    assert_eq!(STUDY.setting("AFP_IU_FACTOR"), factor.as_deref());
    let every = STUDY.events.get("SE.RTF").and_then(|event| event.timing.as_ref()?.repeat.as_ref());
    assert_eq!(STUDY.setting("RTF_EVERY_DAYS"), every.map(|repeat| repeat.every_days.to_string()).as_deref());
}

/// Every rule of the file broken in the same way: each is refused with file, line, OID and reason.
#[test]
fn every_broken_rule_is_refused_with_its_place() {
    for (kind, broken) in [("syntax", "($)"), ("name", "NOSUCHITEM == 1 || ($)"), ("function", "nosuch(1) == ($)")] {
        let mut lines = BTreeSet::new();
        let mut text = String::new();
        for (n, line) in file().lines().enumerate() {
            let tag = "<FormalExpression Context=\"CEL\">";
            match line
                .split_once(tag)
                .and_then(|(before, rest)| Some((before, rest.split_once("</FormalExpression>")?.0)))
            {
                Some((before, rule)) => {
                    lines.insert(n as u32 + 1);
                    let rule = match kind {
                        "syntax" => format!("{rule} )("),
                        _ => broken.replace('$', rule),
                    };
                    text.push_str(&format!("{before}{tag}{rule}</FormalExpression>\n"));
                }
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        assert!(lines.len() > 500, "{}", lines.len());
        let faults = Study::read("edited.xml", text.as_bytes(), &clinical::functions()).expect_err(kind);
        let told: BTreeSet<u32> = faults.iter().map(|fault| fault.line).collect();
        let missed: Vec<&u32> = lines.iter().filter(|&&line| !told.contains(&line)).collect();
        assert!(missed.is_empty(), "{kind}: lines {missed:?}");
        assert!(faults.len() >= lines.len(), "{kind}: {} faults of {} rules", faults.len(), lines.len());
        for fault in &faults {
            assert!(
                &*fault.file == "edited.xml" && fault.oid.is_some() && !fault.reason.is_empty(),
                "{kind}: {fault:?}"
            );
        }
    }
}

/// A file that is not well-formed, or whose parts do not fit, is refused as a whole.
#[test]
fn the_file_as_it_stands_has_no_fault() {
    assert!(Document::parse("hcc-oligoprogression.xml", XML).is_ok());
    assert!(!STUDY.settings.is_empty());
}
