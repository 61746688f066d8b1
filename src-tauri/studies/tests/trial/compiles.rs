//! The built-in trial: every rule compiles, and the definitions hold together.

use clinical::functions;
use study::Study;

#[test]
fn every_rule_of_the_trial_compiles() {
    let started = std::time::Instant::now();
    match Study::read(studies::TRIAL_NAME, studies::TRIAL, &functions()) {
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
