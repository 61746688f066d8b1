//! `recover`.

use crate::at::At;
use crate::done::{CommandError, Done, GOOD, say};
use crate::source::{MOST_OF_A_SECRET, read_file};
use center::{Caller, CenterError, Printable};
use clap::Args;
use seal::{Identity, Zeroizing};
use std::path::PathBuf;
use std::process::ExitCode;

/// Read out a recovery code to somebody at a site who lost the password.
///
/// First make sure who calls: call back on the number that the center knows. The caller reads the device's identifier from the
/// first screen, and the user id that the password is to be set for. The code opens that device's vault once, and a new password
/// is set with it. That it was read out, when, by whom, for whom and why, is in the center's log before it is shown; that another
/// account got a password by it is an alarm. It takes the offline recovery key: put that back into its safe.
#[derive(Args)]
pub struct Recover {
    #[command(flatten)]
    at: At,
    /// The device, such as S01-k7f2m3pq.
    #[arg(long, value_name = "DEVICE")]
    device: String,
    /// The account whose password is to be set, by its user id, such as nurse1.
    #[arg(long, value_name = "USER")]
    user: String,
    /// Of an earlier set of the device's codes: a backup opens by those that were in force when it was made, and shows which.
    #[arg(long, value_name = "N")]
    set: Option<u64>,
    /// The file of the offline recovery key, recovery.agekey.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Read a code out although entries that may tell of codes can't be read any more: for each one code is passed over for good, for it may
    /// have been read out before.
    #[arg(long)]
    despite_damage: bool,
    /// Why, in words, and who called.
    #[arg(long, value_name = "WORDS")]
    reason: String,
}

impl Recover {
    pub fn run(&self) -> Done {
        let center = self.at.open()?;
        let key = self.read_key()?;
        let Self { device, user, set, reason, .. } = self;
        let caller = Caller { device, user, set: *set, reason };
        let stamp = self.at.stamp()?;
        let read_out = if self.despite_damage {
            center.read_out_despite_damage(&stamp, caller, &key)
        } else {
            center.read_out_code(&stamp, caller, &key)
        };
        let read_out = match read_out {
            Err(CenterError::NotReadOut(why)) => {
                say!("no code: {why}");
                return Ok(ExitCode::FAILURE);
            }
            read_out => read_out?,
        };
        say!("device {}, site {}", Printable(&read_out.device), Printable(&read_out.site));
        say!("words of its key: {}", read_out.words);
        for words in &read_out.asking {
            say!("words of a key that waits for it and shows its kit, as after an account was closed there: {words}");
        }
        say!("for account {} alone", Printable(&read_out.user));
        say!("code {} of set {}; {} are left:", read_out.number, read_out.set, read_out.left);
        say!("{}", read_out.code.as_str());
        GOOD
    }

    fn read_key(&self) -> Result<Identity, CommandError> {
        let text = Zeroizing::new(read_file(&self.key, MOST_OF_A_SECRET)?);
        let none =
            || CommandError::Said(format!("{}: this file holds no secret age key", Printable(self.key.display())));
        Identity::from_file(str::from_utf8(&text).map_err(|_| none())?).map_err(|_| none())
    }
}
