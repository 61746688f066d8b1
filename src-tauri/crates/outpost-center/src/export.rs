//! `export`.

use crate::at::At;
use crate::done::{Done, say, whole};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Export {
    /// One table per form, and one of all cells. Exit 1 where something is left out, which is named.
    Csv(Csv),
}

#[derive(Args)]
pub struct Csv {
    #[command(flatten)]
    at: At,
    /// The folder to write into; made where it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Export {
    pub fn run(&self) -> Done {
        let Self::Csv(csv) = self;
        let exported = csv.at.open()?.export_csv(&csv.at.stamp()?, &csv.out)?;
        exported.files.iter().for_each(|file| say!("{}", file.display()));
        whole(&exported.omitted)
    }
}
