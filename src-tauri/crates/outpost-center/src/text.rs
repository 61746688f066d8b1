//! `text`.

use crate::at::At;
use crate::done::{CommandError, Done, GOOD, say};
use casebook::TextCommit;
use center::Printable;
use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Text {
    /// List the free texts about a subject, one line each: what names it, log and place, act, words.
    List(List),
    /// Delete the words of a free text for good, because they must not be kept: a name, for instance.
    ///
    /// They go from the center's database, from later exports and replies, and at the sites when they read the next reply; no
    /// bundle brings them back. The entry that they belong to stays, and says that they were redacted. The bundles that
    /// brought them stay as they were signed, encrypted to the center's keys.
    Redact(Redact),
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    at: At,
    /// The subject, such as S01-001.
    #[arg(long)]
    subject: String,
}

#[derive(Args)]
pub struct Redact {
    #[command(flatten)]
    at: At,
    /// What names the text, as `text list` shows it: 64 hexadecimal digits.
    #[arg(value_name = "TEXT")]
    text: String,
    /// Why, in words; without the words themselves.
    #[arg(long)]
    reason: String,
}

impl Text {
    pub fn run(&self) -> Done {
        match self {
            Self::List(list) => list.run(),
            Self::Redact(redact) => redact.run(),
        }
    }
}

impl List {
    fn run(&self) -> Done {
        for text in self.at.open()?.texts(&self.subject)? {
            let words = text.words.as_ref().map_or("(redacted, or not come)", |words| words.as_str());
            let (commit, log, seq) = (text.commit.hex(), Printable(&text.log), text.seq);
            say!("{commit}\t{log} seq {seq}\t{}\t{}", text.act, Printable(words));
        }
        GOOD
    }
}

impl Redact {
    fn run(&self) -> Done {
        let none = || CommandError::Said("what names a text is 64 hexadecimal digits".to_owned());
        let text: TextCommit = self.text.parse().map_err(|_| none())?;
        let written = self.at.open()?.redact(&self.at.stamp()?, text, &self.reason)?;
        say!("redacted {}: {} entries", text.hex(), written.len());
        GOOD
    }
}
