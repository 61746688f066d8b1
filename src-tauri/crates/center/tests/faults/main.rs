//! Every system call of what a data manager does fails, once or for ever; afterwards the center opens, is sound, holds what it
//! said that it holds, and takes in all that its devices still have (security.md, C1, C2, M1, M10 and their kind).

#[allow(dead_code, reason = "the scenarios' language is that of the other tests")]
#[path = "../center/device.rs"]
mod device;
#[path = "../../../../../tests/faults/driver.rs"]
mod driver;
mod outcome;
#[path = "../../../../../tests/workers.rs"]
mod workers;
mod workflows;

use driver::Trial;
use outcome::Play;

const TRIAL: Trial<Play> = Trial { workflows: &workflows::WORKFLOWS, stride: 29 };

#[test]
fn what_the_center_said_that_it_holds_it_holds_whatever_system_call_fails() {
    TRIAL.drive();
}

#[test]
#[ignore = "runs only in the processes that the test above starts"]
fn worker() {
    TRIAL.work();
}
