//! `device`.

use crate::at::At;
use crate::done::{CommandError, Done, GOOD, print_json, say};
use center::{DeviceState, ImportedBundle, Printable};
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Device {
    /// List the devices with the words of their keys.
    List(List),
    /// Accept a device, after its words were compared by telephone, and take in what it has sent.
    ///
    /// Says whether it came by a kit of its site, as `device list` does before: each kit counts once. A kit that was made by an
    /// earlier version can't be shown.
    ///
    /// Where somebody leaves a site, the device draws a new key, which waits beside the approved one. It is approved by its words
    /// alone (--words) and takes the former one's place: what the former key signed is refused from then on.
    Approve(Approve),
    /// Refuse a device from now on, for instance because it was stolen.
    ///
    /// One that waits for approval is rejected, by its words where several keys wait for it: somebody else may have sent a bundle
    /// in its name. The device itself can be approved all the same.
    Revoke(Revoke),
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    at: At,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Approve {
    #[command(flatten)]
    at: At,
    /// The device, such as S01-k7f2m3pq; may be left out where exactly one waits.
    #[arg(value_name = "DEVICE")]
    device: Option<String>,
    /// The words of its key, where several keys wait for the same device, or one beside the approved key; the others are forgotten.
    #[arg(long, value_name = "WORDS", requires = "device")]
    words: Option<String>,
}

#[derive(Args)]
pub struct Revoke {
    #[command(flatten)]
    at: At,
    /// The device, such as S01-k7f2m3pq.
    #[arg(value_name = "DEVICE")]
    device: String,
    /// Why, in words.
    #[arg(long)]
    reason: String,
    /// The words of a key that waits and is not the device's.
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
}

impl Device {
    pub fn run(&self) -> Done {
        match self {
            Self::List(list) => list.run(),
            Self::Approve(approve) => approve.run(),
            Self::Revoke(revoke) => {
                let center = revoke.at.open()?;
                match &revoke.words {
                    Some(words) => center.reject_key(&revoke.device, words)?,
                    None => center.revoke(&revoke.at.stamp()?, &revoke.device, &revoke.reason)?,
                }
                say!("revoked {}", revoke.device);
                GOOD
            }
        }
    }
}

impl List {
    fn run(&self) -> Done {
        let status = self.at.open()?.status()?;
        let devices: Vec<_> = status.sites.into_iter().flat_map(|site| site.devices).collect();
        if self.json {
            print_json(&devices)?;
        } else {
            for d in &devices {
                say!("{}\t{}\theld {}\t{}\t{}", Printable(&d.device), d.state, d.held, d.words, d.kit);
            }
        }
        GOOD
    }
}

impl Approve {
    fn run(&self) -> Done {
        let center = self.at.open()?;
        let device = match &self.device {
            Some(device) => device.clone(),
            None => {
                let waiting: Vec<_> =
                    center.devices()?.into_iter().filter(|d| d.state == DeviceState::Waiting).collect();
                match waiting.as_slice() {
                    [one] => one.log.clone(),
                    [] => return Err(CommandError::Said("no device waits for approval".to_owned())),
                    _ => {
                        return Err(CommandError::Said(
                            "more than one device waits: name the one that is meant".to_owned(),
                        ));
                    }
                }
            }
        };
        let stamp = self.at.stamp()?;
        let kit = center.approve_key(&stamp, &device, self.words.as_deref())?;
        say!("approved {device}: it {kit}");
        let imported = center.import_waiting(&stamp, &device)?;
        imported.iter().for_each(|bundle| say!("{bundle}"));
        let good = imported.iter().all(ImportedBundle::is_good);
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
