use std::collections::BTreeMap;

use casebook::{Entry, EntryId, Line};
use study::{CellKey, Oid};

use crate::{Factor, Plan, deal};

fn plan(ratio: &[u32], blocks: &[u32], slots: u32) -> Plan {
    let cell = "SE.R[1]/F.R[1]/IG.R[1]/IT.ARM".parse::<CellKey>().expect("a place");
    Plan {
        arms: (0..ratio.len()).map(|arm| format!("ARM{arm}")).collect(),
        ratio: ratio.to_vec(),
        blocks: blocks.to_vec(),
        slots,
        factors: Vec::new(),
        arm: cell,
        number: None,
        date: None,
    }
}

/// A sequence of numbers that a seed settles (SplitMix64), independent of the generator that the center uses.
fn dice(seed: u64) -> impl FnMut(u32) -> Result<u32, ()> {
    let mut state = seed;
    move |n| {
        // Numbers from the uneven rest are drawn again.
        let even = u64::MAX - u64::MAX % u64::from(n);
        loop {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            if z < even {
                return Ok((z % u64::from(n)) as u32);
            }
        }
    }
}

/// Chi-square over equally likely classes.
fn chi_square(counts: &[u64]) -> f64 {
    let mean = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    counts.iter().map(|count| (*count as f64 - mean).powi(2) / mean).sum()
}

#[test]
fn ten_thousand_sequences_keep_the_balance_and_the_law_of_the_blocks() {
    let plan = plan(&[1, 1], &[2, 4, 6], 72);
    let mut below = dice(20_261_123);
    let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
    let mut orders: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    let (mut firsts, mut worst) = ([0_u64; 2], 0);
    for _ in 0..10_000 {
        let dealt = deal(&plan, &mut below).expect("dice");
        assert_eq!(dealt.len(), 72);
        firsts[dealt[0].arm] += 1;
        let mut balance = 0_i32;
        for slot in &dealt {
            balance += if slot.arm == 0 { 1 } else { -1 };
            worst = worst.max(balance.abs());
        }
        for block in dealt.chunk_by(|a, b| a.block == b.block) {
            let size = block[0].size as usize;
            if block.len() == size {
                let arms: Vec<usize> = block.iter().map(|slot| slot.arm).collect();
                assert_eq!(arms.iter().sum::<usize>() * 2, size, "the ratio holds in every block");
                *orders.entry(arms).or_default() += 1;
            } else {
                assert_eq!(
                    block.last().map(|slot| slot.block),
                    dealt.last().map(|slot| slot.block),
                    "only the last is cut"
                );
            }
        }
        // Every block but the last, which may be cut, is drawn without regard to the others.
        *sizes.entry(dealt[0].size).or_default() += 1;
    }
    assert_eq!(worst, 3, "half the largest block, and no more");
    // Each bound is the 99.9 % point of chi-square for classes − 1 degrees of freedom.
    assert!(chi_square(&firsts) < 10.83, "{firsts:?}");
    let sizes: Vec<u64> = sizes.into_values().collect();
    assert_eq!(sizes.len(), 3);
    assert!(chi_square(&sizes) < 13.82, "{sizes:?}");
    for (size, permutations, bound) in [(2, 2, 10.83), (4, 6, 20.52), (6, 20, 43.82)] {
        let counts: Vec<u64> = orders.iter().filter(|(arms, _)| arms.len() == size).map(|(_, count)| *count).collect();
        assert_eq!(counts.len(), permutations, "every order of {size} occurs");
        assert!(chi_square(&counts) < bound, "{size}: {counts:?}");
    }
}

#[test]
fn a_seed_settles_the_sequence_and_another_seed_another_one() {
    let plan = plan(&[1, 1], &[2, 4, 6], 72);
    let dealt = |seed| deal(&plan, dice(seed)).expect("dice");
    assert_eq!(dealt(7), dealt(7));
    assert_ne!(dealt(7), dealt(8));
}

#[test]
fn other_ratios_hold_in_every_whole_block() {
    let plan = plan(&[2, 1, 1], &[4, 8], 40);
    let mut below = dice(3);
    for _ in 0..200 {
        let dealt = deal(&plan, &mut below).expect("dice");
        for block in dealt.chunk_by(|a, b| a.block == b.block).filter(|block| block.len() == block[0].size as usize) {
            let count = |arm| block.iter().filter(|slot| slot.arm == arm).count();
            assert_eq!((count(0), count(1)), (2 * count(2), count(2)));
        }
    }
}

#[test]
fn the_strata_are_every_combination_the_last_factor_fastest() {
    let mut plan = plan(&[1, 1], &[2], 2);
    assert_eq!(plan.strata(), [String::new()]);
    let factor = |codes: &[&str]| Factor {
        cell: plan.arm.clone(),
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
    };
    plan.factors = vec![factor(&["LOW", "HIGH"]), factor(&["N", "Y", "U"])];
    assert_eq!(plan.strata(), ["LOW/N", "LOW/Y", "LOW/U", "HIGH/N", "HIGH/Y", "HIGH/U"]);
}

/// The acts' bytes are frozen.
#[test]
fn frozen_lines_of_the_acts_are_read_and_written_alike() {
    let id = "ab".repeat(32);
    let head = |log: &str, mdv: &str| {
        format!(
            "{{\"v\":1,\"study\":\"ST.X\",\"log\":\"{log}\",\"seq\":2,\"prev\":\"{id}\",\"at\":\"2026-11-23T08:15:02.113Z\",\
             \"tz\":\"+08:00\",\"tick\":\"1795421702113.0\",\"by\":\"nurse1\",{mdv}\"act\":"
        )
    };
    let site = head("S01-k7f2m3pq", "\"mdv\":\"MDV.1\",");
    let center = head("center", "");
    let lines = [
        format!("{center}\"allocation.published\",\"root\":\"{id}\",\"strata\":4,\"slots\":72}}\n"),
        format!(
            "{site}\"allocation.requested\",\"subject\":\"S01-003\",\"root\":\"{id}\",\"stratum\":2,\
             \"factors\":[\"HIGH\",\"N\"],\"number\":1}}\n"
        ),
        format!(
            "{center}\"allocation.released\",\"device\":\"S01-k7f2m3pq\",\"subject\":\"S01-003\",\"stratum\":2,\"slot\":7,\
             \"number\":1,\"code\":\"0000-0000-0000-0000-0000\",\"again\":false}}\n"
        ),
        format!("{center}\"allocation.refused\",\"code\":\"0000-0000-0000-0000-0000\",\"why\":\"skipped\"}}\n"),
        format!(
            "{site}\"allocation.revealed\",\"subject\":\"S01-003\",\"request\":\"{id}\",\"stratum\":2,\"slot\":7,\
             \"arm\":\"CTRL\"}}\n"
        ),
    ];
    for line in lines {
        let read = Line::read(line.as_bytes(), EntryId([1; 32])).expect(&line);
        assert_eq!(read.bytes(), line.as_bytes());
    }
}

mod fold {
    use super::*;
    use casebook::Private;
    use casebook::act::{AllocationRequested, AllocationRevealed, SubjectRegistered};
    use casebook::{Act, Book, Instant, Offset, RowKind, Tick, VERSION};

    fn entry(log: &str, seq: u64, ms: u64, act: impl Into<Act>) -> (EntryId, Entry) {
        let id = EntryId([u8::try_from(seq).expect("small") ^ log.as_bytes()[log.len() - 1]; 32]);
        let entry = Entry {
            v: VERSION,
            study: "ST.X".into(),
            log: log.into(),
            seq,
            prev: EntryId::ZERO,
            at: Instant::from_ms(0),
            tz: Offset::from_minutes(0),
            tick: Tick { ms, counter: 0 },
            by: "nurse1".into(),
            metadata_version: Some("MDV.1".into()),
            act: act.into(),
        };
        (id, entry)
    }

    fn history() -> Vec<(EntryId, Entry)> {
        let subject = Oid::from("S01-001");
        let registered = entry("S01-a", 1, 1, SubjectRegistered { subject: subject.clone(), site: "S01".into() });
        let root = EntryId([9; 32]);
        let asked = AllocationRequested { subject: subject.clone(), root, stratum: 1, factors: Vec::new(), number: 1 };
        let asked = entry("S01-a", 2, 2, asked);
        let revealed = |slot, arm: &str| AllocationRevealed {
            subject: subject.clone(),
            request: asked.0,
            stratum: 1,
            slot,
            arm: Private::from(arm),
        };
        let first = entry("S01-a", 3, 3, revealed(4, "A"));
        let second = entry("S01-b", 1, 9, revealed(4, "A"));
        vec![registered, asked, first, second]
    }

    #[test]
    fn any_order_of_the_logs_gives_the_same_rows_and_the_first_reveal_stays() {
        let history = history();
        let fold = |order: &[usize]| {
            let mut book = Book::new();
            for at in order {
                book.apply(history[*at].0, &history[*at].1).expect("of this subject");
            }
            let mut rows = book.rows();
            rows.sort();
            (rows, book.revealed().map(|told| (told.slot, told.origin.log.to_string())))
        };
        let (rows, revealed) = fold(&[0, 1, 2, 3]);
        for order in [[3, 0, 1, 2], [0, 3, 1, 2], [0, 1, 3, 2]] {
            assert_eq!(fold(&order).0, rows);
        }
        assert_eq!(revealed, Some((4, "S01-a".to_owned())));
        assert_eq!(rows.iter().filter(|(key, _)| key.kind == RowKind::Allocation).count(), 1);
        let parts = rows.iter().map(|(key, bytes)| (key.kind, key.place.as_str(), bytes.as_slice()));
        let again = Book::from_rows(parts).expect("rows");
        assert_eq!(again.allocations().collect::<Vec<_>>().len(), 1);
        assert_eq!(again.requests_of("S01-a").map(|(_, asked)| asked.number).collect::<Vec<_>>(), [1]);
        assert!(again.requests_of("S01-b").next().is_none());
    }
}
