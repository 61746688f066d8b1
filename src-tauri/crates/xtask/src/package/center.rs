//! The tarball of `outpost-center`: the program, its manual, completions and licences, laid out as under `/usr/local`.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::place::{folder, remove};
use crate::steps::{self, Outcome, root};

const PROGRAM: &str = "outpost-center";
const PAPERS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Packs the built program.
pub fn pack(programs: &Path) -> Outcome<PathBuf> {
    let name = format!("{PROGRAM}-{}-{ARCH}-{OS}", env!("CARGO_PKG_VERSION"));
    let tree = folder().join(&name);
    lay_out(programs, &tree)?;
    let packed = folder().join(format!("{name}.tar.gz"));
    steps::step("tarball of the center", &mut tar(&tree, &packed, &moment()?))?;
    remove(&tree)?;
    Ok(packed)
}

fn lay_out(programs: &Path, tree: &Path) -> Outcome {
    let (bin, share) = (tree.join("bin"), tree.join("share"));
    let papers = share.join("doc").join(PROGRAM);
    fs::create_dir_all(&bin)?;
    fs::create_dir_all(&papers)?;
    fs::copy(programs.join(PROGRAM), bin.join(PROGRAM))?;
    for paper in PAPERS {
        fs::copy(root().join(paper), papers.join(paper))?;
    }
    // This program, built with the rooms, knows the center's command line.
    steps::run(Command::new(programs.join("xtask")).args(["manual", "--out"]).arg(share))
}

/// The same files give the same bytes: in the order of their names, all of one moment, nobody's and without this
/// machine's masks.
fn tar(tree: &Path, packed: &Path, moment: &str) -> Command {
    let mut command = Command::new("tar");
    command.args(["--create", "--format=ustar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"]);
    command.args(["--mode=u=rwX,go=rX", "--use-compress-program=gzip --no-name --best"]);
    command.arg(format!("--mtime=@{moment}")).arg("--file").arg(packed);
    command.arg("--directory").arg(tree.parent().unwrap_or(tree)).arg(tree.file_name().unwrap_or_default());
    command
}

/// When the commit was made, in seconds since 1970; where there is no repository, `SOURCE_DATE_EPOCH` says it.
fn moment() -> Outcome<String> {
    if let Ok(given) = std::env::var("SOURCE_DATE_EPOCH") {
        return Ok(given);
    }
    let told = steps::output(Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root()));
    told.map(|moment| moment.trim().to_owned()).map_err(|error| format!("{error}; set SOURCE_DATE_EPOCH").into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_are_packed_to_the_same_bytes() {
        let folder = crate::steps::target().join("tmp").join(format!("tarball-{}", std::process::id()));
        let pack = |place: &str, names: [&str; 2]| {
            let tree = folder.join(place).join("tree");
            fs::create_dir_all(&tree).expect("a folder");
            names.iter().for_each(|name| fs::write(tree.join(name), name).expect("a file"));
            let packed = folder.join(format!("{place}.tar.gz"));
            steps::run(&mut tar(&tree, &packed, "1700000000")).expect("it packs");
            fs::read(packed).expect("a tarball")
        };
        let first = pack("first", ["a", "b"]);
        // The clock of many a file system ticks only so often.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert!(first == pack("second", ["b", "a"]));
        fs::remove_dir_all(folder).expect("it goes");
    }
}
