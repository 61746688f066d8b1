use std::fs;
use std::process::{Command, Stdio};

use super::*;
use crate::hex;

const NAMESPACE: &str = "outpost-test";

fn key() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

#[test]
fn rfc_8032_known_answers() {
    // RFC 8032, section 7.1: tests 1, 2 and 3: seed, public key, message, signature.
    for (seed, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let key = SigningKey::from_seed(&hex::decode(seed).unwrap_or_default());
        let message = hex::decode_vec(message).unwrap_or_default();
        assert_eq!(hex::encode(key.public().as_bytes()), public);
        assert_eq!(hex::encode(&key.sign(&message)), signature);
        assert_eq!(key.public().verify(&message, &key.sign(&message)), Ok(()));
        assert_eq!(key.public().verify(b"else", &key.sign(&message)), Err(SealError::BadSignature));
    }
}

#[test]
fn a_signature_that_is_not_reduced_is_refused() {
    // RFC 8032, section 5.1.7: S must be below the group's order, or one signature would have several spellings.
    let order =
        hex::decode::<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap_or_default();
    let mut signature = key().sign(b"message");
    let mut carry = 0;
    for (byte, more) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(key().public().verify(b"message", &signature), Err(SealError::BadSignature));
}

#[test]
fn keys_that_fit_many_messages_are_refused() {
    for low in LOW_ORDER {
        for sign in [0, 0x80] {
            let mut bytes = low;
            bytes[31] |= sign;
            assert_eq!(PublicKey::from_bytes(bytes), Err(SealError::LowOrderKey));
        }
    }
    // 2^255 − 19 and above are second spellings of smaller coordinates.
    for first in 0xed..=0xff {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (first, 0x7f);
        assert_eq!(PublicKey::from_bytes(bytes), Err(SealError::MalformedKey));
    }
    assert!(PublicKey::from_bytes([0x42; 32]).is_ok());
}

#[test]
fn a_public_key_has_one_spelling() {
    let line = key().public().to_string();
    assert_eq!(line.parse(), Ok(key().public()));
    let json = serde_json::to_string(&key().public()).unwrap_or_default();
    assert_eq!(serde_json::from_str::<PublicKey>(&json).ok(), Some(key().public()));
    for wrong in [
        format!("{line} comment"),
        format!("{line}\n"),
        format!(" {line}"),
        line.replace(' ', "  "),
        line.replace("ssh-ed25519 ", "ssh-rsa "),
        format!("{line}="),
        line[..line.len() - 4].to_owned(),
        String::new(),
    ] {
        assert_eq!(wrong.parse::<PublicKey>(), Err(SealError::MalformedKey), "{wrong:?}");
    }
}

#[test]
fn a_signature_is_for_one_key_purpose_and_message() {
    let armoured = key().sign_ssh(NAMESPACE, b"message");
    let public = key().public();
    assert_eq!(verify_ssh(&public, NAMESPACE, b"message", &armoured), Ok(()));
    assert_eq!(verify_ssh(&public, NAMESPACE, b"massage", &armoured), Err(SealError::BadSignature));
    assert_eq!(verify_ssh(&public, "outpost-other", b"message", &armoured), Err(SealError::WrongNamespace));
    let other = SigningKey::from_seed(&[43; 32]).public();
    assert_eq!(verify_ssh(&other, NAMESPACE, b"message", &armoured), Err(SealError::OtherKey));
}

#[test]
fn no_bit_of_the_armour_may_change() {
    let armoured = key().sign_ssh(NAMESPACE, b"message");
    for place in 0..armoured.len() {
        for bit in 0..8 {
            let mut bytes = armoured.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            assert!(verify_ssh(&key().public(), NAMESPACE, b"message", &altered).is_err(), "bit {bit} of byte {place}");
        }
    }
    for altered in [
        format!("{armoured}\n"),
        format!("\n{armoured}"),
        armoured.replace('\n', "\r\n"),
        armoured.trim_end().to_owned(),
    ] {
        let refused = verify_ssh(&key().public(), NAMESPACE, b"message", &altered);
        assert_eq!(refused, Err(SealError::MalformedSignature));
    }
    assert_eq!(
        verify_ssh(&key().public(), NAMESPACE, b"message", &"A".repeat(1 << 20)),
        Err(SealError::MalformedSignature)
    );
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", SigningKey::from_seed(&[0xab; 32]));
    assert!(!shown.contains("abab") && !shown.contains("171, 171"), "{shown}");
}

/// A folder of its own under the system's temporary one, removed when dropped.
struct Desk(std::path::PathBuf);

impl Desk {
    fn new() -> Self {
        let desk = std::env::temp_dir().join(format!("seal-sign-{}", crate::random_name(12).unwrap_or_default()));
        fs::create_dir(&desk).expect("the temporary folder can be written");
        Self(desk)
    }

    fn put(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("the temporary folder can be written");
        path
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn ssh_keygen() -> Option<Command> {
    match Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status() {
        Ok(_) => Some(Command::new("ssh-keygen")),
        Err(_) => {
            println!("not tried: ssh-keygen is not installed");
            None
        }
    }
}

#[test]
fn ssh_keygen_accepts_what_we_sign_and_we_what_it_signs() {
    let Some(mut verifier) = ssh_keygen() else { return };
    let desk = Desk::new();
    let armoured = key().sign_ssh(NAMESPACE, b"message");
    let signature = desk.put("message.sig", &armoured);
    let signers = desk.put("allowed_signers", &format!("tester namespaces=\"{NAMESPACE}\" {}\n", key().public()));
    let message = desk.put("message", "message");
    let status = verifier
        .args(["-Y", "verify", "-I", "tester", "-n", NAMESPACE, "-f"])
        .arg(&signers)
        .arg("-s")
        .arg(&signature)
        .stdin(fs::File::open(&message).expect("it was written just now"))
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()));

    // Ed25519 signatures are deterministic: the same key gives the same armour, byte for byte.
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
        .arg(desk.0.join("key"))
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    let private = fs::read(desk.0.join("key")).expect("ssh-keygen wrote it");
    let private = ssh_key::PrivateKey::from_openssh(private).expect("ssh-keygen wrote it");
    let pair = private.key_data().ed25519().expect("an Ed25519 key was asked for");
    let theirs = SigningKey::from_seed(&pair.private.to_bytes());
    let public = fs::read_to_string(desk.0.join("key.pub")).expect("ssh-keygen wrote it");
    assert_eq!(public.trim(), theirs.public().to_string());
    let _ = fs::remove_file(&signature);
    let signed = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"])
        .args([desk.0.join("key"), message])
        .stderr(Stdio::null())
        .status();
    assert!(signed.is_ok_and(|status| status.success()));
    let signed = fs::read_to_string(signature).expect("ssh-keygen wrote it");
    assert_eq!(signed, theirs.sign_ssh(NAMESPACE, b"message"));
    assert_eq!(verify_ssh(&theirs.public(), NAMESPACE, b"message", &signed), Ok(()));

    let shown =
        Command::new("ssh-keygen").arg("-lf").arg(desk.0.join("key.pub")).output().expect("ssh-keygen is installed");
    assert!(String::from_utf8_lossy(&shown.stdout).contains(&theirs.public().fingerprint()));
}
