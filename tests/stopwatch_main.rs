//! `stopwatch OUT`: makes a practice site, takes the time from keystroke to screen in the real window, prints it as JSON.

use std::path::Path;
use std::process::ExitCode;

use outpost_tests::stopwatch::measure;

fn main() -> ExitCode {
    let Some(out) = std::env::args_os().nth(1) else {
        eprintln!("usage: stopwatch OUT");
        return ExitCode::FAILURE;
    };
    let measured = measure(Path::new(&out)).and_then(|measured| Ok(serde_json::to_string(&measured)?));
    match measured {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprintln!("the stopwatch stopped: {trouble}");
            ExitCode::FAILURE
        }
    }
}
