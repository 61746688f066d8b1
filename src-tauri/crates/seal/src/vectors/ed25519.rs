//! C2SP/CCTV's edge cases of Ed25519, on which libraries disagree.

use std::fs;

use serde::Deserialize;

use super::shared;
use crate::{PublicKey, hex};

#[derive(Deserialize)]
struct Vector {
    number: u32,
    key: String,
    sig: String,
    msg: String,
    flags: Option<Vec<String>>,
}

/// What makes this room refuse a signature that satisfies the equation in one reading of RFC 8032 or another:
/// - a key of low order is anybody's, and a key has one spelling (`PublicKey::from_bytes`);
/// - ring compares R's bytes with those that it computes, so R has one spelling, too;
/// - ring's equation has no cofactor: what holds only after a multiplication by 8 does not hold.
const REFUSED_FOR: [&str; 4] = ["low_order_A", "non_canonical_A", "non_canonical_R", "low_order_residue"];

#[test]
fn one_reading_of_the_edge_cases_and_the_strictest() {
    let Some(folder) = shared("ed25519") else { return };
    let file = fs::read(folder.join("ed25519vectors.json")).expect("readable");
    let vectors: Vec<Vector> = serde_json::from_slice(&file).expect("vectors");
    assert_eq!(vectors.len(), 914);
    let mut accepted = 0;
    for vector in &vectors {
        let key = PublicKey::from_bytes(hex::decode(&vector.key).expect("32 bytes"));
        let signature: [u8; 64] = hex::decode(&vector.sig).expect("64 bytes");
        let good = key.and_then(|key| key.verify(vector.msg.as_bytes(), &signature)).is_ok();
        let flags = vector.flags.as_deref().unwrap_or_default();
        let expected = !flags.iter().any(|flag| REFUSED_FOR.contains(&flag.as_str()));
        assert_eq!(good, expected, "vector {}: {flags:?}", vector.number);
        accepted += usize::from(good);
    }
    println!("Ed25519: {} vectors, {accepted} accepted", vectors.len());
    assert!(accepted > 0);
}
