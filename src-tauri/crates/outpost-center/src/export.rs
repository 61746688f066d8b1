//! `export`.

use crate::at::At;
use crate::done::{Done, complain, say, whole};
use center::Printable;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Export {
    /// One table per form, and one of all cells. Exit 1 where something is left out, which is named.
    ///
    /// The tables come whole or not at all: into a folder that is new or empty, or in place of an earlier export. Only this
    /// account can read them.
    ///
    /// What people typed stands as they typed it, but for one thing. A spreadsheet runs text that begins like a formula: so an
    /// apostrophe stands before what begins with = + - or @ and is no number (-1.5 stays as it is), at the beginning of a
    /// cell and after a semicolon, a tabulator or a line break in it; and before an apostrophe at such a place. To have a text as
    /// it was typed take one apostrophe off at each of these places; in R: gsub("(^|[;\t\r\n])'", "\\1", x)
    #[command(verbatim_doc_comment)]
    Csv(Csv),
}

#[derive(Args)]
pub struct Csv {
    #[command(flatten)]
    at: At,
    /// The folder of the tables: a new or empty one, or that of an earlier export, whose place they take.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Export {
    pub fn run(&self) -> Done {
        let Self::Csv(csv) = self;
        let exported = csv.at.open()?.export_csv(&csv.at.stamp()?, &csv.out)?;
        for tables in &exported.put_back {
            complain!(
                "outpost-center: an earlier export had broken off; {} was put back as it was before it",
                Printable(tables.display())
            );
        }
        if !exported.is_noted {
            complain!(
                "outpost-center: the center's folder can't be written here, so its log does not say that these data left"
            );
        }
        exported.files.iter().for_each(|file| say!("{}", Printable(file.display())));
        whole(&exported.omitted)
    }
}
