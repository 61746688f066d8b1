//! Which center a command works on, and who acts.

use crate::done::CommandError;
use casebook::{Instant, Offset};
use center::{Center, Stamp};
use clap::Args;
use std::path::PathBuf;
use study::Oid;

/// Which center, and who acts.
#[derive(Args)]
pub struct At {
    /// The center's folder.
    #[arg(long, value_name = "DIR")]
    pub dir: PathBuf,
    /// User id of the data manager, as the center's log names it.
    #[arg(long, value_name = "USER", default_value = "datamanager")]
    by: String,
}

impl At {
    /// Opens the center.
    pub fn open(&self) -> Result<Center, CommandError> {
        Ok(Center::open(&self.dir, &clinical::functions())?)
    }

    /// Now, by this computer's clock and time zone; a zone that is not known is never taken for UTC.
    pub fn stamp(&self) -> Result<Stamp, CommandError> {
        clock::check().map_err(|error| CommandError::Said(error.to_string()))?;
        let now = clock::now();
        let (at, tz) = (Instant::from_ms(now.at_ms), Offset::from_minutes(now.offset_minutes.into()));
        let by = Oid::from(self.by.as_str());
        center::check_person(&by)?;
        Ok(Stamp { at, tz, by })
    }
}
