//! Derived values, by the numbers that the trial file computes.

use crate::nurse::Nurse;

fn lab() -> Nurse {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR LB", "LBHPERF=N LBCPERF=Y LBGPERF=Y LBTPERF=N");
    nurse
}

#[test]
fn albi_as_the_trial_file_computes_it() {
    let mut nurse = lab();
    for (bilirubin, albumin, score, grade, modified) in [
        ("17", "40", "-2.5879", "2", "2a"),
        ("10", "45", "-3.1650", "1", "1"),
        ("20", "35", "-2.1163", "2", "2b"),
        ("34.2", "28", "-1.3675", "3", "3"),
    ] {
        nurse.type_in("SCR LB BILI", bilirubin).type_in("SCR LB ALB", albumin);
        assert_eq!(number(&nurse.value("SCR LB ALBI")), number(score), "{bilirubin}, {albumin}");
        assert_eq!(nurse.value("SCR LB ALBIGR"), grade);
        assert_eq!(nurse.value("SCR LB MALBIGR"), modified);
    }
    // The same bilirubin as 2 mg/dL.
    nurse.type_in("SCR LB BILI", "2 mg/dL");
    assert_eq!(number(&nurse.value("SCR LB ALBI")), number("-1.3675"));
    // A value below the limit of detection gives no score rather than a wrong one.
    nurse.type_in("SCR LB BILI", "<2");
    assert_eq!(nurse.value("SCR LB ALBI"), "");
}

fn number(text: &str) -> rust_decimal::Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

#[test]
fn child_pugh_at_its_edges() {
    let mut nurse = lab();
    nurse.fill("SCR LB", "BILI=34.1 ALB=35.1 INR=1.69 ASCITES=NONE HE=NONE");
    let expect = |nurse: &Nurse, points: &str, class: &str| {
        assert_eq!((nurse.value("SCR LB CPPTS").as_str(), nurse.value("SCR LB CPCLASS").as_str()), (points, class));
    };
    expect(&nurse, "5", "A");
    nurse.type_in("SCR LB BILI", "34.2");
    expect(&nurse, "6", "A");
    nurse.type_in("SCR LB ALB", "35");
    expect(&nurse, "7", "B");
    nurse.type_in("SCR LB INR", "1.7");
    expect(&nurse, "8", "B");
    nurse.type_in("SCR LB ASCITES", "SLIGHT");
    expect(&nurse, "9", "B");
    nurse.type_in("SCR LB HE", "GRADE12");
    expect(&nurse, "10", "C");
    nurse.fill("SCR LB", "BILI=51.4 ALB=27.9 INR=2.31 ASCITES=MODERATE HE=GRADE34");
    expect(&nurse, "15", "C");
    nurse.type_in("SCR LB INR", "?not_done");
    expect(&nurse, "", "");
}

#[test]
fn two_more_points_than_at_baseline_are_noticed() {
    let mut nurse = lab();
    nurse.fill("SCR LB", "BILI=10 ALB=45 INR=1 ASCITES=NONE HE=NONE").fine("SCR LB CPPTS");
    nurse.visit("C1D1", "2026-03-12").visit("TA@1", "2026-04-23");
    nurse.fill("TA@1 LB", "LBCPERF=Y LBGPERF=Y BILI=10 ALB=34 INR=1 ASCITES=NONE HE=NONE");
    assert_eq!(nurse.value("TA@1 LB CPPTS"), "6");
    nurse.fine("TA@1 LB CPPTS");
    nurse.type_in("TA@1 LB ASCITES", "SLIGHT").soft("TA@1 LB CPPTS", "two points or more above baseline");
}

#[test]
fn age_from_partial_dates_of_birth() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02");
    for (birth, age) in
        [("1961-03-02", "65"), ("1961-03-03", "64"), ("1961", "64"), ("1961-03", "64"), ("1961-02", "65")]
    {
        nurse.type_in("SCR DM BRTHDAT", birth);
        assert_eq!(nurse.value("SCR DM AGE"), age, "{birth}");
    }
    nurse.fine("SCR DM AGE");
    nurse.type_in("SCR DM BRTHDAT", "1949").soft("SCR DM AGE", "outside the range of the protocol");
    nurse.type_in("SCR DM BRTHDAT", "2008-03-03").soft("SCR DM AGE", "outside the range of the protocol");
    nurse.type_in("SCR DM BRTHDAT", "2008-03-02").fine("SCR DM AGE");
}

#[test]
fn body_size_at_later_visits_uses_the_height_of_screening() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR VS", "HEIGHT=172 WEIGHT=65");
    assert_eq!((nurse.value("SCR VS BMI").as_str(), nurse.value("SCR VS BSA").as_str()), ("22.0", "1.76"));
    nurse.visit("C1D1", "2026-03-12").fill("C1D1 VS", "WEIGHT=66");
    assert!(nurse.hides("C1D1 VS HEIGHT") && !nurse.hides("SCR VS HEIGHT"));
    assert_eq!(nurse.value("C1D1 VS BMI"), "22.3");
    nurse.type_in("SCR VS HEIGHT", "1.80 m");
    assert_eq!(nurse.value("C1D1 VS BMI"), "20.4");
}

#[test]
fn fridericia_and_its_alarm() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR EG", "HR=60 QRS=90 QT=400");
    assert_eq!(nurse.value("SCR EG QTCF"), "400");
    nurse.fill("SCR EG", "HR=75");
    assert_eq!(nurse.value("SCR EG QTCF"), "431");
    nurse.fine("SCR EG QTCF");
    nurse.fill("SCR EG", "HR=90 QT=450").soft("SCR EG QTCF", "Call the investigator today");
    nurse.fill("SCR EG", "HR=60 QT=500").fine("SCR EG QTCF");
    nurse.fill("SCR EG", "QRS=510").hard("SCR EG QT", "longer than QRS");
}

/// Stage by the rules of the Chinese guideline, and its comparison with what was entered.
#[test]
fn cnlc_stage() {
    let mut nurse = lab();
    nurse.fill("SCR LB", "BILI=10 ALB=45 INR=1 ASCITES=NONE HE=NONE").fill("SCR ECOG", "ECOG=1");
    nurse.fill("SCR HCC", "NODN=1 NODMAX=50 PVTT=N HVTT=N IVCTT=N EHS=N");
    let mut stage = |answers: &str, expected: &str| {
        nurse.fill("SCR HCC", answers);
        assert_eq!(nurse.value("SCR HCC CNLCD"), expected, "{answers}");
    };
    stage("NODN=1", "Ia");
    stage("NODMAX=50.1", "Ib");
    stage("NODN=2 NODMAX=30", "Ib");
    stage("NODN=3 NODMAX=30.1", "IIa");
    stage("NODMAX=3.5+cm", "IIa");
    stage("NODN=4", "IIb");
    stage("PVTT=Y", "IIIa");
    stage("EHS=Y", "IIIb");
    nurse.fill("SCR HCC", "CNLC=IIIa").soft("SCR HCC CNLC", "differs from");
    nurse.fill("SCR HCC", "CNLC=IIIb").fine("SCR HCC CNLC");
    nurse.fill("SCR ECOG", "ECOG=3");
    assert_eq!(nurse.value("SCR HCC CNLCD"), "IV");
}

#[test]
fn oligoprogression_counts_lesions_and_organs() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse
        .row("SCR OP", "OPID=P1 OPORGAN=LIVER")
        .row("SCR OP", "OPID=P2 OPORGAN=LIVER")
        .row("SCR OP", "OPID=P3 OPORGAN=LUNG");
    assert_eq!((nurse.value("SCR OP OPN").as_str(), nurse.value("SCR OP OPORG").as_str()), ("3", "2"));
    nurse.fine("SCR OP OPN").fine("SCR OP OPORG");
    nurse.row("SCR OP", "OPID=P4 OPORGAN=BONE").row("SCR OP", "OPID=P5 OPORGAN=ADRENAL");
    assert_eq!(nurse.value("SCR OP OPORG"), "4");
    nurse.fine("SCR OP OPN").soft("SCR OP OPORG", "organs with progression");
    nurse.row("SCR OP", "OPID=P5 OPORGAN=LIVER").soft("SCR OP OPN", "progressing lesions");
    nurse.hard("SCR OP OPID@5", "Two rows carry").hard("SCR OP OPID@6", "Two rows carry");
    nurse.remove_row("SCR OP OPID@6").fine("SCR OP OPID@5").fine("SCR OP OPN");
    assert_eq!(nurse.value("SCR OP OPN"), "5");
}

/// The five schedules that the trial file computes.
#[test]
fn dose_of_sbrt() {
    let mut nurse = Nurse::new();
    nurse.fill("RAND RAND", "ARM=SBRT").row("RTPLAN RTP", "RTID=RT1");
    for (fractions, total, each, bed, eqd) in [
        ("5", "40", "8", "72", "60"),
        ("5", "50", "10", "100", "83.33"),
        ("3", "45", "15", "112.5", "93.75"),
        ("6", "36", "6", "57.6", "48"),
        ("3", "54", "18", "151.2", "126"),
    ] {
        nurse.fill("RTPLAN RTP", &format!("NFX={fractions} TOTGY={total}"));
        let values = ["GYFX", "BED10", "EQD2"].map(|item| number(&nurse.value(&format!("RTPLAN RTP {item}"))));
        assert_eq!(values, [each, bed, eqd].map(number), "{fractions} fractions, {total} Gy");
    }
    // 50 Gy in three: the dose per fraction is rounded for display, the effect is not computed from the rounded figure.
    nurse.fill("RTPLAN RTP", "NFX=3 TOTGY=50");
    assert_eq!(nurse.value("RTPLAN RTP GYFX"), "16.67");
    assert_eq!(number(&nurse.value("RTPLAN RTP BED10")), number("133.33"));
}
