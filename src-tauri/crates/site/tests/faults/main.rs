//! Every system call of what people do at a site computer fails, once or for ever; afterwards the right password opens a
//! vault in which everything is that was acknowledged (security.md, C2, M2, H5 and their kind).

#[path = "../../../../../tests/faults/driver.rs"]
mod driver;
mod earlier;
mod outcome;
#[allow(dead_code, reason = "the scenarios' language is that of the other tests")]
#[path = "../site/stage.rs"]
mod stage;
#[path = "../../../../../tests/workers.rs"]
mod workers;
mod workflows;

use driver::Trial;
use outcome::Play;

const TRIAL: Trial<Play> = Trial { workflows: &workflows::WORKFLOWS, stride: 307 };

#[test]
fn nothing_acknowledged_is_lost_whatever_system_call_fails() {
    TRIAL.drive();
}

#[test]
#[ignore = "runs only in the processes that the test above starts"]
fn worker() {
    TRIAL.work();
}
