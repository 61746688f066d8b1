//! `outpost-center`: the coordinating center's program. What it says and how it exits; see `outpost-center --help`.
//! A library, so that its manual can be written from its own command line: see `command`.
//!
//! Exit 0: all is well. 1: something was refused, is left out, waits for somebody, or has faults. 2: the command could not be done,
//! or its answer not be written. What people read goes to standard output, one line per thing; errors go to standard error.

mod allocation;
mod at;
mod calc;
mod device;
mod dictionary;
mod done;
mod export;
mod ingest;
mod passphrase;
mod recover;
mod site;
mod source;
mod status;
mod study;
mod text;
mod verify;

use crate::at::At;
use crate::done::{CommandError, Done, GOOD, complain, say, unsaid};
use crate::source::{MOST_OF_A_TABLE, read_file};
use center::{Center, CenterError, Founding};
use clap::{Args, CommandFactory, Parser, Subcommand};
use program_log::LevelFilter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant as Stopwatch;

/// The coordinating center of a trial that is run with Outpost.
///
/// It makes the kits that turn empty installations into a site's devices, takes in the bundles that devices send,
/// answers with receipts, and exports the data. One folder is one center; back it up whole.
#[derive(Parser)]
#[command(name = "outpost-center", bin_name = "outpost-center", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a center: check the study, draw the keys.
    Init(Init),
    /// Add sites, make their kits, list them.
    #[command(subcommand)]
    Site(site::Site),
    /// List devices, approve or revoke them, settle a log that has two branches.
    #[command(subcommand)]
    Device(device::Device),
    /// Take in bundles, one line each.
    ///
    /// accepted n entries | already held | parked, expects seq n | waiting for approval | fork | refused: why
    ///
    /// Exit 1 where somebody has to do something, also where a bundle waits for approval.
    Ingest(ingest::Ingest),
    /// Check a bundle; needs no center. Exit 0 only when all that was asked holds.
    Verify(verify::Verify),
    /// Write the reply to a site: receipts, the center's own entries, other devices' entries, the study.
    Reply(site::Reply),
    /// Deal the randomisation slots, and check them.
    #[command(subcommand)]
    Allocation(allocation::Allocation),
    /// Release one randomisation slot to a request that a site reads out by telephone.
    Release(allocation::Release),
    // Its manual stands with it: a line here would take its place.
    Recover(recover::Recover),
    /// Show sites, devices, gaps and alarms.
    Status(status::Show),
    /// Export data.
    #[command(subcommand)]
    Export(export::Export),
    /// List the free texts about a subject, delete the words of one for good.
    #[command(subcommand)]
    Text(text::Text),
    /// Check study definitions, compare and publish versions of the study, list them.
    #[command(subcommand)]
    Study(study::Study),
    // Its manual stands with it: a line here would take its place.
    Grade(calc::grade::Grade),
    // Its manual stands with it, too.
    Recist(Box<calc::recist::Recist>),
    /// Print every clinical constant and setting with its source: the sheet that a clinician signs.
    Constants(calc::constants::Constants),
}

#[derive(Args)]
struct Init {
    #[command(flatten)]
    at: At,
    /// The study definition, an ODM 1.3 file.
    #[arg(long, value_name = "FILE")]
    study: PathBuf,
    /// Make a practice center: it takes in practice bundles and nothing else.
    #[arg(long)]
    practice: bool,
    /// Use the keys in this folder, on which a practice site was founded from its first screen.
    #[arg(long, value_name = "DIR", requires = "practice")]
    keys: Option<PathBuf>,
}

/// Its command line as it is read: man pages and completions are written from it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Does what the command line asks.
#[must_use]
pub fn run() -> ExitCode {
    program_log::note_panics();
    if let Err(error) = seal::forbid_dumps() {
        eprintln!("outpost-center: the memory of this program may be written into a core dump: {error}");
    }
    // A terminal is for answers: the log says nothing below an error unless its variable asks for more.
    if let Err(error) = program_log::start("outpost-center", None, LevelFilter::ERROR) {
        complain!("outpost-center: {error}");
    }
    let (command, started) = (Cli::parse().command, Stopwatch::now());
    let name = command.name();
    let done = caught(|| command.run());
    let refused = done.as_ref().err().map(|_| "error");
    program_log::act(name, started.elapsed(), refused);
    let code = done.unwrap_or_else(|failure| {
        if let CommandError::Center(CenterError::Study(faults)) = &failure {
            faults.iter().for_each(|fault| complain!("{fault}"));
        }
        complain!("outpost-center: {failure}");
        ExitCode::from(2)
    });
    let Some(error) = unsaid() else { return code };
    complain!("outpost-center: the command was done, but not all of its answer could be written: {error}");
    ExitCode::from(2)
}

/// What a command comes to; a fault of this program is said like any other error.
fn caught(work: impl FnOnce() -> Result<ExitCode, CommandError>) -> Result<ExitCode, CommandError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let said = "a fault of this program ended the command; what it had done whole stays done";
        Err(CommandError::Said(said.to_owned()))
    })
}

impl Command {
    /// The command's name in the log.
    fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::Site(_) => "site",
            Self::Device(_) => "device",
            Self::Ingest(_) => "ingest",
            Self::Verify(_) => "verify",
            Self::Reply(_) => "reply",
            Self::Allocation(_) => "allocation",
            Self::Release(_) => "release",
            Self::Recover(_) => "recover",
            Self::Status(_) => "status",
            Self::Export(_) => "export",
            Self::Text(_) => "text",
            Self::Study(_) => "study",
            Self::Grade(_) => "grade",
            Self::Recist(_) => "recist",
            Self::Constants(_) => "constants",
        }
    }

    fn run(self) -> Done {
        match self {
            Self::Init(init) => init.run(),
            Self::Site(site) => site.run(),
            Self::Device(device) => device.run(),
            Self::Ingest(ingest) => ingest.run(),
            Self::Verify(verify) => verify.run(),
            Self::Reply(reply) => reply.run(),
            Self::Allocation(allocation) => allocation.run(),
            Self::Release(release) => release.run(),
            Self::Recover(recover) => recover.run(),
            Self::Status(show) => show.run(),
            Self::Export(export) => export.run(),
            Self::Text(text) => text.run(),
            Self::Study(study) => study.run(),
            Self::Grade(grade) => grade.run(),
            Self::Recist(recist) => recist.run(),
            Self::Constants(constants) => constants.run(),
        }
    }
}

impl Init {
    fn run(&self) -> Done {
        let bytes = read_file(&self.study, MOST_OF_A_TABLE)?;
        let name = self.study.display().to_string();
        let functions = clinical::functions();
        let founding = Founding { study_name: &name, study: &bytes, functions: &functions, practice: self.practice };
        let center = match &self.keys {
            Some(keys) => Center::init_practice(&self.at.dir, &founding, keys, &self.at.stamp()?)?,
            None => Center::init(&self.at.dir, &founding, &self.at.stamp()?)?,
        };
        let kind = if center.is_practice() { "practice center" } else { "center" };
        say!(
            "{kind} for {} ({}), version {}",
            center.study().name,
            center.study().oid,
            center.study().metadata_version
        );
        say!("key: {}", center.public_key());
        say!("words: {}", center.public_key().words());
        say!("{} opens every bundle if this computer is lost:", self.at.dir.join(center::RECOVERY).display());
        say!("move it to a safe place off this computer, and delete it here.");
        if cfg!(windows) {
            self.close_to_others();
        }
        GOOD
    }

    /// Takes the folder's rights from other accounts of this computer, or says what to do where that fails.
    fn close_to_others(&self) {
        let dir = self.at.dir.display();
        match center::make_private(&self.at.dir) {
            Ok(()) => say!("{dir} is closed to other accounts of this computer."),
            Err(error) => {
                complain!("warning: other accounts of this computer may be able to read the keys in {dir} ({error}):");
                complain!("close the folder to them in its properties, under Security.");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The low ones of security.md: whoever runs a command reads a sentence, never the words of a panic.
    #[test]
    fn a9_a_fault_of_the_program_becomes_a_sentence() {
        let said = caught(|| panic!("a fault that a test planned")).map_err(|error| error.to_string());
        assert_eq!(
            said,
            Err("a fault of this program ended the command; what it had done whole stays done".to_owned())
        );
        assert!(caught(|| Ok(ExitCode::SUCCESS)).is_ok());
    }
}
