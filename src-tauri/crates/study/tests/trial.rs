//! The built-in trial: every rule compiles, and the definitions hold together.

mod functions;

use functions::functions;
use study::Study;

const TRIAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../studies/hcc-oligoprogression.xml");

#[test]
fn every_rule_of_the_trial_compiles() {
    let bytes = std::fs::read(TRIAL).expect("the built-in trial");
    let started = std::time::Instant::now();
    match Study::read("hcc-oligoprogression.xml", &bytes, &functions()) {
        Ok(study) => {
            println!("{} rules in {:?}", study.rules().iter().count(), started.elapsed());
            assert!(study.rules().iter().count() > 300);
        }
        Err(faults) => {
            let listed: Vec<String> = faults.iter().map(ToString::to_string).collect();
            panic!("{} faults:\n{}", faults.len(), listed.join("\n"));
        }
    }
}
