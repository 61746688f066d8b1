//! `status`.

use crate::at::At;
use crate::done::{Done, GOOD, print_json, say};
use center::{AllocationStatus, DeviceStatus, Printable, Status};
use clap::Args;

#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    at: At,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Also check the whole database.
    #[arg(long)]
    check: bool,
}

impl Show {
    pub fn run(&self) -> Done {
        let center = self.at.open()?;
        if self.check {
            center.check()?;
        }
        let status = center.status()?;
        if self.json {
            print_json(&status)?;
        } else {
            print(&status);
        }
        GOOD
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
        many => format!(", {many} bundles wait; words: {}", device.words),
    };
    let aside = device.quarantined;
    let fork =
        device.forked_at.map_or_else(String::new, |seq| format!(", FORK at seq {seq}, {aside} entries kept aside"));
    let DeviceStatus { device, state, held, last_contact, .. } = device;
    let device = Printable(device);
    say!("  {device}  {state}, {held} entries, last contact {last_contact}{gap}{waiting}{fork}");
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
