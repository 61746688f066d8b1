//! Dealing arms: permuted blocks of random size.

use crate::Plan;

/// One slot's arm and the block that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dealt {
    /// The arm, by its place in the plan.
    pub arm: usize,
    /// The block, from 1.
    pub block: u32,
    /// The block's size.
    pub size: u32,
}

/// Deals one stratum. `below(n)` gives a number below `n`, each as likely as the others.
///
/// Each block's size is drawn among the plan's, its arms stand in their ratio, and each of their orders is as likely as the
/// others (Fisher–Yates; Knuth, The Art of Computer Programming, vol. 2, section 3.4.2, algorithm P). The last block is cut
/// where the stratum ends, so that the number of slots says nothing of it.
pub fn deal<E>(plan: &Plan, mut below: impl FnMut(u32) -> Result<u32, E>) -> Result<Vec<Dealt>, E> {
    let mut dealt = Vec::new();
    let together: u32 = plan.ratio.iter().sum();
    let slots = plan.slots as usize;
    for block in 1.. {
        if dealt.len() >= slots {
            break;
        }
        let size = plan.blocks[below(plan.blocks.len() as u32)? as usize];
        let times = (size / together) as usize;
        let mut arms: Vec<usize> =
            plan.ratio.iter().enumerate().flat_map(|(arm, part)| vec![arm; *part as usize * times]).collect();
        for last in (1..arms.len()).rev() {
            arms.swap(last, below(last as u32 + 1)? as usize);
        }
        dealt.extend(arms.into_iter().map(|arm| Dealt { arm, block, size }));
    }
    dealt.truncate(slots);
    Ok(dealt)
}
