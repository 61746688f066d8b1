use super::*;
use std::path::PathBuf;

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("OUTPOST_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"), PathBuf::from)
        .join("data/odm");
    folder.is_dir().then_some(folder)
}

#[test]
fn public_files_load() {
    let Some(folder) = shared() else {
        println!("skipped: the folder of public ODM files is absent");
        return;
    };
    for name in ["cdash-small.xml", "cdash.xml", "data-snapshot.xml"] {
        let bytes = std::fs::read(folder.join(name)).expect("the file is there");
        let study = Study::read(name, &bytes, &Functions::default());
        match study {
            Ok(s) => { println!("{name}: {} events {} forms {} groups {} items {} lists {} units", s.events.len(), s.forms.len(), s.groups.len(), s.items.len(), s.codelists.len(), s.units.len()); for n in &s.notes { println!("  note {n}"); } println!("{:?}", s.languages); },
            Err(f) => { for f in f { println!("  {f}"); } panic!() }
        }
    }
}
