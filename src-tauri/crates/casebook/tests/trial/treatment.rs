//! Treatment, radiotherapy, the end of treatment, follow-up and death, across forms.

use crate::nurse::Nurse;

fn randomised(arm: &str, regimen: &str) -> Nurse {
    let mut nurse = Nurse::at("SCR", "2026-03-02");
    nurse
        .fill("SCR ICF", "ICYN=Y DSSTDAT=2026-03-02")
        .fill("RAND RAND", &format!("RANDDAT=2026-03-10 ARM={arm} REG2={regimen}"));
    nurse
}

#[test]
fn the_first_line_decides_the_second() {
    let mut nurse = randomised("SBRT", "REGO_PD1");
    nurse.fill("SCR L1", "L1REG=ATEZO_BEV").hard("RAND RAND REG2", "allows lenvatinib or regorafenib");
    nurse.fill("RAND RAND", "REG2=LENV").fine("RAND RAND REG2");
    assert!(nurse.hides("RAND RAND PD1NEW"));
    nurse.fill("SCR L1", "L1REG=LENV_PD1 L1PD1=SINTILIMAB").hard("RAND RAND REG2", "another PD-1 antibody");
    nurse.fill("RAND RAND", "REG2=REGO_PD1 PD1NEW=SINTILIMAB").hard("RAND RAND PD1NEW", "must differ");
    nurse.fill("RAND RAND", "PD1NEW=TISLELIZUMAB").fine("RAND RAND PD1NEW");
    assert!(nurse.hides("RAND RAND PD1NEWSP"));
}

#[test]
fn drugs_and_doses() {
    let mut nurse = randomised("CTRL", "LENV");
    nurse.visit("C1D1", "2026-03-12").fill("C1D1 VS", "WEIGHT=58");
    nurse.row("LOG EC", "ECTRT=REGORAFENIB").hard("LOG EC ECTRT", "not the planned second line");
    nurse.fill("LOG EC", "ECTRT=LENVATINIB ECDOSE=12 ECFRQ=QD").fine("LOG EC ECTRT");
    nurse.soft("LOG EC ECDOSE", "below 60 kg");
    nurse.fill("C1D1 VS", "WEIGHT=60").fine("LOG EC ECDOSE");
    nurse.fill("LOG EC", "ECDOSE=10").soft("LOG EC ECDOSE", "12, 8 or 4 mg");
    nurse.fill("LOG EC", "ECDOSE=0").hard("LOG EC ECDOSE", "belong together");
    nurse.fill("LOG EC", "ECFRQ=NONE").fine("LOG EC ECDOSE");
    nurse.fill("LOG EC", "ECSTDAT=2026-03-09").hard("LOG EC ECSTDAT", "before randomisation");
}

#[test]
fn periods_of_one_drug_do_not_overlap() {
    let mut nurse = randomised("CTRL", "LENV");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECSTDAT=2026-03-12 ECONGO=N ECENDAT=2026-04-01");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECSTDAT=2026-04-01 ECONGO=N ECENDAT=2026-05-01");
    nurse.hard("LOG EC ECENDAT@1", "overlaps").hard("LOG EC ECENDAT@2", "overlaps");
    nurse.type_in("LOG EC ECSTDAT@2", "2026-04-02").fine("LOG EC ECENDAT@1").fine("LOG EC ECENDAT@2");
    assert_eq!(nurse.value("LOG EC TRTSDAT"), "2026-03-12");
    nurse
        .row("LOG EC", "ECTRT=LENVATINIB ECSTDAT=2026-04-20 ECONGO=Y")
        .hard("LOG EC ECONGO@3", "Only one can be ongoing");
    nurse.type_in("LOG EC ECSTDAT@3", "2026-05-02").fine("LOG EC ECONGO@3");
}

#[test]
fn day_one_within_a_week_of_allocation() {
    let mut nurse = randomised("CTRL", "LENV");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECSTDAT=2026-03-17").fine("LOG EC TRTSDAT");
    nurse.fill("LOG EC", "ECSTDAT=2026-03-18").soft("LOG EC TRTSDAT", "more than 7 days after randomisation");
    nurse.fill("LOG EC", "ECSTDAT=2026-03-17").fill("SCR DM", "SEX=F CBP=Y").soft("LOG EC TRTSDAT", "pregnancy test");
    nurse.fill("SCR PREG", "PREGRES=NEGATIVE PREGDAT=2026-03-09").soft("LOG EC TRTSDAT", "pregnancy test");
    nurse.fill("C1D1 PREG", "PREGRES=NEGATIVE PREGDAT=2026-03-16").fine("LOG EC TRTSDAT");
}

fn irradiated() -> Nurse {
    let mut nurse = randomised("SBRT", "LENV");
    nurse.row("SCR OP", "OPID=P1 OPORGAN=LIVER").row("SCR OP", "OPID=P2 OPORGAN=LUNG");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECSTDAT=2026-03-12 ECONGO=Y");
    nurse.row("LOG RTP", "RTID=RT1 RTPOP=P1 RTPORGAN=LIVER NFX=5 TOTGY=40");
    nurse
}

#[test]
fn every_lesion_needs_a_target() {
    let mut nurse = irradiated();
    assert_eq!(nurse.value("LOG RTP RTPMISS"), "1");
    nurse.soft("LOG RTP RTPMISS", "have no target");
    nurse.row("LOG RTP", "RTID=RT2 RTPOP=P3").hard("LOG RTP RTPOP@2", "has no lesion");
    nurse.type_in("LOG RTP RTPOP@2", "P2").fine("LOG RTP RTPOP@2");
    assert_eq!(nurse.value("LOG RTP RTPMISS"), "0");
    nurse.type_in("LOG RTP RTPORGAN@2", "BONE").soft("LOG RTP RTPORGAN@2", "another organ");
    assert!(nurse.hides("LOG RTP LIVMEAN@2") && !nurse.hides("LOG RTP LIVMEAN@1"));
}

#[test]
fn volumes_and_the_liver() {
    let mut nurse = irradiated();
    nurse
        .fill("LOG RTP", "GTV=10 ITV=9 PTV=9.5")
        .hard("LOG RTP ITV", "smaller than GTV")
        .hard("LOG RTP PTV", "smaller than GTV");
    nurse.fill("LOG RTP", "ITV=12 PTV=20").fine("LOG RTP ITV").fine("LOG RTP PTV");
    nurse.fill("LOG RTP", "LIVMEAN=17.99").fine("LOG RTP LIVMEAN");
    nurse.fill("LOG RTP", "LIVMEAN=18").soft("LOG RTP LIVMEAN", "below 18 Gy");
    nurse.fill("LOG RTP", "NFX=3 TOTGY=45 LIVMEAN=13").soft("LOG RTP LIVMEAN", "below 13 Gy");
    nurse.fill("LOG RTP", "LIVMEAN=12.9").fine("LOG RTP LIVMEAN");
    nurse.fill("LOG RTP", "LIVCC=1200 LIVLT15=699").soft("LOG RTP LIVLT15", "Less than 700 cc");
    nurse.fill("LOG RTP", "LIVLT15=700").fine("LOG RTP LIVLT15");
    nurse.fill("LOG RTP", "LIVLT15=1201").hard("LOG RTP LIVLT15", "exceeds the liver");
    nurse.fill("LOG RTP", "D95=42.74").soft("LOG RTP D95", "below 95 %");
    nurse.fill("LOG RTP", "D95=42.75").fine("LOG RTP D95");
}

#[test]
fn fractions() {
    let mut nurse = irradiated();
    nurse.row("LOG RTX", "FXTGT=RT1 FXNO=1 FXDAT=2026-03-26 FXGY=8").fine("LOG RTX FXDAT").fine("LOG RTX RTSDAT");
    nurse.fill("LOG RTX", "FXDAT=2026-03-27").soft("LOG RTX RTSDAT", "more than 2 weeks");
    nurse.fill("LOG RTX", "FXDAT=2026-03-20").fine("LOG RTX RTSDAT");
    nurse.row("LOG RTX", "FXTGT=RT1 FXNO=1 FXDAT=2026-03-20 FXGY=8").hard("LOG RTX FXNO@2", "entered twice");
    nurse.soft("LOG RTX FXDAT@2", "on one day");
    nurse.type_in("LOG RTX FXNO@2", "2").fine("LOG RTX FXNO@2");
    nurse.type_in("LOG RTX FXDAT@2", "2026-03-19").hard("LOG RTX FXDAT@2", "bears a later date");
    nurse.type_in("LOG RTX FXDAT@2", "2026-03-21").fine("LOG RTX FXDAT@2");
    nurse.type_in("LOG RTX FXNO@2", "6").soft("LOG RTX FXNO@2", "beyond the number planned");
    nurse.row("LOG RTX", "FXTGT=RT2 FXNO=1").hard("LOG RTX FXTGT@3", "has no target");
    nurse.remove_row("LOG RTX FXTGT@3");
    assert_eq!((nurse.value("LOG RTX RTEDAT").as_str(), nurse.value("LOG RTX RTXN").as_str()), ("2026-03-21", "2"));
}

#[test]
fn no_more_dose_than_planned() {
    let mut nurse = irradiated();
    for (n, day) in (1..=5).zip(["20", "21", "22", "23", "24"]) {
        nurse.row("LOG RTX", &format!("FXTGT=RT1 FXNO={n} FXDAT=2026-03-{day} FXGY=8"));
    }
    nurse.fine("LOG RTX FXGY@5");
    nurse
        .type_in("LOG RTX FXGY@5", "8.1")
        .hard("LOG RTX FXGY@5", "exceed the planned total")
        .hard("LOG RTX FXGY@1", "exceed");
    nurse.type_in("LOG RTX FXGY@5", "7.5").soft("LOG RTX FXGY@5", "more than 5 %").silent("LOG RTX FXGY@5", "exceed");
    nurse.type_in("LOG RTX FXGY@5", "7.6").fine("LOG RTX FXGY@5");
}

#[test]
fn transaminases_after_sbrt() {
    let mut nurse = irradiated();
    nurse.row("LOG RTX", "FXTGT=RT1 FXNO=1 FXDAT=2026-03-20").visit("C1D1", "2026-03-12");
    nurse.visit("TA@1", "2026-04-23").fill("TA@1 LB", "LBCPERF=Y LBCDAT=2026-04-23 ALT=200 ALTHI=40");
    nurse.silent("TA@1 LB ALT", "radiation-induced");
    nurse.type_in("TA@1 LB ALT", "201").soft("TA@1 LB ALT", "radiation-induced");
    nurse.type_in("TA@1 LB LBCDAT", "2026-06-21").silent("TA@1 LB ALT", "radiation-induced");
}

#[test]
fn the_end_of_treatment() {
    let mut nurse = randomised("SBRT", "LENV");
    nurse.visit("C1D1", "2026-03-12").visit("TA@1", "2026-04-23").visit("EOT", "2026-05-04");
    nurse.row("LOG EC", "ECTRT=LENVATINIB ECSTDAT=2026-03-12 ECONGO=Y");
    nurse.fill("EOT EOT", "EOTDAT=2026-05-02 LASTDAT=2026-05-03").hard("EOT EOT LASTDAT", "after the decision");
    nurse.soft("EOT EOT LASTDAT", "Close the periods").soft("LOG EC ECONGO", "still ongoing");
    nurse.fill("LOG EC", "ECONGO=N ECENDAT=2026-05-01").fill("EOT EOT", "LASTDAT=2026-05-01").fine("EOT EOT LASTDAT");
    nurse.fill("EOT EOT", "EOTREAS=PROGRESSIVE+DISEASE").soft("EOT EOT EOTREAS", "does not say PD");
    nurse.fill("TA@1 TR", "OVRLRESP=PD").fine("EOT EOT EOTREAS");
    nurse
        .fill("EOT EOT", "EOTREAS=DEATH")
        .soft("EOT EOT EOTREAS", "fill in the death form")
        .soft("EOT EOT EOTREAS", "says PD");
    assert!(nurse.hides("EOT EOT EOTSP") && !nurse.hides("EOT EOT RTDONE"));
}

#[test]
fn follow_up_and_death() {
    let mut nurse = randomised("CTRL", "LENV");
    nurse.visit("LTFU@1", "2026-08-03").fill("LTFU@1 LTFU", "SURVSTAT=ALIVE LASTALV=2026-08-04");
    nurse.hard("LTFU@1 LTFU LASTALV", "after this follow-up");
    nurse.fill("LTFU@1 LTFU", "LASTALV=2026-08-03").fine("LTFU@1 LTFU LASTALV");
    nurse.fill("LOG DD", "DTHDAT=2026-08-02").hard("LTFU@1 LTFU LASTALV", "after the recorded death");
    nurse.hard("LOG DD DTHDAT", "seen alive after");
    // Known to the month only: it may be later in August.
    nurse.fill("LOG DD", "DTHDAT=2026-08").fine("LTFU@1 LTFU LASTALV").fine("LOG DD DTHDAT");
    nurse.fill("LOG DD", "DTHDAT=2026-02").hard("LOG DD DTHDAT", "before consent");
    nurse.fill("LOG DD", "DTHDAT=2026-09-01 DTHAE=Y").hard("LOG DD DTHAE", "no event of grade 5");
    nurse.row("LOG AE", "AETERM=Bleeding AETOXGR=5").fine("LOG DD DTHAE");
    nurse.fill("LOG DD", "DTHAE=N").hard("LOG DD DTHAE", "then death is due to it");
    nurse.fill("LTFU@1 LTFU", "NACTYN=N").row("LTFU@1 LTFU", "NACTTYPE=SBRT").hard("LTFU@1 LTFU NACTYN", "are listed");
}
