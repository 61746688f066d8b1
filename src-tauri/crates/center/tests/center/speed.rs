//! How fast entries are taken in. Run with `cargo test --release -p center -- --ignored --nocapture`.

use crate::device::Desk;
use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
#[ignore = "a measurement, not a test"]
fn entries_per_second() {
    const ENTRIES: u64 = 200_000;
    let (desk, mut device) = Desk::with_device();
    let subjects: Vec<_> = (1..=100).map(|number| device.register(number)).collect();
    for n in 0..ENTRIES {
        device.set(&subjects[n as usize % 100], "IT.VS.SYSBP", &(n % 1000).to_string());
    }
    let mut packer = bundle::Packer::begin(device.terms(), &device.key).expect("coherent terms");
    let mut packed = Vec::new();
    for line in &device.lines {
        packer.entry(&device.log, line.entry().seq, line.id(), line.bytes()).expect("a chained log");
        packed.extend(packer.take_ready());
    }
    packed.extend(packer.finish().expect("bundles"));
    let files: Vec<_> = packed
        .iter()
        .map(|part| {
            let file = desk.folder.path().join(&part.name);
            fs::write(&file, &part.bytes).expect("written");
            file
        })
        .collect();
    let start = Instant::now();
    let mut center = Command::new(env!("CARGO_BIN_EXE_outpost-center"))
        .arg("ingest")
        .arg("--dir")
        .arg(desk.folder.path())
        .args(files)
        .spawn()
        .expect("it runs");
    let mut peak = String::new();
    while center.try_wait().expect("a child").is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", center.id())).unwrap_or_default();
        if let Some(line) = status.lines().find(|line| line.starts_with("VmHWM")) {
            peak = line.to_owned();
        }
        sleep(Duration::from_millis(5));
    }
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(desk.center.status().expect("status").sites[0].devices[0].held, ENTRIES + 101);
    println!("{:.0} entries/s in {} bundles; {peak}", (ENTRIES as f64) / seconds, packed.len());
}
