//! `installed FOLDER`: opens the app that is installed in the Debian of a folder, as a person does, and signs in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use outpost_tests::pages;
use outpost_tests::window::{Opening, Trouble, Window};
use xtask::debian::{Debian, HOME, PERSON};

const APP: &str = "/usr/bin/outpost";

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: installed FOLDER");
        return ExitCode::FAILURE;
    };
    let folder = PathBuf::from(folder);
    let debian = Debian::at(&folder);
    match first_start(&debian, &folder).and_then(|()| sign_in(&debian, &folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("the installed app: {trouble}");
            ExitCode::FAILURE
        }
    }
}

/// With the person's own folders, in which nothing is yet: the app offers to make a site.
fn first_start(debian: &Debian, pictures: &Path) -> Result<(), Trouble> {
    let window = open(debian, "")?;
    pages::arrive(&window, "start")?;
    tell(&window)?;
    pages::picture(&window, pictures, "first-start")?;
    window.close()
}

/// With a practice site: the sign-in page, and the worklist behind it.
fn sign_in(debian: &Debian, pictures: &Path) -> Result<(), Trouble> {
    let home = format!("{HOME}/practice");
    xtask::practice::make(&debian.path(&home), 2, 1).map_err(|trouble| trouble.to_string())?;
    let (user, password) = outpost_tests::walk::account(&debian.path(&home))?;
    let given = debian.command("chown").args(["--recursive", PERSON, &home]).status()?;
    if !given.success() {
        return Err("the practice site could not be given to the person".into());
    }
    let window = open(debian, &home)?;
    pages::arrive_at_sign_in(&window)?;
    tell(&window)?;
    pages::picture(&window, pictures, "sign-in")?;
    pages::sign_in(&window, &user, &password)?;
    tell(&window)?;
    pages::picture(&window, pictures, "worklist")?;
    window.close()
}

fn open(debian: &Debian, home: &str) -> Result<Window, Trouble> {
    let inside = Some(debian.clone());
    Window::open(&Opening { program: APP.into(), inside, ..Opening::at(Path::new(home)) })
}

/// Says what the page shows.
fn tell(window: &Window) -> Result<(), Trouble> {
    let script = "return [document.querySelector('[data-page]').dataset.page, document.body.innerText]";
    let seen = window.run(script, vec![])?;
    let (page, text) = (seen[0].as_str().unwrap_or_default(), seen[1].as_str().unwrap_or_default());
    let text: Vec<&str> = text.split_whitespace().take(24).collect();
    println!("   the page {page} shows: {} …", text.join(" "));
    Ok(())
}
