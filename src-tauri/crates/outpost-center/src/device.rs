//! `device`.

use crate::at::At;
use crate::done::{CommandError, Done, GOOD, print_json, say};
use center::{
    Approval, Branch, BranchView, CenterError, Choice, DeviceState, ForkView, ImportedBundle, ParkedView, Printable,
    PutAside, Revocation, RevokeWish, Settled, SettledBy, SettledRest, SlotView, UnreadBundle,
};
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Device {
    /// List the devices with the words of their keys.
    List(List),
    /// Accept a device, after its words were compared by telephone, and take in what it has sent.
    ///
    /// Says whether it came by a kit of its site, as `device list` does before: each kit counts once. A kit that was made by an
    /// earlier version can't be shown.
    ///
    /// Where somebody leaves a site, the device draws a new key, which waits beside the approved one. It is approved by its words
    /// alone (--words) and takes the former one's place: what the former key signed is refused from then on. Other keys that wait for
    /// the device go on waiting.
    Approve(Approve),
    /// Refuse a device from now on, for instance because it was stolen.
    ///
    /// One that waits for approval is rejected, by its words where several keys wait for it: somebody else may have sent a bundle
    /// in its name. The device itself can be approved all the same. Why it was rejected stands in the list of refused files of
    /// `status`, which can't be redacted: name no participant.
    Revoke(Revoke),
    /// Choose which branch of a device's log goes on, where it has two: a copy of its vault was used, or an old one put back.
    ///
    /// Look with --show first. The other branch stays in the center as evidence, and a query is raised about each value, date and
    /// answer of it that is not in force; what no query can ask about is listed, and stands in the center's log. All of it can be read
    /// with --rest at any time after. A vault that goes on with the other branch is refused from then on: found it anew by a kit with
    /// the site's data. Can't be undone; the same choice once more does nothing.
    Settle(Settle),
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
pub struct Approve {
    #[command(flatten)]
    at: At,
    /// The device, such as S01-k7f2m3pq; may be left out where exactly one waits.
    #[arg(value_name = "DEVICE")]
    device: Option<String>,
    /// The words of its key, where several keys wait for the same device, or one beside the approved key. Of a device that nobody has
    /// approved before, the others are forgotten.
    #[arg(long, value_name = "WORDS", requires = "device")]
    words: Option<String>,
}

#[derive(Args)]
pub struct Revoke {
    #[command(flatten)]
    at: At,
    /// The device, such as S01-k7f2m3pq.
    #[arg(value_name = "DEVICE")]
    device: String,
    /// Why, in words.
    #[arg(long)]
    reason: String,
    /// The words of the key that is meant, where another waits: the device's own revokes the device, another one is rejected.
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
    /// Reject every key that waits for the device, whoever made it, and leave the device itself as it is: for instance where so many
    /// wait that its own new key finds no room. Take its bundle in once more then.
    #[arg(long, conflicts_with = "words")]
    waiting: bool,
    /// Revoke the device although another key of it waits, whose data are taken in no more then: its bundles are named, stay as evidence,
    /// and can be read with `device settle --rest`.
    #[arg(long, conflicts_with = "waiting")]
    and_waiting: bool,
}

#[derive(Args)]
pub struct Settle {
    #[command(flatten)]
    at: At,
    /// The device, such as S01-k7f2m3pq.
    #[arg(value_name = "DEVICE")]
    device: String,
    /// Show both branches side by side, and change nothing.
    #[arg(long, conflicts_with_all = ["keep", "reason", "rest"])]
    show: bool,
    /// Print all that the branches say that were put aside, with values and words, and change nothing: what people entered, so mind who
    /// reads it. Bundles that were put aside unread are opened, and those that waited and were refused, as when the device was revoked,
    /// without the words of their free texts. Exits 1 where something is damaged.
    #[arg(long, conflicts_with_all = ["keep", "reason"])]
    rest: bool,
    /// With --show or --rest, print JSON.
    #[arg(long, conflicts_with_all = ["keep", "reason"])]
    json: bool,
    /// The branch that goes on: held, the one that the center held first, or later, the one that is kept aside. The later one only
    /// while no other device was given the one held first.
    #[arg(long, value_name = "BRANCH", required_unless_present_any = ["show", "rest"])]
    keep: Option<Keep>,
    /// Why, in words.
    #[arg(long, value_name = "WORDS", required_unless_present_any = ["show", "rest"])]
    reason: Option<String>,
    /// What --show printed as the branches' mark: where one has grown since, nothing is done.
    #[arg(long, value_name = "MARK", conflicts_with_all = ["show", "rest"])]
    head: Option<String>,
    /// Settle although bundles of the device wait for an earlier one and may be of the branch that is put aside: they are put aside with
    /// it, and nobody is asked about what they say. A vault that goes on sends its own once more.
    #[arg(long, conflicts_with_all = ["show", "rest"])]
    without_parked: bool,
    /// Settle although a slot was released by telephone to this subject for a request that has not come, and never will: its computer is
    /// lost. Once for each such subject, as --show names them. The slot is named, and an alarm is raised; who received it is in no
    /// branch that goes on.
    #[arg(long, value_name = "SUBJECT", conflicts_with_all = ["show", "rest"])]
    without_request: Vec<String>,
    /// Settle although no vault can go on with the branch: it is signed by a key that the device has no more, for instance that of somebody
    /// who left. Only where the other branch can't be chosen.
    #[arg(long, conflicts_with_all = ["show", "rest"])]
    without_vault: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Keep {
    Held,
    Later,
}

impl Device {
    pub fn run(&self) -> Done {
        match self {
            Self::List(list) => list.run(),
            Self::Approve(approve) => approve.run(),
            Self::Settle(settle) => settle.run(),
            Self::Revoke(revoke) => revoke.run(),
        }
    }
}

impl Revoke {
    fn run(&self) -> Done {
        let center = self.at.open()?;
        let (stamp, device) = (self.at.stamp()?, &self.device);
        if self.waiting {
            let many = center.reject_waiting(&stamp, device, &self.reason)?;
            say!("rejected {many} keys that waited for {device}; what is approved stays as it is");
            return GOOD;
        }
        // What the device sent before stays: it is taken in as far as it can be.
        let before = center.import_parked(&stamp)?;
        before.iter().for_each(|bundle| say!("{bundle}"));
        let (words, reason) = (self.words.as_deref(), self.reason.as_str());
        let wish = RevokeWish { log: device, words, reason, and_waiting: self.and_waiting };
        match center.revoke_as(&stamp, &wish)? {
            Revocation::Device { refused } => {
                say!("revoked {device}");
                for bundle in &refused {
                    say!(
                        "{bundle}.bundle: refused: it waited, and nothing of this device is taken in any more; the file stays, and `device settle {device} --rest` prints what it says"
                    );
                }
            }
            Revocation::Key => say!("rejected a key that waited for {device}; the device itself stays as it is"),
        }
        Ok(if before.iter().all(ImportedBundle::is_good) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl List {
    fn run(&self) -> Done {
        let status = self.at.open()?.status()?;
        let devices: Vec<_> = status.sites.into_iter().flat_map(|site| site.devices).collect();
        if self.json {
            print_json(&devices)?;
        } else {
            for d in &devices {
                say!("{}\t{}\theld {}\t{}\t{}", Printable(&d.device), d.state, d.held, d.words, d.kit);
            }
        }
        GOOD
    }
}

impl Approve {
    fn run(&self) -> Done {
        let center = self.at.open()?;
        let device = match &self.device {
            Some(device) => device.clone(),
            None => {
                let waiting: Vec<_> =
                    center.devices()?.into_iter().filter(|d| d.state == DeviceState::Waiting).collect();
                match waiting.as_slice() {
                    [one] => one.log.clone(),
                    [] => return Err(CommandError::Said("no device waits for approval".to_owned())),
                    _ => {
                        return Err(CommandError::Said(
                            "more than one device waits: name the one that is meant".to_owned(),
                        ));
                    }
                }
            }
        };
        let stamp = self.at.stamp()?;
        let Approval { kit, refused } = center.approve_key(&stamp, &device, self.words.as_deref())?;
        say!("approved {device}: it {kit}");
        for bundle in &refused {
            say!(
                "{bundle}.bundle: refused: the former key signed it, and it waited; the device sends again what is its own"
            );
        }
        let imported = center.import_waiting(&stamp, &device)?;
        imported.iter().for_each(|bundle| say!("{bundle}"));
        let good = refused.is_empty() && imported.iter().all(ImportedBundle::is_good);
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Settle {
    fn run(&self) -> Done {
        let center = self.at.open()?;
        let (Some(keep), Some(reason)) = (self.keep, &self.reason) else {
            return if self.rest {
                self.say_rest(&center.rest(&self.device)?, &center.refused(&self.device)?)
            } else {
                self.show(&center.fork(&self.device)?)
            };
        };
        let keep = match keep {
            Keep::Held => Branch::Held,
            Keep::Later => Branch::Later,
        };
        let stamp = self.at.stamp()?;
        // What waits and follows one of the branches belongs to it before anybody chooses.
        let before = center.import_parked(&stamp)?;
        before.iter().for_each(|bundle| say!("{bundle}"));
        let choice = Choice {
            device: &self.device,
            keep,
            reason,
            shown: self.head.as_deref(),
            without_parked: self.without_parked,
            without_request: &self.without_request,
            without_vault: self.without_vault,
        };
        let settled = match center.settle(&stamp, &choice) {
            Err(CenterError::NotSettled(why)) => {
                say!("not settled: {why}");
                return Ok(ExitCode::FAILURE);
            }
            settled => settled?,
        };
        say_settled(&settled);
        // What came too early for one branch may follow the other.
        let after = center.import_parked(&stamp)?;
        after.iter().for_each(|bundle| say!("{bundle}"));
        let is_settled = |bundle: &&ImportedBundle| !(bundle.is_fork() && bundle.log.as_ref() == Some(&self.device));
        let good = before.iter().filter(is_settled).chain(&after).all(ImportedBundle::is_good);
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn say_rest(&self, rest: &[SettledRest], refused: &[UnreadBundle]) -> Done {
        let is_whole = !rest.iter().any(SettledRest::is_damaged) && !refused.iter().any(|bundle| bundle.damaged);
        let done = Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        if self.json {
            print_json(&RestView { settled: rest, refused })?;
            return done;
        }
        let device = Printable(&self.device);
        if rest.is_empty() && refused.is_empty() {
            say!("nothing of {device} was put aside");
        }
        for SettledRest { entry, settled, said, unreadable, bundles, .. } in rest {
            match settled {
                Some(SettledBy { seq, kept, at, by, reason }) => {
                    let (by, reason) = (Printable(by), reason.as_ref().map_or("(redacted)", |words| words.as_str()));
                    say!("{device} at seq {seq}: {kept} goes on; settled {at} by {by}: {}", Printable(reason));
                }
                None => {
                    say!("{device}: entry {entry} of the center's log, which settled this, is damaged; put aside is:")
                }
            }
            said.iter().for_each(say_aside);
            unreadable.iter().for_each(|seq| say!("seq {seq}\tdamaged"));
            bundles.iter().for_each(|bundle| say_unread(bundle, "put aside unread"));
        }
        refused.iter().for_each(|bundle| say_unread(bundle, "which waited and was refused"));
        done
    }

    fn show(&self, fork: &ForkView) -> Done {
        if self.json {
            print_json(fork)?;
            return GOOD;
        }
        say!("{}: two branches from seq {} on", Printable(&fork.device), fork.seq);
        show_branch("held", &fork.held);
        show_branch("later", &fork.later);
        fork.others.iter().for_each(|others| show_branch("further branches, put aside in any case", others));
        fork.slots.iter().for_each(show_slot);
        for ParkedView { first, last, of } in &fork.parked {
            let of = of.map_or_else(|| "either branch".to_owned(), |branch| branch.to_string());
            say!("a bundle with the entries {first} to {last} waits for an earlier one; it is of {of}");
        }
        if fork.waiting > 0 {
            say!(
                "{} bundles under another key of the device wait for approval; they may be of either branch",
                fork.waiting
            );
        }
        if let Some(why) = &fork.not_held {
            say!("--keep held can't be chosen: {why}");
        }
        if let Some(why) = &fork.only_held {
            say!("--keep later can't be chosen: {why}");
        }
        say!("mark: {} (with --head it chooses between these two branches as they are now)", fork.mark);
        GOOD
    }
}

/// Most lines about what was not asked: the branch of a hostile device may say anything, millions of times.
const MOST_SAID: usize = 500;

fn say_settled(settled: &Settled) {
    let Settled { seq, kept, aside, queries, .. } = settled;
    let device = Printable(&settled.device);
    if settled.again {
        say!("{device} was settled at seq {seq} before: {kept} goes on; nothing was done");
        return;
    }
    say!("settled {device} at seq {seq}: {kept} goes on, {aside} entries are put aside");
    say!("{queries} queries ask about what they say; they travel with the next reply");
    settled.unasked.iter().take(MOST_SAID).for_each(|one| say!("not asked: {}", Printable(one)));
    if let more @ 1.. = settled.unasked.len().saturating_sub(MOST_SAID) {
        say!("not asked: {more} more");
    }
    for ParkedView { first, last, .. } in &settled.parked {
        say!("put aside unread: a bundle with the entries {first} to {last}, which waited for an earlier one");
    }
    if settled.without_vault {
        say!("NO VAULT can go on with it: the device has its key no more; found it anew by a kit with the site's data");
    }
    say!("--rest prints all that was put aside, with values and words, at any time");
    say!("a vault that goes on with what is put aside is refused from now on: found it anew by a kit with the site's");
    say!("data (outpost-center site add --with-data); revoke {device} unless a vault goes on with the other branch");
}

/// All that `--rest` prints, as JSON.
#[derive(Serialize)]
struct RestView<'a> {
    settled: &'a [SettledRest],
    refused: &'a [UnreadBundle],
}

fn say_unread(bundle: &UnreadBundle, what: &str) {
    let UnreadBundle { first, last, said, damaged } = bundle;
    let says = if *damaged { "damaged, so nobody knows what it says" } else { "it says:" };
    say!("a bundle with the entries {first} to {last}, {what}; {says}");
    said.iter().for_each(say_aside);
}

fn say_aside(one: &PutAside) {
    let (by, place, words) = (Printable(&one.by), Printable(&one.place), Printable(one.words.as_str()));
    say!("seq {}\t{}\t{by}\t{}\t{place}\t{words}", one.seq, one.at, one.act);
}

fn show_slot(slot: &SlotView) {
    let SlotView { subject, stratum, slot, come, of, lost_with } = slot;
    let request = match of {
        Some(branch) => format!("is in {branch}"),
        None if *come => "is in a further branch".to_owned(),
        None => "has not come".to_owned(),
    };
    let lost: Vec<String> = lost_with.iter().map(ToString::to_string).collect();
    say!(
        "{}: slot {slot} of stratum {stratum} was released by telephone, and its request {request}; LOST where {} goes on",
        Printable(subject),
        lost.join(" or ")
    );
}

fn show_branch(name: &str, branch: &BranchView) {
    let at = |at: &Option<String>| at.clone().unwrap_or_else(|| "-".to_owned());
    let BranchView { entries, last, first_at, last_at, .. } = branch;
    say!("{name}: {entries} entries, to seq {last}, written {} to {}", at(first_at), at(last_at));
    let subjects: Vec<&str> = branch.subjects.iter().map(String::as_str).collect();
    say!(
        "  subjects: {}",
        if subjects.is_empty() { "none".to_owned() } else { Printable(subjects.join(", ")).to_string() }
    );
    if let Some(words) = &branch.words {
        say!("  key: {words}");
    }
    for (act, count) in &branch.acts {
        say!("  {count} {act}");
    }
}
