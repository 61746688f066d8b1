//! `walk OUT`: makes a practice site, walks the main job in the real window and says where everything is.

use std::path::Path;
use std::process::ExitCode;

use outpost_tests::walk::main_job;
use outpost_tests::window::Trouble;

fn main() -> ExitCode {
    let Some(out) = std::env::args_os().nth(1) else {
        eprintln!("usage: walk OUT");
        return ExitCode::FAILURE;
    };
    match walk(Path::new(&out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("the walk stopped: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn walk(out: &Path) -> Result<(), Trouble> {
    let practice = out.join("practice");
    println!("   makes a practice site");
    xtask::practice::make(&practice, 3, 1).map_err(|trouble| trouble.to_string())?;
    let walked = main_job(&practice, out)?;
    println!("screenshots: {}", walked.screenshots.display());
    println!("bundle: {}", walked.bundle.display());
    println!("center: {}", walked.center.display());
    Ok(())
}
