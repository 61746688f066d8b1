//! Every system call of what people do at a site computer fails, once or for ever; afterwards the right password opens a
//! vault in which everything is that was acknowledged (security.md, C2, M2, H5 and their kind).

#[path = "../../../../../tests/faults/driver.rs"]
mod driver;
mod outcome;
#[allow(dead_code, reason = "the scenarios' language is that of the other tests")]
#[path = "../site/stage.rs"]
mod stage;
mod workflows;

use driver::Trial;
use workflows::WORKFLOWS;

fn trial() -> Trial {
    Trial {
        names: WORKFLOWS.iter().map(|workflow| workflow.name).collect(),
        calls_of: |workflow| outcome::calls_of(&WORKFLOWS[workflow]),
        outcome: outcome::of,
        stride: 61,
    }
}

#[test]
fn nothing_acknowledged_is_lost_whatever_system_call_fails() {
    driver::drive(&trial());
}

/// Runs only in the processes that the test above starts.
#[test]
fn worker() {
    driver::work(&trial());
}
