//! `study`.

use crate::at::At;
use crate::done::{Done, GOOD, print_json, refused, say};
use crate::source::{MOST_OF_A_TABLE, read_file};
use center::{Amendment, CenterError, NewFile};
use clap::{Args, Subcommand};
use clinical::functions;
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use study::Document;
use study::amend::Difference;

#[derive(Subcommand)]
pub enum Study {
    /// Check a study definition and list all its faults: file, line, OID, reason.
    Check(Check),
    /// Show what a study definition would change as the next version, and what keeps it from being one.
    Diff(Diff),
    /// Publish a version of the study; it travels with the next reply to each site that it is for.
    ///
    /// Subjects stay on their version until people at the site migrate them. A version that is published already may be
    /// published again for further sites.
    Publish(Publish),
    /// List what was published: version, day, approval, sites.
    List(List),
    /// Load a dictionary of terms into a study definition.
    Dictionary(crate::dictionary::Dictionary),
}

#[derive(Args)]
pub struct Diff {
    #[command(flatten)]
    at: At,
    /// The study definition, an ODM 1.3 file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Publish {
    #[command(flatten)]
    at: At,
    /// The study definition, an ODM 1.3 file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A site that it is for; may be given several times. Without it, all sites.
    #[arg(long = "site", value_name = "SITE")]
    sites: Vec<String>,
    /// From which day sites may put it into force, YYYY-MM-DD.
    #[arg(long, value_name = "DAY")]
    effective: String,
    /// Reference of the approval by ethics committee and authority.
    #[arg(long, value_name = "TEXT")]
    approval: String,
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    at: At,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Different {
    part: &'static str,
    fate: &'static str,
    oid: String,
    within: Option<String>,
    words: String,
}

#[derive(Serialize)]
struct Listed {
    version: String,
    published: String,
    effective: String,
    approval: String,
    sites: Vec<String>,
    file: String,
}

impl Diff {
    fn run(&self) -> Done {
        let bytes = read_file(&self.file, MOST_OF_A_TABLE)?;
        let found = match self.at.open()?.amendment(&self.file.display().to_string(), &bytes) {
            Err(CenterError::Study(faults)) => return Ok(refused(&faults)),
            found => found?,
        };
        if self.json {
            let listed: Vec<Different> = found
                .iter()
                .map(|one| Different {
                    part: one.part.code(),
                    fate: one.fate.code(),
                    oid: one.oid.to_string(),
                    within: one.within.as_ref().map(ToString::to_string),
                    words: one.to_string(),
                })
                .collect();
            print_json(&listed)?;
        } else {
            tell(&found);
        }
        GOOD
    }
}

impl Publish {
    fn run(&self) -> Done {
        let bytes = read_file(&self.file, MOST_OF_A_TABLE)?;
        let name = self.file.display().to_string();
        let (effective, approval) = (&*self.effective, &*self.approval);
        let amendment = Amendment { name: &name, file: &bytes, effective, approval, sites: &self.sites };
        let (version, found) = match self.at.open()?.publish(&self.at.stamp()?, &amendment) {
            Err(CenterError::Study(faults)) => return Ok(refused(&faults)),
            done => done?,
        };
        tell(&found);
        let sites = if self.sites.is_empty() { "all sites".to_owned() } else { self.sites.join(", ") };
        say!("published version {version} for {sites}, effective {effective}");
        GOOD
    }
}

impl List {
    fn run(&self) -> Done {
        let listed: Vec<Listed> = self
            .at
            .open()?
            .publications()?
            .into_iter()
            .map(|one| Listed {
                version: one.act.version.to_string(),
                published: one.at,
                effective: one.act.effective,
                approval: one.act.approval,
                sites: one.act.sites.iter().map(ToString::to_string).collect(),
                file: one.act.file,
            })
            .collect();
        if self.json {
            print_json(&listed)?;
        } else {
            for one in &listed {
                let sites = if one.sites.is_empty() { "all sites".to_owned() } else { one.sites.join(", ") };
                say!("{}\teffective {}\t{}\t{sites}", one.version, one.effective, one.approval);
            }
        }
        GOOD
    }
}

fn tell(found: &[Difference]) {
    found.iter().for_each(|one| say!("{one}"));
    say!("{} differences", found.len());
}

#[derive(Args)]
pub struct Check {
    /// The study definition, an ODM 1.3 file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also write it as this program writes XML, into a new file.
    #[arg(long, value_name = "OUT")]
    write: Option<PathBuf>,
}

impl Study {
    pub fn run(&self) -> Done {
        match self {
            Self::Check(check) => check.run(),
            Self::Diff(diff) => diff.run(),
            Self::Publish(publish) => publish.run(),
            Self::List(list) => list.run(),
            Self::Dictionary(dictionary) => dictionary.run(),
        }
    }
}

impl Check {
    fn run(&self) -> Done {
        let bytes = read_file(&self.file, MOST_OF_A_TABLE)?;
        let name = self.file.display().to_string();
        let read = Document::parse(&name, &bytes).and_then(|document| {
            let study = study::Study::from_document(&document, &functions())?;
            Ok((document, study))
        });
        let (document, study) = match read {
            Ok(read) => read,
            Err(faults) => return Ok(refused(&faults)),
        };
        study.notes.iter().for_each(|note| say!("note: {note}"));
        study.lacks.iter().for_each(|lack| say!("lacks: {lack}"));
        if let Some(out) = &self.write {
            center::write_new(&[NewFile { path: out, bytes: document.to_xml().as_bytes() }])?;
        }
        say!(
            "{} ({}), version {}: {} events, {} forms, {} items, {} code lists, languages {}",
            study.name,
            study.oid,
            study.metadata_version,
            study.events.len(),
            study.forms.len(),
            study.items.len(),
            study.codelists.len(),
            study.languages.join(", ")
        );
        if study.lacks.is_empty() { GOOD } else { Ok(ExitCode::FAILURE) }
    }
}
