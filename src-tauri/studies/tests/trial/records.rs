//! What runs beside the visits: consent versions, adverse events and their links, reports of serious ones, medicines,
//! procedures, deviations, radiotherapy visits, dose intensity, the end of the study.

use crate::nurse::Nurse;
use crate::pairs::{Pair, hold};

const RECORDS: &[Pair] = &[
    // Consent
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02 ICFVDAT=2026-03-03"],
        "SCR ICF ICFVDAT",
        "is younger than the signature",
        "SCR ICF: ICFVDAT=2026-03-02",
    ),
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02 ICFVDAT=2023-12-31"],
        "SCR ICF ICFVDAT",
        "A newer version of the consent form",
        "+SCR ICF: RICTYPE=RECONSENT RICVDAT=2024-01-01",
    ),
    (
        &["+SCR ICF: RICTYPE=RECONSENT RICDAT=2026-03-02 RICVDAT=2026-03-03"],
        "SCR ICF RICVDAT",
        "is younger than the signature",
        "SCR ICF: RICVDAT=2026-03-01",
    ),
    (
        &["@C1D1 2026-03-12", "C1D1 VS: SYSBP=120", "+SCR ICF: RICTYPE=WITHDRAWN RICDAT=2026-03-11"],
        "SCR ICF RICDAT",
        "after consent was withdrawn",
        "SCR ICF: RICDAT=2026-03-12",
    ),
    // Links of adverse events
    (&["+LOG AE: AENO=1", "+LOG AE: AENO=1"], "LOG AE AENO", "Two events carry the number", "LOG AE: AENO=2"),
    (
        &["+LOG AE: AENO=1 AELB=ALT AELBDAT=2026-04-01"],
        "LOG AE AELBDAT",
        "No laboratory form holds a sample",
        "SCR LB: LBCPERF=Y LBCDAT=2026-04-01",
    ),
    (
        &["RAND RAND: REG2=REGO_PD1", "+LOG AE: AEACNIO=DOSE+REDUCED"],
        "LOG AE AEACNIO",
        "is never reduced",
        "LOG AE: AEACNIO=DRUG+INTERRUPTED",
    ),
    (&["+LOG EC: ECADJ=Y ECREAS=AE ECAE=3"], "LOG EC ECAE", "form has no event {ECAE}", "+LOG AE: AENO=3"),
    (&["+LOG CM: CMINDC=AE CMAE=3"], "LOG CM CMAE", "form has no event {CMAE}", "+LOG AE: AENO=3"),
    (&["+LOG PR: PRAE=3"], "LOG PR PRAE", "form has no event {PRAE}", "+LOG AE: AENO=3"),
    // Reports of serious adverse events
    (&["+LOG AE: AENO=1", "+LOG SAE: SAEAE=2"], "LOG SAE SAEAE", "form has no event {SAEAE}", "LOG SAE: SAEAE=1"),
    (&["+LOG AE: AENO=1 AESER=N", "+LOG SAE: SAEAE=1"], "LOG SAE SAEAE", "is not marked serious", "LOG AE: AESER=Y"),
    (
        &["+LOG SAE: SAEAE=1 SAENO=1", "+LOG SAE: SAEAE=1 SAENO=1"],
        "LOG SAE SAENO",
        "is entered twice",
        "LOG SAE: SAENO=2",
    ),
    (&["+LOG SAE: SAENO=2 SAETYPE=INITIAL"], "LOG SAE SAETYPE", "is the initial one", "LOG SAE: SAETYPE=FOLLOWUP"),
    (
        &["+LOG AE: AENO=1 AESTDAT=2026-04-03", "+LOG SAE: SAEAE=1 SAEAWARE=2026-04-02T09:00"],
        "LOG SAE SAEAWARE",
        "before the event began",
        "LOG AE: AESTDAT=2026-04-02",
    ),
    (
        &["+LOG SAE: SAEAWARE=2026-04-02T09:00 SAEREPT=2026-04-02T08:00"],
        "LOG SAE SAEREPT",
        "before the site became aware",
        "LOG SAE: SAEREPT=2026-04-02T10:00",
    ),
    (
        &["+LOG SAE: SAEAWARE=2026-04-02T09:00 SAEREPT=2026-04-03T09:06"],
        "LOG SAE SAEHRS",
        "Overdue: reported",
        "LOG SAE: SAEREPT=2026-04-03T09:00",
    ),
    (
        &["+LOG SAE: SAEAWARE=2026-04-02T09:00 SAESTDAT=2026-04-03"],
        "LOG SAE SAESTDAT",
        "after the site became aware",
        "LOG SAE: SAESTDAT=2026-04",
    ),
    (
        &["+LOG SAE: SAETYPE=FINAL SAEOUT=UNKNOWN"],
        "LOG SAE SAEOUT",
        "the outcome is still open",
        "LOG SAE: SAEOUT=RECOVERED/RESOLVED",
    ),
    (&["+LOG SAE: SAEOUT=FATAL"], "LOG SAE SAEOUT", "fill in the death form", "LOG DD: DTHDAT=2026-04-04"),
    (
        &[
            "+LOG SAE: SAEAWARE=2026-04-02T09:00 SAERELDRG=POSSIBLE SAEEXP=UNEXPECTED SAEOUT=RECOVERING/RESOLVING SAEAUTH=2026-04-18",
        ],
        "LOG SAE SAEAUTH",
        "Overdue: sent on",
        "LOG SAE: SAEAUTH=2026-04-17",
    ),
    // Medical history, examination
    (&["+LOG MH: MHTERM=Gout", "LOG MH: MHYN=N"], "LOG MH MHYN", "but diseases are listed", "LOG MH: MHYN=Y"),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "LOG MH: MHYN=Y", "+LOG MH: MHSTDAT=2026-03-13"],
        "LOG MH MHSTDAT",
        "then it is an adverse event",
        "LOG MH: MHSTDAT=2026-03",
    ),
    (
        &["LOG MH: MHYN=Y", "+LOG MH: MHSTDAT=2020 MHONGO=N MHENDAT=2019"],
        "LOG MH MHENDAT",
        "before it begins",
        "LOG MH: MHENDAT=2020",
    ),
    (
        &["SCR PE: PEPERF=Y PEGEN=ABNORMAL PECS=Y"],
        "SCR PE PECS",
        "belongs to the medical history",
        "+LOG MH: MHTERM=Gout",
    ),
    (&["C1D1 PE: PEPERF=Y PEGEN=ABNORMAL PECS=Y"], "C1D1 PE PECS", "belongs to the adverse events", "+LOG AE: AENO=1"),
    (
        &[
            "SCR PE: PEPERF=Y PEGEN=NORMAL PESKIN=NORMAL PEHEAD=NORMAL PELN=NORMAL PECHEST=NORMAL PEHEART=NORMAL PEABD=NORMAL PEEXT=NORMAL PENEURO=ND PECS=Y",
        ],
        "SCR PE PECS",
        "No body system is marked",
        "SCR PE: PEEXT=ABNORMAL",
    ),
    (
        &["SCR PE: PEPERF=Y PEDAT=2026-03-10"],
        "SCR PE PEDAT",
        "more than 7 days from the visit",
        "SCR PE: PEDAT=2026-03-09",
    ),
    // Medicines and procedures
    (&["+LOG CM: CMTRT=Zinc", "LOG CM: CMYN=N"], "LOG CM CMYN", "but medicines are listed", "LOG CM: CMYN=Y"),
    (
        &["SCR LB: LBVPERF=Y HBSAG=POSITIVE", "LOG CM: CMYN=Y"],
        "LOG CM CMYN",
        "no antiviral medicine for hepatitis B",
        "+LOG CM: CMCLAS=ANTIHBV",
    ),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "+LOG CM: CMCLAS=ANTICANCER CMSTDAT=2026-03-12"],
        "LOG CM CMCLAS",
        "An anticancer medicine after Day 1",
        "+LOG NACT: NACTTYPE=SYSTEMIC",
    ),
    (
        &["+LOG CM: CMSTDAT=2026-03-02 CMONGO=N CMENDAT=2026-03-01"],
        "LOG CM CMENDAT",
        "before it begins",
        "LOG CM: CMENDAT=2026-03-02",
    ),
    (&["+LOG PR: PRTRT=Drainage", "LOG PR: PRYN=N"], "LOG PR PRYN", "but procedures are listed", "LOG PR: PRYN=Y"),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "+LOG PR: PRCAT=RT PRSTDAT=2026-03-12"],
        "LOG PR PRCAT",
        "A procedure against the tumour after Day 1",
        "+LOG NACT: NACTTYPE=RT",
    ),
    (
        &["RAND RAND: ARM=SBRT", "+LOG NACT: NACTTYPE=SBRT"],
        "LOG NACT NACTTYPE",
        "for the control arm after progression",
        "RAND RAND: ARM=CTRL",
    ),
    (&["+LOG NACT: NACTTYPE=SBRT"], "LOG NACT NACTTYPE", "without documented progression", "TA@1 TR: OVRLRESP=PD"),
    // Exposure
    (&["+LOG EC: ECTRT=REGORAFENIB ECFRQ=QD"], "LOG EC ECFRQ", "on days 1 to 21 of 28", "LOG EC: ECFRQ=QD21/28"),
    (&["+LOG EC: ECTRT=LENVATINIB ECFRQ=QD21/28"], "LOG EC ECFRQ", "is given once a day", "LOG EC: ECFRQ=QD"),
    (
        &["+LOG EC: ECTRT=PEMBROLIZUMAB ECDOSE=200 ECFRQ=EVERY+6+WEEKS"],
        "LOG EC ECFRQ",
        "are given every 3 weeks",
        "LOG EC: ECFRQ=EVERY+3+WEEKS",
    ),
    // Windows and deviations
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "@TA@2 2026-06-12", "TA@2 TR: TRDAT=2026-06-12"],
        "TA@2 TR TRDAT",
        "outside the window of this assessment",
        "TA@2 TR: TRDAT=2026-06-11",
    ),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "TA@1 TR: TRDAT=2026-05-01", "LOG DV: DVYN=Y"],
        "LOG DV DVPTA",
        "lie outside their window",
        "+LOG DV: DVCAT=WINDOW",
    ),
    (
        &["RAND RAND: RANDDAT=2026-03-10", "+LOG EC: ECSTDAT=2026-03-18", "LOG DV: DVYN=Y"],
        "LOG DV DVPDAY1",
        "was later than allowed after randomisation",
        "+LOG DV: DVCAT=DRUG",
    ),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "+RTF@1 RTX: FXDAT=2026-03-27", "LOG DV: DVYN=Y"],
        "LOG DV DVPRT",
        "SBRT began later than allowed",
        "+LOG DV: DVCAT=RT",
    ),
    (&["+LOG DV: DVCAT=OTHER", "LOG DV: DVYN=N"], "LOG DV DVYN", "but deviations are listed", "LOG DV: DVYN=Y"),
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", "+LOG DV: DVSTDAT=2026-03-01"],
        "LOG DV DVSTDAT",
        "is before consent",
        "LOG DV: DVSTDAT=2026-03",
    ),
    (&["+LOG DV: DVCAT=CONSENT DVIMP=N"], "LOG DV DVIMP", "are usually important", "LOG DV: DVIMP=Y"),
    (
        &["+LOG DV: DVIMP=Y DVSTDAT=2026-04-02 DVIEC=2026-04-01"],
        "LOG DV DVIEC",
        "before it happened",
        "LOG DV: DVIEC=2026-04-02",
    ),
    // Radiotherapy
    (
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTID=RT1 SIMDAT=2026-03-15", "RTPLAN RTP: RTSTART=2026-03-14"],
        "RTPLAN RTP RTSTART",
        "before the simulation CT",
        "RTPLAN RTP: RTSTART=2026-03-15",
    ),
    (
        &["+LOG EC: ECSTDAT=2026-03-12", "RTPLAN RTP: RTSTART=2026-03-27"],
        "RTPLAN RTP RTSTART",
        "more than 2 weeks after second-line",
        "RTPLAN RTP: RTSTART=2026-03-26",
    ),
    (
        &["RAND RAND: ARM=SBRT", "+RTPLAN RTP: RTID=RT1 NFX=1", "LOG RTS: RTXSTAT=DONE"],
        "LOG RTS RTXSTAT",
        "planned fractions of a target are missing",
        "+RTF@1 RTX: FXTGT=RT1",
    ),
    // The end
    (
        &["+RTF@1 RTX: FXDAT=2026-04-02", "LOG DD: DTHDAT=2026-04-01"],
        "LOG DD DTHDAT",
        "A fraction of radiotherapy is recorded after",
        "LOG DD: DTHDAT=2026-04-02",
    ),
    (
        &["@C1D1 2026-04-02", "C1D1 VS: SYSBP=120", "LOG DD: DTHDAT=2026-04-01"],
        "LOG DD DTHDAT",
        "A visit is recorded after",
        "LOG DD: DTHDAT=2026-04-02",
    ),
    (
        &["SCR ICF: ICYN=Y DSSTDAT=2026-03-02", "EOS EOS: EOSDAT=2026-03-01"],
        "EOS EOS EOSDAT",
        "The study ends ({EOSDAT}) before consent",
        "EOS EOS: EOSDAT=2026-03-02",
    ),
    (&["EOS EOS: EOSREAS=DEATH"], "EOS EOS EOSREAS", "The reason is death", "LOG DD: DTHDAT=2026-06-01"),
    (
        &["LOG DD: DTHDAT=2026-06-01", "EOS EOS: EOSDAT=2026-06-01 EOSREAS=COMPLETED"],
        "EOS EOS EOSREAS",
        "Death is recorded, but another reason",
        "EOS EOS: EOSREAS=DEATH",
    ),
    (
        &["EOS EOS: EOSREAS=WITHDRAWAL+BY+SUBJECT"],
        "EOS EOS EOSREAS",
        "Consent was withdrawn: record it",
        "+SCR ICF: RICTYPE=WITHDRAWN",
    ),
    (
        &["EOS EOS: EOSDAT=2026-06-01 EOSLAST=2026-06-02"],
        "EOS EOS EOSLAST",
        "after the end of the study",
        "EOS EOS: EOSLAST=2026-06-01",
    ),
    (
        &["RAND RAND: REG2=REGO_PD1", "+LOG EC: ECSTDAT=2026-03-12", "EOT EOT: IOLAST=2026-03-11"],
        "EOT EOT IOLAST",
        "before Day 1",
        "EOT EOT: IOLAST=2026-03-12",
    ),
    (
        &["RAND RAND: REG2=REGO_PD1", "EOT EOT: EOTDAT=2026-05-02 IOLAST=2026-05-03"],
        "EOT EOT IOLAST",
        "after the decision to stop",
        "EOT EOT: IOLAST=2026-05-02",
    ),
];

#[test]
fn every_record_speaks_and_falls_silent() {
    hold(RECORDS);
}

/// An investigator's report of a serious event: the clock, the reaction that must go to the authority, and by when.
#[test]
fn a_serious_event_and_its_clock() {
    let mut nurse = Nurse::new();
    nurse.fill("RAND RAND", "ARM=CTRL").fill("LOG AE", "AEYN=Y");
    nurse.row("LOG AE", "AENO=1 AESTDAT=2026-04-02 AESER=Y AESHOSP=true");
    nurse.row("LOG SAE", "SAEAE=1 SAENO=1 SAETYPE=INITIAL SAEAWARE=2026-04-02T23:30 SAEREPT=2026-04-03T08:00");
    assert_eq!(nurse.number("LOG SAE SAEHRS"), "8.5");
    nurse.fine("LOG SAE SAEHRS");
    assert!(nurse.hides("LOG SAE SAERELRT") && nurse.hides("LOG SAE SAEAUT"), "no radiotherapy, no death");
    nurse.fill("LOG SAE", "SAERELDRG=UNLIKELY SAEEXP=UNEXPECTED SAEOUT=RECOVERING/RESOLVING");
    assert_eq!((nurse.value("LOG SAE SAESUSAR").as_str(), nurse.value("LOG SAE SAEDUE").as_str()), ("N", ""));
    nurse.fill("LOG SAE", "SAERELDRG=POSSIBLE");
    assert_eq!((nurse.value("LOG SAE SAESUSAR").as_str(), nurse.value("LOG SAE SAEDUE").as_str()), ("Y", "2026-04-17"));
    nurse.fill("LOG AE", "AESLIFE=true");
    assert_eq!(nurse.value("LOG SAE SAEDUE"), "2026-04-09");
    nurse.fill("LOG SAE", "SAEEXP=EXPECTED");
    assert_eq!(nurse.value("LOG SAE SAESUSAR"), "N");
    assert!(nurse.hides("LOG SAE SAEAUTH"));
}

/// As many visits as the plan has fractions, from its first day on; none in the control arm.
#[test]
fn fraction_visits_follow_the_plan() {
    let mut nurse = Nurse::new();
    nurse.fill("RAND RAND", "RANDDAT=2026-03-10 ARM=CTRL");
    assert!(nurse.plan("RTPLAN").is_empty() && nurse.plan("RTF").is_empty());
    assert!(nurse.hides("RTPLAN RTP RTSTART") && nurse.hides("RTF@1 RTX FXTGT@1"));
    nurse.fill("RAND RAND", "ARM=SBRT");
    assert_eq!(nurse.plan("RTPLAN"), ["2026-03-15 (2026-03-10 2026-03-24)"]);
    assert!(nurse.plan("RTF").is_empty(), "not planned yet");
    nurse.row("RTPLAN RTP", "RTID=RT1 NFX=3 TOTGY=45").row("RTPLAN RTP", "RTID=RT2 NFX=5 TOTGY=40");
    nurse.fill("RTPLAN RTP", "RTSTART=2026-03-20");
    let plan = nurse.plan("RTF");
    assert_eq!(plan.len(), 5, "{plan:?}");
    assert_eq!(
        (plan[0].as_str(), plan[4].as_str()),
        ("2026-03-20 (2026-03-19 2026-03-23)", "2026-03-28 (2026-03-27 2026-03-31)")
    );
    nurse.visit("RTF@1", "2026-03-20").fill("LOG DD", "DTHDAT=2026-03-21");
    assert_eq!(nurse.plan("RTF").len(), 1, "only what took place");
}

/// 12 mg a day, then 20 days without, then 8 mg; and the other ways to count.
#[test]
fn dose_intensity_of_each_drug() {
    let mut nurse = Nurse::new();
    nurse.fill("RAND RAND", "RANDDAT=2026-03-01 REG2=LENV").visit("C1D1", "2026-03-02").fill("C1D1 VS", "WEIGHT=70");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECDOSE=12 ECFRQ=QD ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-04-20");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECDOSE=0 ECFRQ=NONE ECSTDAT=2026-04-21 ECONGO=N ECENDAT=2026-05-10");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECDOSE=8 ECFRQ=QD ECSTDAT=2026-05-11 ECONGO=N ECENDAT=2026-06-09");
    let given: Vec<String> = (1..=3).map(|n| nurse.number(&format!("LOG EC ECGIVEN@{n}"))).collect();
    assert_eq!(given, ["600", "0", "240"]);
    nurse.fill("EOT EOT", "EOTDAT=2026-06-10");
    assert_eq!(nurse.number("EOT EOT RDITKI"), "70");
    nurse.fine("EOT EOT RDITKI");
    nurse.type_in("LOG EC ECDOSE@1", "4").soft("EOT EOT RDITKI", "is unusual. Check the periods");
    // Below 60 kg the plan is 8 mg a day.
    nurse.type_in("LOG EC ECDOSE@1", "8").fill("C1D1 VS", "WEIGHT=55");
    assert_eq!(nurse.number("EOT EOT RDITKI"), "80");

    let mut nurse = Nurse::new();
    nurse.fill("RAND RAND", "RANDDAT=2026-03-01 REG2=REGO_PD1 PD1NEW=TISLELIZUMAB");
    nurse.row("LOG EC", "ECTRT=REGORAFENIB ECDOSE=160 ECFRQ=QD21/28 ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-04-26");
    nurse.row(
        "LOG EC",
        "ECTRT=TISLELIZUMAB ECDOSE=200 ECFRQ=EVERY+3+WEEKS ECSTDAT=2026-03-02 ECONGO=N ECENDAT=2026-04-13",
    );
    nurse.fill("EOT EOT", "EOTDAT=2026-05-02");
    assert_eq!((nurse.number("EOT EOT RDITKI").as_str(), nurse.number("EOT EOT RDIIO").as_str()), ("100", "100"));
    nurse.type_in("LOG EC ECENDAT@2", "2026-03-22").fine("EOT EOT RDIIO");
    nurse.type_in("LOG EC ECDOSE@2", "50").soft("EOT EOT RDIIO", "intensity {RDIIO} is unusual");
}

/// Transaminases, Child-Pugh and the classic picture, within three months of SBRT, and not when the tumour progresses.
#[test]
fn signals_of_radiation_induced_liver_disease() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.visit("C1D1", "2026-03-12").visit("TA@1", "2026-04-23");
    nurse.fill("C1D1 LB", "LBCPERF=Y LBGPERF=Y BILI=10 ALB=45 INR=1 ASCITES=NONE HE=NONE");
    nurse.row("RTF@1 RTX", "FXTGT=RT1 FXNO=1 FXDAT=2026-03-20");
    nurse
        .fill("TA@1 LB", "LBCPERF=Y LBGPERF=Y LBCDAT=2026-04-23 BILI=10 BILIHI=20 ALB=45 INR=1 ASCITES=SLIGHT HE=NONE");
    nurse.fill("TA@1 LB", "ALP=300 ALPHI=120").soft("TA@1 LB ALP", "disease (classic)");
    nurse.fill("TA@1 LB", "BILI=41").silent("TA@1 LB ALP", "disease (classic)");
    nurse.fill("TA@1 LB", "BILI=10 ALP=240").silent("TA@1 LB ALP", "disease (classic)");
    assert_eq!((nurse.number("C1D1 LB CPPTS").as_str(), nurse.number("TA@1 LB CPPTS").as_str()), ("5", "6"));
    nurse.fill("TA@1 LB", "HE=GRADE12").soft("TA@1 LB CPPTS", "within 3 months of SBRT, without progression");
    nurse.silent("TA@1 LB CPPTS", "progression or decompensation");
    nurse.fill("TA@1 TR", "OVRLRESP=PD").silent("TA@1 LB CPPTS", "within 3 months of SBRT");
    nurse.soft("TA@1 LB CPPTS", "progression or decompensation");
}
