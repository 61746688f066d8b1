//! The project's own commands, `cargo xtask …`; `--help` lists them.
//!
//! Built without features this program needs nothing but Rust, so that it can install the rest; the tasks that use
//! the rooms themselves are handed to the same program built with the feature `rooms`.

mod fuzz;
mod machine;
mod package;
mod python;
mod run;
mod steps;
mod test;
mod windows;

#[cfg(feature = "rooms")]
mod rooms;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs and tests Outpost; sets up what a machine lacks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Open the app on its practice site; without a display, walk the main job in a real window on a virtual one.
    Run {
        /// Walk on a virtual display even where there is a real one.
        #[arg(long)]
        walk: bool,
    },
    /// Run every test: Rust, UI, journeys in the real window, oracles. Ends with counts.
    Test {
        /// Only Rust tests whose name contains this.
        filter: Option<String>,
        /// Only what a change needs: the rooms' own tests and the UI's; no window, no Python.
        #[arg(long, conflicts_with = "filter")]
        quick: bool,
    },
    /// Open the app on its practice site with the UI served by Vite: a change of the UI shows at once.
    Dev,
    /// Formatting, lints, documentation, generated files and dependencies.
    Check,
    /// Feed invented bytes to everything that reads files of other people, guided by what the code does with them.
    Fuzz {
        /// Seconds for each target.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Only targets whose name contains this.
        target: Option<String>,
    },
    /// Let every system call of what people do fail, once and for ever, and ask whether anything acknowledged was lost.
    Faults {
        /// Only every so manieth fault; 1 takes an hour and more.
        #[arg(long, default_value_t = 1)]
        every: usize,
        /// Only this room's: site or center.
        room: Option<String>,
    },
    /// Let a storm of hostile bundles fall on a center, and let several processes take bundles in at once.
    Storm {
        /// How many bundles somebody changed; a tenth as many more are well-formed and absurd.
        #[arg(long, default_value_t = 1_000_000)]
        bundles: u64,
        /// The same seed gives the same bundles, but for keys and salts.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How often several processes race.
        #[arg(long, default_value_t = 200)]
        races: u64,
    },
    /// The rules of the house, in seconds: arrows, circles of files, sizes, names; prints where each is broken.
    Tidy {
        /// Only this room's places; every room is counted.
        room: Option<String>,
    },
    /// Build for 64-bit Windows on Debian, run the rooms' tests under Wine, link the programs and make the installers.
    Windows {
        /// Only type-check, and only where an earlier run has made the toolchain.
        #[arg(long)]
        check: bool,
    },
    /// Make what Linux machines install: .deb and .rpm of the app, a tarball of outpost-center with its manual.
    Package {
        /// Unoptimised and in less time, to try how packages are made.
        #[arg(long, conflicts_with = "check")]
        debug: bool,
        /// Make nothing; install what an earlier run has made in an empty Debian, start the app there and sign in.
        #[arg(long)]
        check: bool,
    },
    #[command(flatten)]
    Rooms(RoomsTask),
}

#[derive(Subcommand)]
enum RoomsTask {
    /// Write what follows from the contract: the window's messages, calls and permissions.
    Gen {
        /// Write nothing; fail when a file differs.
        #[arg(long)]
        check: bool,
    },
    /// Make a practice trial without a window, through the site room's own acts.
    Practice {
        /// The folder to make.
        #[arg(long)]
        out: PathBuf,
        /// How many invented subjects.
        #[arg(long, default_value_t = 6)]
        subjects: u32,
        /// The same seed gives the same answers.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Another study than the one that the program brings along.
        #[arg(long)]
        study: Option<PathBuf>,
        /// What is usual in that study's charts; without it answers fit types and limits alone.
        #[arg(long, requires = "study")]
        chart: Option<PathBuf>,
    },
    /// Write outpost-center's man pages and its completions for bash, fish and zsh.
    Manual {
        /// The folder to write them to, as they lie under `/usr/share`.
        #[arg(long)]
        out: PathBuf,
    },
    /// Measure speed as ratios within one run; writes target/bench.json.
    Bench {
        /// Entries in the large vault.
        #[arg(long, default_value_t = 1_000_000)]
        entries: u64,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Run { walk } => run::run(walk),
        Task::Test { quick: true, .. } => test::quick(),
        Task::Test { filter, quick: false } => test::test(filter.as_deref()),
        Task::Dev => run::dev(),
        Task::Check => test::check(),
        Task::Fuzz { seconds, target } => fuzz::run(seconds, target.as_deref()),
        Task::Faults { every, room } => test::faults(every, room.as_deref()),
        Task::Storm { bundles, seed, races } => test::storm(bundles, seed, races),
        Task::Tidy { room } => test::tidy(room.as_deref()),
        Task::Windows { check } => windows::windows(check),
        Task::Package { check: true, .. } => package::check(),
        Task::Package { debug, check: false } => package::make(debug),
        Task::Rooms(task) => in_the_rooms(task),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\nstopped: {trouble}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "rooms")]
fn in_the_rooms(task: RoomsTask) -> steps::Outcome {
    match task {
        RoomsTask::Gen { check } => rooms::generated::write(check),
        RoomsTask::Practice { out, subjects, seed, study, chart } => {
            rooms::practise(&out, subjects, seed, study, chart)
        }
        RoomsTask::Manual { out } => rooms::manual::write(&out),
        RoomsTask::Bench { entries } => rooms::bench::measure(entries),
    }
}

/// The same arguments, in this program built with the rooms; optimised where time is measured.
#[cfg(not(feature = "rooms"))]
fn in_the_rooms(task: RoomsTask) -> steps::Outcome {
    let release = matches!(task, RoomsTask::Bench { .. });
    machine::install_system_packages(machine::Purpose::Build)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut command = steps::cargo(["run", "--quiet", "--package", "xtask", "--features", "rooms"]);
    if release {
        command.arg("--release");
    }
    steps::run(command.arg("--").args(arguments))
}
