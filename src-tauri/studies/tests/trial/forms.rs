//! Consent, history, eligibility, adverse events: skips and checks within a form and across forms.

use crate::nurse::Nurse;

#[test]
fn consent_comes_before_everything() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    assert!(nurse.hides("SCR ICF DSSTDAT"));
    nurse.fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-03").hard("SCR ICF DSSTDAT", "after the screening visit");
    nurse.fill("SCR ICF", "DSSTDAT=2026-03-02").fine("SCR ICF DSSTDAT");
    assert!(!nurse.hides("SCR ICF DSSTDAT"));
    nurse.fill("SCR LB", "LBHPERF=Y LBHDAT=2026-03-01").soft("SCR LB LBHDAT", "before consent");
    nurse.fill("SCR LB", "LBHDAT=2026-03-02").fine("SCR LB LBHDAT");
    nurse.fill("SCR DM", "BRTHDAT=2026-04").hard("SCR DM BRTHDAT", "after the consent");
    // The month of the consent itself leaves it open: no finding.
    nurse.fill("SCR DM", "BRTHDAT=2026-03").fine("SCR DM BRTHDAT");
    nurse.row("SCR ICF", "RICTYPE=RECONSENT RICDAT=2026-03-01").hard("SCR ICF RICDAT", "before the first consent");
    nurse.fill("SCR ICF", "ICYN=N").soft("SCR ICF ICYN", "Without written consent");
}

#[test]
fn a_panel_is_asked_once_it_is_said_to_be_done() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    assert!(nurse.hides("SCR LB HGB"));
    // What holds an answer stays in sight while it is not known whether the panel was done.
    nurse.fill("SCR LB", "HGB=120");
    assert!(!nurse.hides("SCR LB HGB") && nurse.hides("SCR LB PLAT"));
    nurse.fill("SCR LB", "LBHPERF=Y");
    assert!(!nurse.hides("SCR LB PLAT"));
    nurse.fill("SCR LB", "LBHPERF=N");
    assert!(nurse.hides("SCR LB PLAT"));
}

#[test]
fn questions_for_women_only() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    assert!(nurse.hides("SCR DM CBP"));
    nurse.fill("SCR DM", "SEX=M");
    assert!(nurse.hides("SCR DM CBP") && nurse.hides("SCR PREG PREGRES"));
    nurse.fill("SCR DM", "SEX=F CBP=Y");
    assert!(!nurse.hides("SCR DM CBP") && !nurse.hides("SCR PREG PREGRES"));
    nurse.fill("SCR PREG", "PREGRES=POSITIVE PREGDAT=2026-03-02").soft("SCR PREG PREGRES", "must not be treated");
    assert!(nurse.hides("SCR PREG PREGREAS"));
}

#[test]
fn portal_vein_thrombus() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR HCC", "PVTT=N");
    assert!(nurse.hides("SCR HCC CHENG") && nurse.hides("SCR HCC VP"));
    nurse.fill("SCR HCC", "PVTT=Y CHENG=II VP=VP3").fine("SCR HCC VP");
    for (cheng, vp, agrees) in [
        ("I", "VP2", true),
        ("I", "VP1", true),
        ("I", "VP3", false),
        ("II", "VP2", false),
        ("III", "VP4", true),
        ("IV", "VP3", false),
        ("IV", "VP4", true),
    ] {
        nurse.fill("SCR HCC", &format!("CHENG={cheng} VP={vp}"));
        if agrees {
            nurse.fine("SCR HCC VP");
        } else {
            nurse.soft("SCR HCC VP", "the same vessel");
        }
    }
    nurse.fill("SCR ECOG", "ECOG=0").fill("SCR LB", "LBCPERF=Y LBGPERF=Y BILI=10 ALB=45 INR=1 ASCITES=NONE HE=NONE");
    nurse.fill("SCR HCC", "EHS=N BCLC=B").soft("SCR HCC BCLC", "follows from ECOG");
    nurse.fill("SCR HCC", "BCLC=C").fine("SCR HCC BCLC");
}

#[test]
fn several_choices_are_booleans() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR HCC", "CIRRH=Y").soft("SCR HCC CIRRH", "Mark at least one");
    assert!(nurse.hides("SCR HCC ETOTHSP"));
    nurse.fill("SCR HCC", "ETOTH=true").fine("SCR HCC CIRRH");
    assert!(!nurse.hides("SCR HCC ETOTHSP"));
    nurse.fill("SCR HCC", "EHS=Y").soft("SCR HCC EHS", "Mark where");
    nurse.fill("SCR HCC", "EHLUNG=true").fine("SCR HCC EHS");
}

#[test]
fn first_line_therapy() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    for (regimen, allowed) in [
        ("ATEZO_BEV", "LENV_OR_REGO"),
        ("SINTI_BEV", "LENV_OR_REGO"),
        ("LENV", "REGO_PD1"),
        ("LENV_PD1", "REGO_PD1"),
        ("OTHER", "NONE"),
    ] {
        nurse.fill("SCR L1", &format!("L1REG={regimen}"));
        assert_eq!(nurse.value("SCR L1 L1ALLOW"), allowed);
    }
    nurse.soft("SCR L1 L1ALLOW", "not one that the protocol names");
    nurse.fill("SCR L1", "L1STDAT=2025-05 L1ENDAT=2025-04-30").hard("SCR L1 L1ENDAT", "before the first");
    // A day within the month of the start: not known to be earlier.
    nurse.fill("SCR L1", "L1ENDAT=2025-05-01").fine("SCR L1 L1ENDAT");
    nurse.fill("SCR L1", "PDDAT=2025").fine("SCR L1 PDDAT");
    nurse.fill("SCR L1", "PDDAT=2024").hard("SCR L1 PDDAT", "before the first dose");
}

#[test]
fn eligibility_agrees_with_the_other_forms() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02").fill("SCR DM", "BRTHDAT=1940 SEX=M").fill("SCR ECOG", "ECOG=2");
    nurse.soft("SCR ECOG ECOG", "not eligible");
    nurse
        .fill("SCR IE", "I01=Y I08=Y")
        .hard("SCR IE I01", "Correct one of them")
        .hard("SCR IE I08", "Correct one of them");
    nurse.fill("SCR DM", "BRTHDAT=1961").fill("SCR ECOG", "ECOG=1").fine("SCR IE I01").fine("SCR IE I08");
    nurse
        .fill("SCR LB", "LBHPERF=Y LBCPERF=Y NEUT=1.5 PLAT=75 HGB=90 ALT=200 AST=200 BILI=40")
        .fill("SCR LB", "ALTHI=40 ASTHI=40 BILIHI=20")
        .fill("SCR IE", "I11=Y I12=Y");
    nurse.fine("SCR IE I11").fine("SCR IE I12");
    nurse.fill("SCR LB", "PLAT=74").hard("SCR IE I11", "lies below");
    nurse.fill("SCR LB", "ALT=200.1").hard("SCR IE I12", "lies above");
    nurse.fill("SCR IE", "I12=N").soft("SCR IE I12", "no waiver").silent("SCR IE I12", "Correct one of them");
}

#[test]
fn hepatitis_b_under_immunotherapy() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR LB", "LBVPERF=Y HBSAG=POSITIVE ANTIHBV=N").soft("SCR LB ANTIHBV", "may reactivate");
    nurse.type_in("SCR LB HBVDNA", "<20 IU/mL").fill("SCR IE", "I13=Y").fine("SCR IE I13");
    nurse.type_in("SCR LB HBVDNA", "2000 IU/mL").hard("SCR IE I13", "hepatitis panel");
    // Copies are never converted: nothing is known, so nothing is said.
    nurse.type_in("SCR LB HBVDNA", "90000 copies/mL").fine("SCR IE I13");
    nurse.fill("SCR LB", "HBSAG=NEGATIVE");
    nurse.type_in("SCR LB ANTIHBV", "");
    assert!(nurse.hides("SCR LB ANTIHBV"));
}

const INCLUSION: &str = "I01=Y I02=Y I03=Y I04=Y I05=Y I06=Y I07=Y I08=Y I09=Y I10=Y I11=Y I12=Y I13=Y I14=Y";
const EXCLUSION: &str = "E01=N E02=N E03=N E04=N E05=N E06=N E07=N";

#[test]
fn any_failed_criterion_blocks_randomisation() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02").fill("RAND RAND", "RANDDAT=2026-03-09");
    nurse.hard("RAND RAND RANDDAT", "eligibility form does not say");
    nurse.fill("SCR IE", INCLUSION);
    assert_eq!(nurse.value("SCR IE IEYN"), "", "the exclusion criteria are open");
    nurse.fill("SCR IE", EXCLUSION);
    assert_eq!(nurse.value("SCR IE IEYN"), "Y");
    nurse.fine("RAND RAND RANDDAT");
    nurse.fill("SCR IE", "E06=Y");
    assert_eq!(nurse.value("SCR IE IEYN"), "N");
    nurse.hard("RAND RAND RANDDAT", "no waiver is allowed");
    nurse.fill("SCR IE", "E06=N I01=N");
    assert_eq!(nurse.value("SCR IE IEYN"), "N");
    nurse.fill("SCR IE", "I01=Y").fill("RAND RAND", "RANDDAT=2026-03-01").hard("RAND RAND RANDDAT", "before consent");
    nurse.fill("SCR L1", "L1STDAT=2025-01 PDDAT=2026-03-10").fill("RAND RAND", "RANDDAT=2026-03-09");
    nurse.hard("RAND RAND RANDDAT", "progression is dated after");
}

#[test]
fn adverse_events() {
    let mut nurse = Nurse::new();
    nurse
        .fill("LOG AE", "AEYN=Y")
        .row("LOG AE", "AETERM=Diarrhoea AESTDAT=2026-04-10 AEONGO=N AEENDAT=2026-04-09 AETOXGR=2");
    nurse.hard("LOG AE AEENDAT", "before it begins");
    nurse.fill("LOG AE", "AEENDAT=2026-04").fine("LOG AE AEENDAT");
    nurse.fill("LOG AE", "AEYN=N").hard("LOG AE AEYN", "are listed");
    nurse.fill("LOG AE", "AEYN=Y").fine("LOG AE AEYN");
    nurse.fill("LOG AE", "AESER=Y").hard("LOG AE AESER", "at least one criterion");
    nurse.fill("LOG AE", "AENO=1 AESHOSP=true").soft("LOG AE AESER", "no report stands");
    nurse.row("LOG SAE", "SAEAE=1 SAENO=1");
    nurse.fine("LOG AE AESER");
    nurse
        .fill("LOG AE", "AEOUT=FATAL")
        .hard("LOG AE AETOXGR", "belong together")
        .hard("LOG AE AEOUT", "results in death");
    nurse.fill("LOG AE", "AETOXGR=5 AESDTH=true").silent("LOG AE AETOXGR", "belong together").fine("LOG AE AEOUT");
    nurse.soft("LOG AE AETOXGR", "no date yet");
    nurse.fill("LOG DD", "DTHDAT=2026-04-20").fine("LOG AE AETOXGR");
    nurse.fill("LOG AE", "AEENDAT=2026-04-21").hard("LOG AE AEENDAT", "after death");
    nurse.fill("LOG AE", "AEOUT=RECOVERED/RESOLVED").hard("LOG AE AESDTH", "asks for the outcome");
}

#[test]
fn adverse_events_that_go_on() {
    let mut nurse = Nurse::new();
    nurse.fill("LOG AE", "AEYN=Y").row("LOG AE", "AETERM=Fatigue AEONGO=Y AETOXGR=4 AESER=N");
    assert!(nurse.hides("LOG AE AEENDAT") && nurse.hides("LOG AE AESHOSP"));
    nurse.soft("LOG AE AETOXGR", "usually serious");
    nurse.fill("LOG AE", "AELLT=Alopecia").hard("LOG AE AETOXGR", "CTCAE 5.0 has no grade");
    nurse.fill("LOG AE", "AETOXGR=2").silent("LOG AE AETOXGR", "CTCAE 5.0 has no grade");
    nurse.fill("LOG AE", "AELLT=Fatigue AETOXGR=4").hard("LOG AE AETOXGR", "CTCAE 5.0 has no grade");
    nurse.fill("LOG AE", "AELLT=Nausea AETOXGR=3").silent("LOG AE AETOXGR", "CTCAE 5.0 has no grade");
    nurse.fill("LOG AE", "AEOUT=RECOVERED/RESOLVED").hard("LOG AE AEONGO", "cannot be recovered");
    nurse.fill("LOG AE", "AEOUT=RECOVERING/RESOLVING").fine("LOG AE AEONGO");
    assert!(nurse.hides("LOG AE AERELRT"), "no arm is known");
    nurse.fill("RAND RAND", "ARM=CTRL");
    assert!(nurse.hides("LOG AE AERELRT") && nurse.hides("RTPLAN RTP RTID@1"));
    nurse.fill("RAND RAND", "ARM=SBRT");
    assert!(!nurse.hides("LOG AE AERELRT"));
}

#[test]
fn a_low_count_without_an_adverse_event() {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse.visit("C1D1", "2026-03-12").fill("C1D1 LB", "LBHPERF=Y PLAT=49").soft("C1D1 LB PLAT", "grade 3 or worse");
    nurse.row("LOG AE", "AETERM=Platelets AETOXGR=2").soft("C1D1 LB PLAT", "grade 3 or worse");
    nurse.fill("LOG AE", "AETOXGR=3").fine("C1D1 LB PLAT");
    nurse.fill("SCR LB", "LBHPERF=Y PLAT=45").silent("SCR LB PLAT", "grade 3 or worse");
}
