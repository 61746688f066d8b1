//! Every system call of what a data manager does fails, once or for ever; afterwards the center opens, is sound, holds what it
//! said that it holds, and takes in all that its devices still have (security.md, C1, C2, M1, M10 and their kind).

#[allow(dead_code, reason = "the scenarios' language is that of the other tests")]
#[path = "../center/device.rs"]
mod device;
#[path = "../../../../../tests/faults/driver.rs"]
mod driver;
mod outcome;
mod workflows;

use driver::Trial;
use workflows::WORKFLOWS;

fn trial() -> Trial {
    Trial {
        names: WORKFLOWS.iter().map(|workflow| workflow.name).collect(),
        calls_of: |workflow| outcome::calls_of(&WORKFLOWS[workflow]),
        outcome: outcome::of,
        stride: 29,
    }
}

#[test]
fn what_the_center_said_that_it_holds_it_holds_whatever_system_call_fails() {
    driver::drive(&trial());
}

/// Runs only in the processes that the test above starts.
#[test]
fn worker() {
    driver::work(&trial());
}
