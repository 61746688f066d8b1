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
    nurse.row("RTPLAN RTP", "RTID=RT1 RTPOP=P1 RTPORGAN=LIVER NFX=5 TOTGY=40");
    nurse
}

#[test]
fn every_lesion_needs_a_target() {
    let mut nurse = irradiated();
    assert_eq!(nurse.value("RTPLAN RTP RTPMISS"), "1");
    nurse.soft("RTPLAN RTP RTPMISS", "have no target");
    nurse.row("RTPLAN RTP", "RTID=RT2 RTPOP=P3").hard("RTPLAN RTP RTPOP@2", "has no lesion");
    nurse.type_in("RTPLAN RTP RTPOP@2", "P2").fine("RTPLAN RTP RTPOP@2");
    assert_eq!(nurse.value("RTPLAN RTP RTPMISS"), "0");
    nurse.type_in("RTPLAN RTP RTPORGAN@2", "BONE").soft("RTPLAN RTP RTPORGAN@2", "another organ");
    assert!(nurse.hides("RTPLAN RTP LIVMEAN@2") && !nurse.hides("RTPLAN RTP LIVMEAN@1"));
}

#[test]
fn volumes_and_the_liver() {
    let mut nurse = irradiated();
    nurse
        .fill("RTPLAN RTP", "GTV=10 ITV=9 PTV=9.5")
        .hard("RTPLAN RTP ITV", "smaller than GTV")
        .hard("RTPLAN RTP PTV", "smaller than GTV");
    nurse.fill("RTPLAN RTP", "ITV=12 PTV=20").fine("RTPLAN RTP ITV").fine("RTPLAN RTP PTV");
    nurse.fill("RTPLAN RTP", "LIVMEAN=17.99").fine("RTPLAN RTP LIVMEAN");
    nurse.fill("RTPLAN RTP", "LIVMEAN=18").soft("RTPLAN RTP LIVMEAN", "below 18 Gy");
    nurse.fill("RTPLAN RTP", "NFX=3 TOTGY=45 LIVMEAN=13").soft("RTPLAN RTP LIVMEAN", "below 13 Gy");
    nurse.fill("RTPLAN RTP", "LIVMEAN=12.9").fine("RTPLAN RTP LIVMEAN");
    nurse.fill("RTPLAN RTP", "LIVCC=1200 LIVLT15=699").soft("RTPLAN RTP LIVLT15", "Less than 700 cc");
    nurse.fill("RTPLAN RTP", "LIVLT15=700").fine("RTPLAN RTP LIVLT15");
    nurse.fill("RTPLAN RTP", "LIVLT15=1201").hard("RTPLAN RTP LIVLT15", "exceeds the liver");
    nurse.fill("RTPLAN RTP", "D95=42.74").soft("RTPLAN RTP D95", "below 95 %");
    nurse.fill("RTPLAN RTP", "D95=42.75").fine("RTPLAN RTP D95");
}

#[test]
fn fractions() {
    let mut nurse = irradiated();
    nurse.visit("RTF@1", "2026-03-20").fill("LOG RTS", "RTXSTAT=GOES+ON");
    nurse
        .row("RTF@1 RTX", "FXTGT=RT1 FXNO=1 FXDAT=2026-03-26 FXGY=8")
        .soft("RTF@1 RTX FXDAT", "the visit otherwise")
        .fine("LOG RTS RTSDAT");
    nurse.fill("RTF@1 RTX", "FXDAT=2026-03-27").soft("LOG RTS RTSDAT", "more than 2 weeks");
    nurse.fill("RTF@1 RTX", "FXDAT=2026-03-20").fine("LOG RTS RTSDAT");
    nurse.row("RTF@1 RTX", "FXTGT=RT1 FXNO=1 FXDAT=2026-03-20 FXGY=8").hard("RTF@1 RTX FXNO@2", "entered twice");
    nurse.soft("RTF@1 RTX FXDAT@2", "on one day");
    nurse.type_in("RTF@1 RTX FXNO@2", "2").fine("RTF@1 RTX FXNO@2");
    nurse.type_in("RTF@1 RTX FXDAT@2", "2026-03-19").hard("RTF@1 RTX FXDAT@2", "bears a later date");
    nurse.type_in("RTF@1 RTX FXDAT@2", "2026-03-21").silent("RTF@1 RTX FXDAT@2", "later date");
    nurse.type_in("RTF@1 RTX FXNO@2", "6").soft("RTF@1 RTX FXNO@2", "beyond the number planned");
    nurse.row("RTF@1 RTX", "FXTGT=RT2 FXNO=1").hard("RTF@1 RTX FXTGT@3", "has no target");
    nurse.remove_row("RTF@1 RTX FXTGT@3");
    assert_eq!((nurse.value("LOG RTS RTEDAT").as_str(), nurse.value("LOG RTS RTXN").as_str()), ("2026-03-21", "2"));
}

#[test]
fn no_more_dose_than_planned() {
    let mut nurse = irradiated();
    for (n, day) in (1..=5).zip(["20", "21", "22", "23", "24"]) {
        nurse.row("RTF@1 RTX", &format!("FXTGT=RT1 FXNO={n} FXDAT=2026-03-{day} FXGY=8"));
    }
    nurse.fine("RTF@1 RTX FXGY@5");
    nurse
        .type_in("RTF@1 RTX FXGY@5", "8.1")
        .hard("RTF@1 RTX FXGY@5", "exceed the planned total")
        .hard("RTF@1 RTX FXGY@1", "exceed");
    nurse
        .type_in("RTF@1 RTX FXGY@5", "7.5")
        .soft("RTF@1 RTX FXGY@5", "more than 5 %")
        .silent("RTF@1 RTX FXGY@5", "exceed");
    nurse.type_in("RTF@1 RTX FXGY@5", "7.6").fine("RTF@1 RTX FXGY@5");
}

#[test]
fn transaminases_after_sbrt() {
    let mut nurse = irradiated();
    nurse.row("RTF@1 RTX", "FXTGT=RT1 FXNO=1 FXDAT=2026-03-20").visit("C1D1", "2026-03-12");
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
    nurse.fill("LTFU@1 LTFU", "NACTYN=Y").hard("LTFU@1 LTFU NACTYN", "new anticancer treatment is empty");
    nurse.row("LOG NACT", "NACTTYPE=SBRT").fine("LTFU@1 LTFU NACTYN");
}
