//! `status`.

use crate::at::At;
use crate::done::{Done, complain, print_json, say, whole};
use center::{AllocationStatus, CenterError, CodeUsed, DeviceStatus, Printable, RecoveryStatus, SettledStatus, Status};
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    at: At,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Also check the whole database, and every bundle and receipt that is kept. What is wrong with single logs, subjects and files
    /// is said; the others are shown all the same.
    #[arg(long)]
    check: bool,
}

impl Show {
    pub fn run(&self) -> Done {
        let center = self.at.open()?;
        let faults = if self.check { faults(center.check())? } else { Vec::new() };
        // Before all else: what a check found is said whatever fails after it. The others are shown all the same.
        faults.iter().for_each(|fault| complain!("outpost-center: {fault}"));
        let status = center.status()?;
        let told = if self.json {
            print_json(&status)?;
            if status.omitted.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        } else {
            print(&status);
            whole(&status.omitted)?
        };
        Ok(if faults.is_empty() { told } else { ExitCode::FAILURE })
    }
}

/// What a check found of single logs and subjects.
fn faults(checked: Result<(), CenterError>) -> Result<Vec<CenterError>, CenterError> {
    match checked {
        Ok(()) => Ok(Vec::new()),
        Err(CenterError::Unsound(faults)) => Ok(faults),
        Err(
            fault @ (CenterError::Chain { .. }
            | CenterError::Aside { .. }
            | CenterError::Evidence { .. }
            | CenterError::FoldedRows { .. }
            | CenterError::Unreadable { .. }),
        ) => Ok(vec![fault]),
        Err(other) => Err(other),
    }
}

fn print(status: &Status) {
    let practice = if status.practice { " [practice]" } else { "" };
    say!("{} ({}), version {}{practice}", status.title, status.study, status.version);
    say!("center's key: {}", status.words);
    say!("{} sites, {} subjects", status.sites.len(), status.subjects);
    for site in &status.sites {
        say!("{}  {}: {} subjects", site.site, Printable(&site.name), site.subjects);
        site.devices.iter().for_each(print_device);
    }
    status.allocation.iter().for_each(print_allocation);
    for alarm in &status.alarms {
        say!("ALARM {}  {} at seq {}: {}", alarm.at, Printable(&alarm.log), alarm.seq, alarm.words);
    }
    for refused in &status.refused {
        say!("refused {}  {}: {}", refused.at, Printable(&refused.file), Printable(&refused.words));
    }
}

fn print_device(device: &DeviceStatus) {
    let gap = device.gap.map_or_else(String::new, |seq| format!(", gap: expects seq {seq}"));
    let waiting = match device.waiting {
        0 => String::new(),
        many if device.state == "approved" => format!(", {many} bundles wait for the next ingest"),
        many => format!(", {many} bundles wait, {}; words: {}", device.kit, device.words),
    };
    let aside = device.quarantined;
    let fork =
        device.forked_at.map_or_else(String::new, |seq| format!(", FORK at seq {seq}, {aside} entries kept aside"));
    let settled = device.settled.as_ref().map_or_else(String::new, settled);
    let codes = device.recovery.as_ref().map_or_else(String::new, |codes| {
        let RecoveryStatus { left, released, used, .. } = codes;
        format!(", recovery codes: {left} left, {released} read out, {used} used")
    });
    let DeviceStatus { device, state, held, last_contact, codes_used, .. } = device;
    let device = Printable(device);
    say!("  {device}  {state}, {held} entries, last contact {last_contact}{gap}{waiting}{fork}{settled}{codes}");
    codes_used.iter().for_each(print_code);
}

/// Whose password a recovery code set, and for whom it was read out.
fn print_code(used: &CodeUsed) {
    let CodeUsed { set, code, user, read_out_for } = used;
    let account = Printable(user);
    match read_out_for {
        Some(meant) if used.is_anothers() => {
            say!(
                "    code {code} of set {set} was read out for {} and SET THE PASSWORD OF {account}",
                Printable(meant)
            );
        }
        Some(_) => say!("    code {code} of set {set} set the password of {account}, for whom it was read out"),
        None => {
            say!("    code {code} of set {set} set the password of {account}; for whom it was read out was not said")
        }
    }
}

/// How its log was settled. A vault that goes on with what was put aside is refused, which says what to do.
fn settled(settled: &SettledStatus) -> String {
    let SettledStatus { seq, kept, entries } = settled;
    format!(
        ", settled at seq {seq}: {kept} goes on, {entries} entries are put aside (a vault that wrote them can't go on: found it anew by site add --with-data)"
    )
}

fn print_allocation(allocation: &AllocationStatus) {
    say!("allocation: root {}", allocation.root);
    for stratum in &allocation.strata {
        say!("  stratum {}: {} of {} slots released", stratum.stratum, stratum.released, stratum.slots);
    }
    for one in &allocation.subjects {
        let slot = one.slot.map_or_else(|| "no slot".to_owned(), |slot| format!("{} slot {slot}", one.stratum));
        say!("  {}  {slot}, {}: {}", Printable(&one.subject), Printable(&one.device), one.state);
    }
    if allocation.refused > 0 {
        say!("  {} requests were refused", allocation.refused);
    }
}
