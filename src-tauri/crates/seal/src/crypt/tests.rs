use std::process::{Command, Stdio};

use super::*;

fn encrypted(recipients: &[Recipient], plain: &[u8]) -> Vec<u8> {
    let mut writer = encrypt(recipients, Vec::new()).expect("memory is enough");
    writer.write_all(plain).expect("memory is enough");
    writer.finish().expect("memory is enough")
}

fn opened(identity: &Identity, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut plain = Vec::new();
    decrypt(identity, bytes)?.read_to_end(&mut plain).map_err(|_| SealError::MalformedAge)?;
    Ok(plain)
}

#[test]
fn each_recipient_opens_it_and_nobody_else() {
    let (one, two) = (Identity::make(), Identity::make());
    let plain: Vec<u8> = (0..200_000_u32).map(|number| number as u8).collect();
    let bytes = encrypted(&[one.recipient(), two.recipient()], &plain);
    assert_eq!(opened(&one, &bytes), Ok(plain.clone()));
    assert_eq!(opened(&two, &bytes), Ok(plain));
    assert_eq!(opened(&Identity::make(), &bytes), Err(SealError::NotForUs));
    assert!(encrypt(&[], Vec::new()).is_err());
}

#[test]
fn damage_and_early_ends_are_noticed() {
    let identity = Identity::make();
    let bytes = encrypted(&[identity.recipient()], &[7; 100_000]);
    for length in (0..bytes.len()).step_by(331) {
        assert!(opened(&identity, &bytes[..length]).is_err(), "{length}");
    }
    for place in (0..bytes.len()).step_by(173) {
        let mut altered = bytes.clone();
        altered[place] ^= 4;
        assert!(opened(&identity, &altered).is_err(), "{place}");
    }
    let longer = [bytes.as_slice(), b"more"].concat();
    assert!(opened(&identity, &longer).is_err());
}

#[test]
fn an_endless_header_is_not_read() {
    struct Endless(u64);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += buffer.len() as u64;
            assert!(self.0 < 1 << 20, "read far too much");
            buffer.fill(b'a');
            Ok(buffer.len())
        }
    }
    let start = b"age-encryption.org/v1\n-> X25519 ".as_slice();
    let refused = decrypt(&Identity::make(), start.chain(Endless(0))).err();
    assert_eq!(refused, Some(SealError::MalformedAge));
}

#[test]
fn a_passphrase_opens_what_it_closed() {
    let mut writer = encrypt_to_passphrase("by telephone", Vec::new()).expect("memory is enough");
    writer.write_all(b"kit").expect("memory is enough");
    let bytes = writer.finish().expect("memory is enough");
    let mut plain = Vec::new();
    let reader = decrypt_with_passphrase("by telephone", bytes.as_slice());
    reader.ok().map(|mut reader| reader.read_to_end(&mut plain));
    assert_eq!(plain, b"kit");
    assert_eq!(decrypt_with_passphrase("by telefax", bytes.as_slice()).err(), Some(SealError::WrongPassword));
    assert_eq!(decrypt(&Identity::make(), bytes.as_slice()).err(), Some(SealError::NotForUs));
    // A file that asks for a gibibyte of work is refused without doing it.
    let greedy = String::from_utf8_lossy(&bytes[..120]).replacen(" 17\n", " 20\n", 1);
    let greedy = [greedy.as_bytes(), &bytes[120..]].concat();
    let start = std::time::Instant::now();
    assert!(decrypt_with_passphrase("by telephone", greedy.as_slice()).is_err());
    assert!(start.elapsed().as_secs() < 1);
}

#[test]
fn keys_have_one_spelling() {
    let identity = Identity::make();
    let recipient = identity.recipient();
    assert_eq!(recipient.to_string().parse(), Ok(recipient.clone()));
    assert!(identity.to_secret().parse::<Identity>().is_ok_and(|again| again.recipient() == recipient));
    assert!(Identity::from_file(&identity.to_file()).is_ok_and(|again| again.recipient() == recipient));
    for wrong in [String::new(), recipient.to_string().to_uppercase(), format!("{recipient} "), format!("{recipient}q")]
    {
        assert_eq!(wrong.parse::<Recipient>(), Err(SealError::MalformedAgeKey), "{wrong}");
    }
    let two = format!("{}{}", *identity.to_file(), *identity.to_file());
    assert!(Identity::from_file(&two).is_err() && Identity::from_file("# nothing\n").is_err());
    assert!(!format!("{identity:?}").contains("SECRET"));
}

#[test]
fn nothing_is_encrypted_to_everybody() {
    // Bech32 of the u coordinates 0, 1 and one of order 8, as `age` would spell them.
    for low in LOW_ORDER.iter().copied().chain([one(), minus_one()]) {
        let text = bech32("age", &low);
        assert_eq!(bech32_point(&text), Some(low));
        assert_eq!(text.parse::<Recipient>(), Err(SealError::LowOrderKey), "{text}");
    }
    let good = Identity::make().recipient().to_string();
    assert_eq!(bech32("age", &bech32_point(&good).unwrap_or_default()), good);
}

fn one() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
}

fn minus_one() -> [u8; 32] {
    let mut bytes = [0xff; 32];
    (bytes[0], bytes[31]) = (0xec, 0x7f);
    bytes
}

/// Bech32 as in BIP-0173.
fn bech32(prefix: &str, bytes: &[u8]) -> String {
    fn polymod(values: impl Iterator<Item = u32>) -> u32 {
        const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        values.fold(1, |sum, value| {
            let top = sum >> 25;
            let next = (sum & 0x1ff_ffff) << 5 ^ value;
            (0..5).filter(|bit| top >> bit & 1 == 1).fold(next, |next, bit| next ^ GENERATOR[bit])
        })
    }
    let bits: Vec<u32> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| u32::from(byte >> bit & 1))).collect();
    let five = |chunk: &[u32]| (0..5).fold(0, |sum, bit| sum << 1 | chunk.get(bit).copied().unwrap_or(0));
    let data: Vec<u32> = bits.chunks(5).map(five).collect();
    let expanded =
        prefix.bytes().map(|c| u32::from(c >> 5)).chain([0]).chain(prefix.bytes().map(|c| u32::from(c & 31)));
    let checksum = polymod(expanded.chain(data.iter().copied()).chain([0; 6])) ^ 1;
    let checksum = (0..6).map(|place| checksum >> (5 * (5 - place)) & 31);
    let charset = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let text: String = data.iter().copied().chain(checksum).map(|five| char::from(charset[five as usize])).collect();
    format!("{prefix}1{text}")
}

/// Runs `program` on `input` and gives what it wrote, or nothing when it is not installed.
fn piped(program: &str, args: &[&std::ffi::OsStr], input: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("not tried: {program} is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().expect("it was asked for");
    let input = input.to_vec();
    let feeding = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the program was started");
    feeding.join().expect("the thread only writes").expect("the program reads its input");
    assert!(output.status.success(), "{program} failed");
    Some(output.stdout)
}

#[test]
fn the_age_program_opens_ours_and_we_open_its() {
    let identity = Identity::make();
    let recipient = identity.recipient().to_string();
    let Some(theirs) = piped("age", &["-r".as_ref(), recipient.as_ref()], b"from age") else { return };
    assert_eq!(opened(&identity, &theirs), Ok(b"from age".to_vec()));

    let name = format!("seal-age-{}", crate::random_name(12).unwrap_or_default());
    let file = std::env::temp_dir().join(name);
    std::fs::write(&file, identity.to_file().as_bytes()).expect("the temporary folder can be written");
    let ours = encrypted(&[identity.recipient()], &[9; 150_000]);
    let plain = piped("age", &["-d".as_ref(), "-i".as_ref(), file.as_ref()], &ours);
    let _ = std::fs::remove_file(&file);
    assert_eq!(plain, Some(vec![9; 150_000]));
}
