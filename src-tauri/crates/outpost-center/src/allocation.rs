//! `allocation` and `release`.

use crate::at::At;
use crate::calc::unwritten;
use crate::done::{Done, GOOD, print_json, say};
use crate::source::{MOST_OF_A_TABLE, read_file};
use allocation::{Ledger, Plan};
use clap::{Args, Subcommand};
use exchange::CsvTable;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use study::Study;

#[derive(Subcommand)]
pub enum Allocation {
    /// Deal every stratum in permuted blocks, seal each slot under its own key, publish the root. Once, before the first
    /// patient.
    ///
    /// The arms, their ratio, the strata, the sizes of the blocks and the slots of each stratum come from the study file.
    /// Arms and keys stay in this center's folder, in allocation/ledger.ndjson. Kits made from now on carry the sealed
    /// slots; sites that have a kit already get them with the next reply.
    Make(Make),
    /// Check the list: every slot opens to what the ledger says, the blocks keep their law, the root is the one that was
    /// published and signed, and the slots were released in their order. Exit 0 only when all holds.
    Verify(Verify),
    /// Deal sequences from a seed and print them as CSV, to be tested with any statistics program. Nothing is kept.
    Simulate(Simulate),
}

#[derive(Args)]
pub struct Make {
    #[command(flatten)]
    at: At,
    /// Settle the arms by a seed, which is recorded; a practice center only.
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    at: At,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Simulate {
    /// The study definition.
    #[arg(long, value_name = "FILE")]
    study: PathBuf,
    /// The seed; the same seed gives the same sequences.
    #[arg(long)]
    seed: u64,
    /// How many times all strata are dealt.
    #[arg(long, default_value_t = 1)]
    sequences: u32,
}

/// The request code is as the site reads it out; groups and case do not matter. The answer is read back to the site and
/// opens that subject's slot only. The same code again gets the same answer.
#[derive(Args)]
pub struct Release {
    #[command(flatten)]
    at: At,
    /// The request code, such as 1RAK-T00C-1006-NTQA-XB3A.
    #[arg(value_name = "CODE", required_unless_present = "request", conflicts_with = "request")]
    code: Option<String>,
    /// The same, named.
    #[arg(long, value_name = "CODE")]
    request: Option<String>,
    /// The device that asks, where the code fits two.
    #[arg(long)]
    device: Option<String>,
    /// Release the subject's own slot again to another request than the first, and why: a protocol deviation.
    #[arg(long, value_name = "WHY")]
    deviation: Option<String>,
}

impl Allocation {
    pub fn run(&self) -> Done {
        match self {
            Self::Make(make) => make.run(),
            Self::Verify(verify) => verify.run(),
            Self::Simulate(simulate) => simulate.run(),
        }
    }
}

impl Make {
    fn run(&self) -> Done {
        let center = self.at.open()?;
        let root = center.make_allocation(&self.at.stamp()?, self.seed)?;
        say!("root: {root}");
        if let Some(seed) = self.seed {
            say!("seed: {seed} (practice)");
        }
        say!("publish the root now, before the first patient: anybody can check the list against it later.");
        say!("the list: {}", self.at.dir.join("allocation/slots.ndjson").display());
        GOOD
    }
}

impl Verify {
    fn run(&self) -> Done {
        let audit = self.at.open()?.audit_allocation()?;
        if self.json {
            print_json(&audit)?;
        } else {
            say!("root: {}", audit.root);
            for (what, holds) in [
                ("the root is the one that was published", audit.published),
                ("the center's signature fits", audit.signed),
                ("every slot opens to what the ledger says", audit.opens),
                ("the blocks keep their law", audit.blocks),
                ("the slots were released in their order", audit.sequence),
            ] {
                say!("{}: {what}", if holds { "good" } else { "BAD" });
            }
            say!("{} of {} slots released", audit.released, audit.slots);
            if audit.lost > 0 {
                say!("{} of them lost with a branch that was put aside: they are nobody's any more", audit.lost);
            }
        }
        Ok(if audit.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Simulate {
    fn run(&self) -> Done {
        let bytes = read_file(&self.study, MOST_OF_A_TABLE)?;
        let name = self.study.display().to_string();
        let study = Study::read(&name, &bytes, &clinical::functions()).map_err(center::CenterError::Study)?;
        let plan = Plan::of(&study).map_err(center::CenterError::from)?;
        let plan = plan.ok_or(center::CenterError::NothingAllocated)?;
        let mut out = CsvTable::new(io::stdout().lock());
        out.line(["sequence", "stratum", "slot", "block", "size", "arm"]).map_err(unwritten)?;
        let strata = plan.strata();
        for sequence in 0..self.sequences {
            // Each sequence has a seed of its own, so that one can be looked at without the others.
            let seed = self.seed.wrapping_add(u64::from(sequence));
            let ledger = Ledger::make(&study.oid, &plan, Some(seed)).map_err(center::CenterError::from)?;
            for entry in ledger.entries() {
                let stratum = &strata[entry.stratum as usize];
                let [sequence, slot, block, size] =
                    [sequence + 1, entry.slot, entry.block, entry.size].map(|number| number.to_string());
                out.line([&sequence, stratum, &slot, &block, &size, &entry.arm]).map_err(unwritten)?;
            }
        }
        drop(out.finish().map_err(unwritten)?);
        GOOD
    }
}

impl Release {
    pub fn run(&self) -> Done {
        let center = self.at.open()?;
        let code = self.code.as_deref().or(self.request.as_deref()).unwrap_or_default();
        let released = match center.release(&self.at.stamp()?, code, self.device.as_deref(), self.deviation.as_deref())
        {
            Err(center::CenterError::NotReleased(why)) => {
                say!("not released: {why}");
                return Ok(ExitCode::FAILURE);
            }
            other => other?,
        };
        let again = if released.again { " (as before)" } else { "" };
        say!("subject {}, {}", released.subject, released.device);
        say!("stratum {}, slot {}{again}", released.stratum, released.slot);
        say!("release code: {}", *released.code);
        GOOD
    }
}
