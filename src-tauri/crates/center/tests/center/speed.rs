//! How fast entries are taken in. Run with `cargo test --release -p center -- --ignored --nocapture`.

use crate::device::Desk;
use std::time::Instant;

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
    device.lines.clear();
    let start = Instant::now();
    for part in &packed {
        desk.send(part);
    }
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(desk.center.status().expect("status").sites[0].devices[0].held, ENTRIES + 101);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{:.0} entries/s in {} bundles; {peak}", (ENTRIES as f64) / seconds, packed.len());
}
