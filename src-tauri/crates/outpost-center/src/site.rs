//! `site` and `reply`.

use crate::at::At;
use crate::done::{CommandError, Done, GOOD, print_json, say, whole};
use crate::passphrase::read_passphrase;
use center::{CenterError, KitWithData, NewFile, Printable, ReplyWish};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Site {
    /// Add a site, and make the kit that turns an empty installation into its device.
    ///
    /// A site that is there already gets a new kit.
    Add(Add),
    /// List the sites.
    List(List),
}

#[derive(Args)]
pub struct Add {
    #[command(flatten)]
    at: At,
    /// Identifier of the site, such as S01; subjects are numbered S01-001, S01-002 …
    #[arg(long)]
    site: String,
    /// Name of the site in words; may be left out for a site that is there.
    #[arg(long)]
    name: Option<String>,
    /// Where to write the kit: a new file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// File whose first line is the passphrase that opens the kit; tell it by telephone.
    #[arg(long, value_name = "FILE", requires = "out")]
    passphrase_file: Option<PathBuf>,
    /// Let the kit carry all that the center holds of the site: a computer that takes the place of a lost one then has every
    /// subject at once. Whoever has the file and the passphrase has the data, too.
    #[arg(long, requires = "out")]
    with_data: bool,
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    at: At,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Reply {
    #[command(flatten)]
    at: At,
    /// Identifier of the site.
    #[arg(long)]
    site: String,
    /// Where to write the reply: a new file. Of several parts the second is FILE-2 and so on, before the extension.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write all that is held of the site, also what its devices said that they have, and their own entries: for a device whose
    /// vault was put back from a copy.
    #[arg(long)]
    whole: bool,
    /// Write the reply also while another key of one of the site's devices waits. Whoever has the former key, such as somebody who left
    /// with a copy of the vault, can open it: better approve or revoke the key that waits first.
    #[arg(long)]
    to_former_key: bool,
}

#[derive(Serialize)]
struct Listed {
    site: String,
    name: String,
    added: casebook::Instant,
}

impl Site {
    pub fn run(&self) -> Done {
        match self {
            Self::Add(add) => add.run(),
            Self::List(list) => list.run(),
        }
    }
}

impl Add {
    fn run(&self) -> Done {
        let center = self.at.open()?;
        let stamp = self.at.stamp()?;
        match (&self.name, center.sites()?.iter().find(|site| site.id == self.site)) {
            (Some(name), _) => center.add_site(&stamp, &self.site, name)?,
            (None, Some(_)) => {}
            (None, None) => return Err(CommandError::Said("a new site needs --name".to_owned())),
        }
        say!("site {}", self.site);
        let Some(out) = &self.out else { return GOOD };
        let Some(file) = &self.passphrase_file else {
            return Err(CommandError::Said("a kit needs --passphrase-file".to_owned()));
        };
        let passphrase = read_passphrase(file)?;
        let (kit, omitted) = if self.with_data {
            let KitWithData { packed, omitted } = center.make_kit_with_data(&stamp, &self.site, &passphrase)?;
            (packed, omitted)
        } else {
            (center.make_kit(&stamp, &self.site, &passphrase)?, Vec::new())
        };
        center::write_new(&[NewFile { path: out, bytes: &kit.bytes }])?;
        say!("kit: {}", Printable(out.display()));
        if self.with_data {
            say!("it carries {} entries", kit.envelope.entries);
        }
        say!("words of the center's key: {}", center.public_key().words());
        whole(&omitted)
    }
}

impl List {
    fn run(&self) -> Done {
        let sites = self.at.open()?.sites()?;
        if self.json {
            let listed: Vec<Listed> =
                sites.into_iter().map(|s| Listed { site: s.id, name: s.name, added: s.added }).collect();
            print_json(&listed)?;
        } else {
            sites.iter().for_each(|site| say!("{}\t{}", site.id, Printable(&site.name)));
        }
        GOOD
    }
}

impl Reply {
    pub fn run(&self) -> Done {
        let center = self.at.open()?;
        let stamp = self.at.stamp()?;
        let wish = ReplyWish { site: &self.site, whole: self.whole, to_former_key: self.to_former_key };
        let reply = match center.reply_as(&stamp, &wish) {
            Err(why @ CenterError::FormerKey(_)) => {
                say!("no reply: {why}");
                return Ok(ExitCode::FAILURE);
            }
            reply => reply?,
        };
        let outs: Vec<PathBuf> = (1..).take(reply.packed.len()).map(|part| numbered(&self.out, part)).collect();
        let parts: Vec<NewFile<'_>> =
            outs.iter().zip(&reply.packed).map(|(path, packed)| NewFile { path, bytes: &packed.bytes }).collect();
        center::write_new(&parts)?;
        outs.iter().for_each(|out| say!("reply: {}", Printable(out.display())));
        whole(&reply.omitted)
    }
}

/// The file of a part: the first is as asked for.
fn numbered(out: &Path, part: u32) -> PathBuf {
    if part == 1 {
        return out.to_owned();
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let extension = out.extension().map_or_else(String::new, |e| format!(".{}", e.to_string_lossy()));
    out.with_file_name(format!("{stem}-{part}{extension}"))
}
