//! Everything that differs between operating systems in this room: who may read the center's files, and how a name is made
//! lasting.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::NamedTempFile;

/// How long a file is waited for that another program holds, try by try: 2.5 seconds in all.
const PAUSES_MS: [u64; 8] = [10, 30, 60, 120, 240, 400, 640, 1000];

/// Closes a folder and all that will lie in it to other accounts of this computer.
///
/// On Windows by the system's own `icacls`: this account, the system itself and administrators keep access, nothing is
/// inherited from the folder above.
///
/// # Errors
/// What the system says; on Windows also when it does not say who is signed in.
pub fn make_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
    }
    #[cfg(windows)]
    {
        close_by_icacls(folder)
    }
}

/// How a file of secrets is made: new, and on Unix for us alone. On Windows it inherits the rights of the center's folder.
pub fn secret_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder and those above it that are not there, each for us alone whatever the umask says. On Windows they inherit
/// the rights of what they are made in.
///
/// # Errors
/// What the system says; a folder that is there is none.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a folder that is not there yet, for us alone.
///
/// # Errors
/// What the system says, also that it is there.
pub fn new_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether a file can be written, and another one beside it. Only a system that says no says no: whatever else fails, fails when it is
/// tried.
pub fn can_be_written(file: &Path) -> bool {
    let says_no =
        |error: io::Error| matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
    if File::options().write(true).open(file).is_err_and(says_no) {
        return false;
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    !tempfile::tempfile_in(folder).is_err_and(says_no)
}

/// Makes the name lasting that a file or folder was just given: by the folder it is in, or on Windows, where folders cannot be
/// opened, by the file itself.
///
/// # Errors
/// What the system says; that a file system knows no such thing is none, for it offers nothing better.
pub fn sync_name(of: &Path) -> io::Result<()> {
    let opened = if cfg!(unix) {
        let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?
    } else {
        match File::options().write(true).open(of) {
            Ok(opened) => opened,
            // A folder, or a file that another program reads just now: its bytes were synced when it was written.
            Err(_) => return Ok(()),
        }
    };
    match opened.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// Gives a file that was written beside its place that place, over a file if there is one. On Windows a scanner, or another
/// process of the center that writes the same, may hold either: that is waited for. It stays open, and so locked, until it has its place.
///
/// # Errors
/// What the system says; the file that was there stays.
pub fn persist(mut written: NamedTempFile, place: &Path) -> io::Result<()> {
    for pause in PAUSES_MS {
        match written.persist(place) {
            Err(refused) if is_held(&refused.error) => written = refused.file,
            done => return done.map(drop).map_err(|refused| refused.error),
        }
        std::thread::sleep(Duration::from_millis(pause));
    }
    written.persist(place).map(drop).map_err(|refused| refused.error)
}

/// Whether the error is Windows' word for a file that somebody else has open: access denied, sharing or lock violation.
fn is_held(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33))
}

/// Gives a file another name that is free: `NAME.EXTENSION`, or `NAME.EXTENSION-2` and so on. Gives the name.
///
/// # Errors
/// What the system says.
pub fn put_aside(file: &Path, extension: &str) -> io::Result<PathBuf> {
    let named = |number: u32| {
        let mut name = file.as_os_str().to_owned();
        name.push(if number == 1 { format!(".{extension}") } else { format!(".{extension}-{number}") });
        PathBuf::from(name)
    };
    // What is no link to anything is a name that is taken, too.
    let is_taken = |name: &PathBuf| fs::symlink_metadata(name).is_ok();
    let aside = (1..).map(named).find(|name| !is_taken(name)).ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(file, &aside)?;
    sync_name(&aside)?;
    Ok(aside)
}

#[cfg(windows)]
fn close_by_icacls(folder: &Path) -> io::Result<()> {
    let named =
        |name: &str| std::env::var(name).map_err(|_| io::Error::other(format!("the variable {name} is not set")));
    let program = Path::new(&named("SystemRoot")?).join("System32").join("icacls.exe");
    let account = format!("{}\\{}", named("USERDOMAIN")?, named("USERNAME")?);
    let mut command = std::process::Command::new(program);
    command.arg(folder).args(["/inheritance:r", "/grant:r"]);
    // S-1-5-18 is the system, S-1-5-32-544 are the administrators, in every language of Windows.
    command.args([account.as_str(), "*S-1-5-18", "*S-1-5-32-544"].map(|who| format!("{who}:(OI)(CI)F")));
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(io::Error::other(format!("icacls ended with {}", output.status))) }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_private_is_closed_to_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let center = folder.path().join("center");
        fs::create_dir(&center).expect("made");
        super::make_private(&center).expect("closed");
        let secret = center.join("secret");
        super::secret_file().open(&secret).and_then(|mut open| open.write_all(b"x")).expect("written");
        super::sync_name(&secret).expect("synced");
        let rights = |path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((rights(&center), rights(&secret)), (0o700, 0o600));
        assert!(super::secret_file().open(&secret).is_err(), "a secret is never written over");
        let inner = center.join("a/b");
        super::private_folder(&inner).expect("made");
        super::private_folder(&inner).expect("there");
        let own = center.join("own");
        super::new_private_folder(&own).expect("made");
        assert!(super::new_private_folder(&own).is_err(), "whose it is, is not known");
        assert_eq!([rights(&center.join("a")), rights(&inner), rights(&own)], [0o700; 3]);
    }

    /// Finding M10: a name that does not last is an error.
    #[test]
    fn m10_a_name_that_cannot_be_made_lasting_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(super::sync_name(&folder.path().join("gone/file")).is_err());
    }

    #[test]
    fn what_is_put_aside_takes_no_other_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.bundle");
        for number in 1..=3 {
            fs::write(&file, number.to_string()).expect("written");
            super::put_aside(&file, "damaged").expect("put aside");
        }
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("there");
        assert_eq!(["a.bundle.damaged", "a.bundle.damaged-2", "a.bundle.damaged-3"].map(read), ["1", "2", "3"]);
        assert!(!file.exists());
    }
}
