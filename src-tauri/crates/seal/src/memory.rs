//! Keys lie in the memory of a process while it works. They shall not get from there to a disk.

use std::io;

/// Keeps this process's memory, and that of the processes that it starts, out of core dumps; on Linux no program of the same
/// person may read it either. Asked for at the start of a program, before it holds any secret. On Windows nothing is done:
/// reports of errors there hold no memory unless somebody has set them up to.
///
/// # Errors
/// The operating system refuses; the program can go on.
pub fn forbid_dumps() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    use super::forbid_dumps;

    /// security.md, M8: core dumps were left as the system has them.
    #[test]
    fn m8_a_process_that_holds_keys_is_not_dumped() {
        forbid_dumps().expect("done");
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(dumpable_behavior().expect("told"), DumpableBehavior::NotDumpable);
        forbid_dumps().expect("again");
    }
}
