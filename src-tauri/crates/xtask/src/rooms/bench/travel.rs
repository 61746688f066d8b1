//! Export against the public pipeline, and what the center takes in.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use site::SiteComputer;
use vault::{Locked, VaultError};
use xtask::practice;

use super::table::{Bar, Table};
use crate::steps::{Outcome, answers};

/// Exports the whole journal, holds it against `zstd -3 | age` on the same bytes, and lets the center take it in.
pub fn export_and_ingest(table: &mut Table, computer: &mut SiteComputer, folder: &Path) -> Outcome {
    let stick = folder.join("stick");
    std::fs::create_dir_all(&stick)?;
    let start = Instant::now();
    let report = computer.session(practice::now())?.export_bundle(&stick)?;
    let ours = start.elapsed().as_secs_f64();
    computer.lock(practice::now())?;
    table.note("entries exported", report.entries as f64, "entries");
    table.note("export, with re-reading and syncing", ours, "s");
    pipeline(table, folder, ours)?;
    ingest(table, folder, &report.files, report.entries)
}

fn pipeline(table: &mut Table, folder: &Path, ours: f64) -> Outcome {
    if !answers("age", "--version") || !answers("zstd", "--version") {
        println!("skipped: the pipeline needs age and zstd");
        return Ok(());
    }
    let plain = folder.join("entries.ndjson");
    write_lines(folder, &plain)?;
    let recipient = seal::Identity::make().recipient();
    let script =
        format!("set -e; zstd -q -3 -c entries.ndjson | age -r {recipient} -o pipeline.age; sync pipeline.age");
    let start = Instant::now();
    let status = Command::new("sh").args(["-c", &script]).current_dir(folder).status()?;
    let theirs = start.elapsed().as_secs_f64();
    if !status.success() {
        return Err("the pipeline failed".into());
    }
    table.note("zstd -3 | age on the same bytes", theirs, "s");
    table.hold("export / pipeline", ours / theirs, "×", Bar::Most(2.0));
    std::fs::remove_file(plain)?;
    Ok(())
}

/// The same bytes as a file: not measured.
fn write_lines(folder: &Path, file: &Path) -> Outcome {
    let (user, password) = practice::account(folder)?;
    let mut open = Locked::find(&practice::place(folder), &clinical::functions())?.unlock(
        &user,
        &password,
        &site::stamp(practice::now(), &user),
    )?;
    let snapshot = open.snapshot()?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    let held = snapshot.logs().first().map(|held| (held.log.clone(), held.seq)).ok_or("no log")?;
    snapshot.lines::<VaultError>(&held.0, 1, held.1, |_, line| Ok(out.write_all(line)?))?;
    out.flush()?;
    open.lock(&site::stamp(practice::now(), &user))?;
    Ok(())
}

fn ingest(table: &mut Table, folder: &Path, files: &[String], entries: u64) -> Outcome {
    let start = Instant::now();
    for file in files {
        let said = practice::ingest(folder, Path::new(file))?;
        if !said.starts_with("accepted") {
            return Err(format!("the center did not accept a bundle: {said}").into());
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    table.note("bundles taken in", files.len() as f64, "files");
    table.hold("ingest at the center", entries as f64 / seconds, "entries/s", Bar::Least(20_000.0));
    Ok(())
}
