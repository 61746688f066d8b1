//! Tells Tauri which commands exist, and lets plain `cargo check` work without Node.js.

use std::path::Path;

/// What the window shows when the program was built before its user interface was.
const UNBUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Outpost</title>\
    <h1>Outpost</h1><p>This copy was compiled without its user interface. Run <code>cargo xtask run</code>, or \
    <code>npm --prefix ui ci && npm --prefix ui run build</code> and compile again.</p></html>\n";

fn main() {
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        let folder = page.parent().unwrap_or(Path::new("."));
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(page, UNBUILT));
        if let Err(error) = written {
            println!("cargo:warning=ui/dist could not be made: {error}");
        }
    }
    println!("cargo:rerun-if-changed=ui/dist");
    println!("cargo:rerun-if-changed=tauri.conf.json");
    // Capabilities stand in tauri.conf.json; the folder that Tauri would search by default does not exist.
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(commands().leak()));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}

/// The commands that the window may call: those that tauri.conf.json permits. Without this list Tauri would open every
/// command to every window.
fn commands() -> Vec<&'static str> {
    let config = std::fs::read_to_string("tauri.conf.json").unwrap_or_default();
    let permitted = config.split('"').filter_map(|word| word.strip_prefix("allow-"));
    permitted.map(|name| &*name.replace('-', "_").leak()).collect()
}
