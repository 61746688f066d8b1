//! What a data manager does that changes files, one workflow each.

use center::Amendment;

use crate::device::{STUDY, stamp};
use crate::outcome::{Play, Told, make};

/// One thing that a data manager does.
pub struct Workflow {
    pub name: &'static str,
    /// What comes before: no call fails yet.
    pub before: fn(&mut Play),
    /// The workflow itself.
    pub run: fn(&mut Play),
}

pub const WORKFLOWS: [Workflow; 10] = [
    Workflow { name: "make a center", before: |_| {}, run: make_center },
    Workflow { name: "add a site, make its kit", before: |_| {}, run: add_site },
    Workflow { name: "take in a stranger's bundle", before: |play| play.device.enrol(), run: |play| play.send(1, 1) },
    Workflow { name: "approve a device", before: waiting, run: approve },
    Workflow { name: "take in a bundle", before: answered, run: |play| play.send(2, u64::MAX) },
    Workflow { name: "take in a later bundle first", before: answered, run: out_of_order },
    Workflow { name: "revoke a device", before: answered, run: revoke },
    Workflow { name: "reply", before: taken_in, run: reply },
    Workflow { name: "export", before: taken_in, run: export },
    Workflow { name: "publish a version", before: taken_in, run: publish },
];

fn waiting(play: &mut Play) {
    play.device.enrol();
    play.send(1, 1);
}

fn answered(play: &mut Play) {
    let Play { desk, device, .. } = play;
    desk.admit(device);
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    device.say(&subject, "fell on the stairs (sample)");
    device.set(&subject, "IT.VS.DIABP", "80");
    play.told.extend([Told::Approved, Told::Holds(1)]);
}

fn taken_in(play: &mut Play) {
    answered(play);
    play.send(2, u64::MAX);
}

fn make_center(play: &mut Play) {
    let folder = play.desk.folder.path().join("another");
    let told = if make(&folder).is_ok() { Told::Made(folder) } else { Told::NotMade(folder) };
    play.told.push(told);
}

fn add_site(play: &mut Play) {
    let center = &play.desk.center;
    if center.add_site(&stamp(5), "S02", "Other hospital (sample)").is_ok() {
        play.told.push(Told::Site("S02"));
        // A kit that is never given out is in nobody's way; that one can be made afterwards shows with the reply.
        let _ = center.make_kit(&stamp(6), "S02", "told by telephone only");
    }
}

fn approve(play: &mut Play) {
    let Play { desk, device, told } = play;
    if desk.center.approve(&stamp(5), &device.log).is_ok() {
        told.push(Told::Approved);
        if desk.center.import_waiting(&stamp(6), &device.log).is_ok() {
            told.push(Told::Holds(1));
        }
    }
}

fn out_of_order(play: &mut Play) {
    // Parked: nothing of it is promised yet.
    play.send(4, u64::MAX);
    play.send(2, 3);
}

fn revoke(play: &mut Play) {
    let Play { desk, device, told } = play;
    if desk.center.revoke(&stamp(5), &device.log, "stolen (sample)").is_ok() {
        told.push(Told::Revoked);
    }
}

fn reply(play: &mut Play) {
    let _ = play.desk.center.reply(&stamp(5), "S01");
}

fn export(play: &mut Play) {
    let out = play.desk.folder.path().join("tables");
    if let Ok(exported) = play.desk.center.export_csv(&stamp(5), &out) {
        play.told.extend(exported.files.into_iter().map(Told::Table));
    }
}

fn publish(play: &mut Play) {
    let file = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"");
    let amendment = Amendment {
        name: "second.xml",
        file: file.as_bytes(),
        effective: "2026-11-01",
        approval: "EC 2026/7 (sample)",
        sites: &[],
    };
    if let Ok((version, _)) = play.desk.center.publish(&stamp(5), &amendment) {
        play.told.push(Told::Published(version.to_string()));
    }
}
