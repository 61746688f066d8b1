//! The desktop shell: one window, the commands that it may call, the thread that owns the computer, and the program's own
//! log. It decides nothing: every decision is taken in the room `site`.

mod answer;
mod chosen;
mod commands;
mod log;
mod pace;
mod pick;
mod presence;
mod watch;
mod window;
mod worker;

use std::process::ExitCode;

use tauri::Manager;

/// Opens the window and runs until it is closed.
pub fn run() -> ExitCode {
    program_log::note_panics();
    if let Err(error) = seal::forbid_dumps() {
        eprintln!("The memory of this program may be written into a core dump: {error}");
    }
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::handler())
        .setup(|app| {
            log::start(app.handle());
            if let Err(error) = clock::check() {
                window::refuse(app.handle(), &error);
                return Ok(());
            }
            let home = window::home(app.handle())?;
            app.manage(window::Starts::default());
            app.manage(chosen::ChosenPlaces::default());
            app.manage(pick::Dialogs::of_environment());
            app.manage(worker::Worker::start(home, app.handle().clone()));
            watch::start(app.handle().clone());
            window::open(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|handle, event| {
                if let (tauri::RunEvent::Exit, Some(worker)) = (event, handle.try_state::<worker::Worker>()) {
                    worker.close();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Outpost could not start: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// security.md, "IPC takes paths from the window": a place on the disk comes from `pick`, never from what the window says.
    #[test]
    fn no_command_makes_a_place_of_a_text() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/commands");
        let files: Vec<_> = std::fs::read_dir(folder).expect("the commands").flatten().collect();
        assert!(files.len() > 5, "only {} files were looked at", files.len());
        for file in files {
            let text = std::fs::read_to_string(file.path()).expect("a source");
            for makes in ["Path::new", "PathBuf::from", "OsStr", ".as_ref()", ".into()"] {
                assert!(!text.contains(makes), "{}: {makes}", file.path().display());
            }
        }
    }

    /// The permissions of the one window are exactly the commands of the contract and the two of Tauri's event door.
    #[test]
    fn the_window_may_call_exactly_the_commands_of_the_contract() {
        let config: serde_json::Value = serde_json::from_str(include_str!("../tauri.conf.json")).expect("JSON");
        let given: BTreeSet<String> = config["app"]["security"]["capabilities"][0]["permissions"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|name| name.as_str().expect("a name").to_owned())
            .collect();
        let mut meant: BTreeSet<String> = screens::typescript::permissions().collect();
        meant.extend(["core:event:allow-listen", "core:event:allow-unlisten"].map(str::to_owned));
        assert_eq!(given, meant);
    }
}
