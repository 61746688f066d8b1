//! Does every tampering show, to our own reader and to a stranger with public programs?
//!
//! `kinds.rs` is the table: each kind makes one altered bundle from a good one and says which reasons fit. `forge.rs` is
//! the forger's workshop: what a thief of a bundle can do, and what a dishonest sender who holds the device's key can do.

#[cfg(test)]
pub mod forge;
#[cfg(test)]
mod kinds;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Cursor;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use bundle::{BundleError, Key, Report, Signers, verify};
    use proptest::prelude::*;
    use seal::AllowedSigners;

    use super::forge::{self, Good, LOG};
    use super::kinds::{KINDS, Kind};

    /// The programs that a stranger needs.
    const PROGRAMS: &[&str] = &["bash", "tar", "ssh-keygen", "sha256sum", "age", "zstd", "jq", "python3"];

    fn ours(good: &Good, bytes: &[u8]) -> Result<Report, BundleError> {
        let signers =
            AllowedSigners::read(&good.allowed_signers(), bundle::NAMESPACE).expect("the list is well-formed");
        verify(Cursor::new(bytes), Some(Signers { list: &signers, day: None }), Some(&Key::Identity(&good.center)))
    }

    /// The stranger's desk: the script, the keys, and one bundle after another.
    struct Stranger {
        desk: tempfile::TempDir,
    }

    impl Stranger {
        fn sit_down(good: &Good) -> Option<Self> {
            for program in PROGRAMS {
                let found = std::env::var_os("PATH")
                    .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
                if !found {
                    println!("the public auditor is not tried: {program} is not installed");
                    return None;
                }
            }
            let desk = tempfile::tempdir().expect("there is room for a few files");
            fs::write(desk.path().join("allowed_signers"), good.allowed_signers()).expect("there is room");
            fs::write(desk.path().join("center.key"), good.center.to_file().as_str()).expect("there is room");
            Some(Self { desk })
        }

        /// What the script answers: its one line, good or bad.
        fn audit(&self, name: &str, bytes: &[u8]) -> Result<String, String> {
            self.ask(name, bytes, |file, at| {
                let mut command = Command::new("bash");
                command.arg(script()).args([file, &at("center.key"), &at("allowed_signers")]).arg(LOG);
                command
            })
        }

        /// What the reader answers that was written from the formats' texts alone.
        fn read(&self, name: &str, bytes: &[u8]) -> Result<String, String> {
            self.ask(name, bytes, |file, at| {
                let mut command = Command::new("python3");
                command.arg(script().with_file_name("reader.py")).arg("bundle").args([file, &at("center.key")]);
                command
            })
        }

        fn ask(
            &self,
            name: &str,
            bytes: &[u8],
            program: impl FnOnce(&Path, &dyn Fn(&str) -> PathBuf) -> Command,
        ) -> Result<String, String> {
            let at = |name: &str| self.desk.path().join(name);
            let file = at(&format!("{}.bundle", name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
            fs::write(&file, bytes).expect("there is room");
            let output = program(&file, &at).output().expect("it is installed");
            fs::remove_file(file).expect("it was written just now");
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
            match output.status.code() {
                Some(0) => Ok(text(&output.stdout)),
                Some(_) => Err(text(&output.stderr)),
                None => Err("killed".to_owned()),
            }
        }
    }

    fn script() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("audit/open-bundle.sh")
    }

    #[test]
    fn the_script_is_short_enough_to_be_read() {
        let script = fs::read_to_string(script()).expect("the script is there");
        assert!(script.lines().count() < 40);
    }

    #[test]
    fn both_accept_a_good_bundle() {
        let good = Good::make(300);
        let report = ours(&good, &good.bytes).expect("it is good");
        assert_eq!(report.envelope.entries, 300);
        let Some(stranger) = Stranger::sit_down(&good) else { return };
        assert_eq!(stranger.audit("good", &good.bytes), Ok(format!("OK 300 entries, head {}", report.head)));
        // The workshop itself must not be what is found out.
        let retold = good.retell(|_, _| {});
        assert!(ours(&good, &retold).is_ok());
        assert_eq!(stranger.audit("retold", &retold), Ok(format!("OK 300 entries, head {}", report.head)));
        let empty = Good::make(0);
        let stranger = Stranger::sit_down(&empty).expect("the programs were there a moment ago");
        assert_eq!(stranger.audit("empty", &empty.bytes), Ok("OK 0 entries, head none".to_owned()));
    }

    #[test]
    fn both_refuse_every_kind_of_tampering_and_say_why() {
        let good = Good::make(60);
        let stranger = Stranger::sit_down(&good);
        let mut wrong = Vec::new();
        for Kind { name, codes, words, make } in KINDS {
            let bytes = make(&good);
            match ours(&good, &bytes) {
                Err(refusal) if codes.contains(&refusal.code()) => {}
                Err(refusal) => wrong.push(format!("{name}: we say {} ({refusal})", refusal.code())),
                Ok(_) => wrong.push(format!("{name}: we accept it")),
            }
            match stranger.as_ref().map(|stranger| stranger.audit(name, &bytes)) {
                Some(Err(said)) if said.starts_with("REFUSED: ") && words.iter().any(|word| said.contains(word)) => {}
                Some(Err(said)) => wrong.push(format!("{name}: the script says {said}")),
                Some(Ok(said)) => wrong.push(format!("{name}: the script accepts it: {said}")),
                None => {}
            }
        }
        println!("{} kinds of tampering", KINDS.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_reader_written_from_the_text_takes_the_good_and_refuses_the_rest() {
        let good = Good::make(60);
        let Some(stranger) = Stranger::sit_down(&good) else { return };
        let said = stranger.read("good", &good.bytes);
        assert!(said.as_ref().is_ok_and(|said| said.contains("60 entries of 2 acts")), "{said:?}");
        for Kind { name, make, .. } in KINDS {
            // Who may sign is not in the file: that reader takes the key beside the envelope at its word.
            let is_accepted = *name == "the envelope signed anew in the thief's name";
            assert_eq!(stranger.read(name, &make(&good)).is_ok(), is_accepted, "{name}");
        }
    }

    /// Every part of the file, whatever its size: content, header and padding of each member, and the archive's end.
    #[test]
    fn a_flipped_bit_in_every_part_is_refused() {
        let good = Good::make(60);
        let stranger = Stranger::sit_down(&good);
        for (part, range) in forge::parts(&good.bytes) {
            for at in [range.start, range.start + (range.len() - 1) / 2, range.end - 1] {
                for bit in [0, 5, 7] {
                    let mut bytes = good.bytes.clone();
                    bytes[at] ^= 1 << bit;
                    assert!(ours(&good, &bytes).is_err(), "bit {bit} of byte {at}, {part}");
                    if bit == 0 {
                        let said = stranger.as_ref().map(|stranger| stranger.audit("flipped", &bytes));
                        assert!(
                            said.is_none_or(|said| said.is_err()),
                            "bit {bit} of byte {at}, {part}: the script accepts it"
                        );
                    }
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn changed_bytes_anywhere_are_refused(changes in prop::collection::vec((0.0..1.0_f64, 1..=255_u8), 1..6)) {
            thread_local!(static GOOD: Good = Good::make(60));
            GOOD.with(|good| {
                let mut bytes = good.bytes.clone();
                for (place, change) in &changes {
                    let at = (place * bytes.len() as f64) as usize;
                    bytes[at] ^= change;
                }
                prop_assume!(bytes != good.bytes);
                prop_assert!(ours(good, &bytes).is_err());
                Ok(())
            })?;
        }

        #[test]
        fn cuts_and_insertions_anywhere_are_refused(place in 0.0..1.0_f64, cut in 0..700_usize, more in prop::collection::vec(any::<u8>(), 0..700)) {
            thread_local!(static GOOD: Good = Good::make(60));
            GOOD.with(|good| {
                let at = (place * good.bytes.len() as f64) as usize;
                let end = (at + cut).min(good.bytes.len());
                let mut bytes = good.bytes.clone();
                bytes.splice(at..end, more.iter().copied());
                prop_assume!(bytes != good.bytes);
                prop_assert!(ours(good, &bytes).is_err());
                Ok(())
            })?;
        }

        /// Behind the signature: the sender is dishonest, the archive is anything at all.
        #[test]
        fn arbitrary_content_is_refused_even_when_signed(mut content in prop::collection::vec(any::<u8>(), 0..3000), led in any::<bool>()) {
            thread_local!(static GOOD: Good = Good::make(30));
            GOOD.with(|good| {
                let bytes = good.retell(|_, plain| {
                    if led {
                        plain.truncate(512);
                        plain.append(&mut content);
                    } else {
                        *plain = content;
                    }
                });
                prop_assert!(ours(good, &bytes).is_err());
                Ok(())
            })?;
        }

        /// Behind the signature: the sender is dishonest, one byte of the archive is another.
        #[test]
        fn changed_bytes_of_the_content_are_refused_even_when_signed(place in 0.0..1.0_f64, change in 1..=255_u8) {
            thread_local!(static GOOD: Good = Good::make(30));
            GOOD.with(|good| {
                let bytes = good.retell(|_, plain| {
                    let at = (place * plain.len() as f64) as usize;
                    plain[at] ^= change;
                });
                prop_assert!(ours(good, &bytes).is_err());
                Ok(())
            })?;
        }
    }
}
