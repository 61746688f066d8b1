//! The trial file against CDISC's own schema, by libxml2's validator.

use std::path::Path;
use std::process::Command;

#[test]
fn the_trial_file_is_valid_odm_1_3_2() {
    let schema = crate::target().join("schemas/odmlib/schemas/odm/1.3.2/ODM1-3-2.xsd");
    if !schema.exists() || Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: CDISC's schema or xmllint is not here; `cargo xtask test` fetches both");
        return;
    }
    let studies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/studies");
    let files = std::fs::read_dir(studies).expect("the built-in studies").flatten().map(|entry| entry.path());
    let studies: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "xml")).collect();
    assert!(studies.len() >= 2, "{} built-in studies", studies.len());
    for study in studies {
        let checked =
            Command::new("xmllint").arg("--noout").arg("--schema").arg(&schema).arg(&study).output().expect("xmllint");
        assert!(checked.status.success(), "{}: {}", study.display(), String::from_utf8_lossy(&checked.stderr));
    }
}
