//! `status`.

use crate::at::At;
use crate::done::{Done, GOOD, print_json};
use center::{AllocationStatus, DeviceStatus, Status};
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
    println!("{} ({}), version {}{practice}", status.title, status.study, status.version);
    println!("center's key: {}", status.words);
    println!("{} sites, {} subjects", status.sites.len(), status.subjects);
    for site in &status.sites {
        println!("{}  {}: {} subjects", site.site, site.name, site.subjects);
        site.devices.iter().for_each(print_device);
    }
    status.allocation.iter().for_each(print_allocation);
    for alarm in &status.alarms {
        println!("ALARM {}  {} at seq {}: {}", alarm.at, alarm.log, alarm.seq, alarm.words);
    }
    for refused in &status.refused {
        println!("refused {}  {}: {}", refused.at, refused.file, refused.words);
    }
}

fn print_device(device: &DeviceStatus) {
    print!("  {}  {}, {} entries, last contact {}", device.device, device.state, device.held, device.last_contact);
    if let Some(seq) = device.gap {
        print!(", gap: expects seq {seq}");
    }
    if device.waiting > 0 {
        print!(", {} bundles wait; words: {}", device.waiting, device.words);
    }
    if let Some(seq) = device.forked_at {
        print!(", FORK at seq {seq}, {} entries kept aside", device.quarantined);
    }
    println!();
}

fn print_allocation(allocation: &AllocationStatus) {
    println!("allocation: root {}", allocation.root);
    for stratum in &allocation.strata {
        println!("  stratum {}: {} of {} slots released", stratum.stratum, stratum.released, stratum.slots);
    }
    for one in &allocation.subjects {
        let slot = one.slot.map_or_else(|| "no slot".to_owned(), |slot| format!("{} slot {slot}", one.stratum));
        println!("  {}  {slot}, {}: {}", one.subject, one.device, one.state);
    }
    if allocation.refused > 0 {
        println!("  {} requests were refused", allocation.refused);
    }
}
