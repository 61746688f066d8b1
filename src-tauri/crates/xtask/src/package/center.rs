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
    let moment = moment(std::env::var("SOURCE_DATE_EPOCH").ok())?;
    steps::step("tarball of the center", &mut tar(&tree, &packed, &moment))?;
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
fn moment(given: Option<String>) -> Outcome<String> {
    if let Some(given) = given {
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

    /// A folder of programs in which `xtask` writes down how it was called.
    fn programs(at: &Path) -> PathBuf {
        let folder = at.join("programs");
        fs::create_dir_all(&folder).expect("a folder");
        let scripts = [
            (PROGRAM, "echo center"),
            ("xtask", "mkdir -p \"$3/man/man1\" && echo \"$1 $2\" > \"$3/man/man1/outpost-center.1\""),
        ];
        for (name, does) in scripts {
            let file = folder.join(name);
            fs::write(&file, format!("#!/bin/sh\n{does}\n")).expect("a script");
            fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("it may be run");
        }
        folder
    }

    #[test]
    fn the_tree_holds_program_papers_and_manual() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = folder.path().join("tree");
        lay_out(&programs(folder.path()), &tree).expect("a tree");
        assert_eq!(steps::output(&mut Command::new(tree.join("bin").join(PROGRAM))).expect("it answers"), "center\n");
        for paper in PAPERS {
            let here = fs::read(root().join(paper)).expect("the paper");
            assert_eq!(fs::read(tree.join("share/doc/outpost-center").join(paper)).expect(paper), here);
        }
        let page = fs::read_to_string(tree.join("share/man/man1/outpost-center.1")).expect("a page");
        assert_eq!(page, "manual --out\n");
    }

    #[test]
    fn what_is_packed_belongs_to_nobody_and_can_be_read_by_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = folder.path().join("outpost-center-0.0.0");
        lay_out(&programs(folder.path()), &tree).expect("a tree");
        let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(tree.join("share/doc/outpost-center/README.md"), only_mine).expect("a mask");
        let packed = folder.path().join("center.tar.gz");
        steps::run(&mut tar(&tree, &packed, "1700000000")).expect("it packs");
        let list = ["--list", "--verbose", "--numeric-owner", "--utc", "--full-time", "--file"];
        let told = steps::output(Command::new("tar").args(list).arg(&packed)).expect("a list");
        let lines: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().collect()).collect();
        for line in &lines {
            assert_eq!(line[1], "0/0", "{line:?}");
            assert_eq!(line[3..5], ["2023-11-14", "22:13:20"], "{line:?}");
            let may = if line[5].ends_with('/') || line[5].contains("/bin/") { "rwxr-xr-x" } else { "rw-r--r--" };
            assert_eq!(&line[0][1..], may, "{line:?}");
        }
        let names: Vec<&str> = lines.iter().map(|line| line[5]).collect();
        assert!(names.is_sorted() && names.contains(&"outpost-center-0.0.0/bin/outpost-center"), "{names:?}");
    }

    #[test]
    fn the_moment_that_is_given_goes_before_the_commits() {
        assert_eq!(moment(Some("1700000000".into())).expect("given"), "1700000000");
        match moment(None) {
            Ok(told) => assert!(told.parse::<u64>().is_ok_and(|seconds| seconds > 1_600_000_000), "{told}"),
            Err(error) => assert!(error.to_string().ends_with("; set SOURCE_DATE_EPOCH"), "{error}"),
        }
    }
}
