//! Everything that differs between operating systems in this room: who may read the center's files, and how a new name is
//! made lasting.

#[cfg(unix)]
use std::fs;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

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

/// Makes the name lasting that a file was just given, as far as the file system can: by its folder, or on Windows, where
/// folders cannot be opened, by the file itself.
pub fn sync_name(file: &Path) {
    let opened = if cfg!(unix) {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))
    } else {
        File::options().write(true).open(file)
    };
    // A file system that cannot sync a name offers nothing better.
    let _ = opened.and_then(|opened| opened.sync_all());
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
        super::sync_name(&secret);
        let rights = |path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((rights(&center), rights(&secret)), (0o700, 0o600));
        assert!(super::secret_file().open(&secret).is_err(), "a secret is never written over");
    }
}
