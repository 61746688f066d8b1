//! A multi-value register: what several writers said of one thing, without a clock deciding between them.

use crate::ids::EntryId;

/// The entries about one thing that no other entry replaces.
///
/// Each entry names the heads that it replaces (its bases). The state depends on the set of entries applied, not on
/// their order, provided that each is applied once: `replaced` counts for every id how often it was named, less one once
/// the id itself has arrived, so an id that was named once and has arrived leaves no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiValueRegister<T> {
    /// Ascending by id.
    pub(crate) heads: Vec<(EntryId, T)>,
    /// Ascending by id; counts are never zero.
    pub(crate) replaced: Vec<(EntryId, u32)>,
}

impl<T> Default for MultiValueRegister<T> {
    fn default() -> Self {
        MultiValueRegister { heads: Vec::new(), replaced: Vec::new() }
    }
}

impl<T> MultiValueRegister<T> {
    /// Takes one entry into account.
    pub fn apply(&mut self, id: EntryId, value: T, bases: &[EntryId]) {
        for base in bases {
            match self.heads.binary_search_by_key(base, |head| head.0) {
                Ok(at) => drop(self.heads.remove(at)),
                Err(_) => match self.replaced.binary_search_by_key(base, |one| one.0) {
                    Ok(at) => self.replaced[at].1 += 1,
                    Err(at) => self.replaced.insert(at, (*base, 1)),
                },
            }
        }
        match self.replaced.binary_search_by_key(&id, |one| one.0) {
            Ok(at) if self.replaced[at].1 == 1 => drop(self.replaced.remove(at)),
            Ok(at) => self.replaced[at].1 -= 1,
            Err(_) => {
                if let Err(at) = self.heads.binary_search_by_key(&id, |head| head.0) {
                    self.heads.insert(at, (id, value));
                }
            }
        }
    }

    /// The heads, ascending by id.
    pub fn heads(&self) -> impl Iterator<Item = (EntryId, &T)> {
        self.heads.iter().map(|(id, value)| (*id, value))
    }

    /// The ids that the next entry about this thing names as its bases.
    pub fn bases(&self) -> Vec<EntryId> {
        self.heads.iter().map(|head| head.0).collect()
    }

    /// Whether nothing was ever said.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty() && self.replaced.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: usize) -> EntryId {
        EntryId([n as u8; 32])
    }

    #[test]
    fn two_values_stay_until_one_names_both() {
        let mut register = MultiValueRegister::default();
        register.apply(id(1), "a", &[]);
        register.apply(id(2), "b", &[id(1)]);
        register.apply(id(3), "c", &[id(1)]);
        assert_eq!(register.bases(), [id(2), id(3)]);
        register.apply(id(4), "d", &register.bases());
        assert_eq!(register.bases(), [id(4)]);
    }

    /// A history in which every entry may name any earlier ones, in two orders of arrival.
    fn histories() -> impl Strategy<Value = (Vec<Vec<EntryId>>, Vec<usize>)> {
        proptest::collection::vec(any::<u16>(), 1..12).prop_flat_map(|masks| {
            let bases: Vec<Vec<EntryId>> = masks
                .iter()
                .enumerate()
                .map(|(i, mask)| (0..i).filter(|j| mask >> j & 1 == 1).map(id).collect())
                .collect();
            let order: Vec<usize> = (0..bases.len()).collect();
            (Just(bases), Just(order).prop_shuffle())
        })
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same_state((bases, order) in histories()) {
            let mut straight = MultiValueRegister::default();
            for (i, named) in bases.iter().enumerate() {
                straight.apply(id(i), i, named);
            }
            let mut shuffled = MultiValueRegister::default();
            for i in order {
                shuffled.apply(id(i), i, &bases[i]);
            }
            prop_assert_eq!(&straight, &shuffled);
            let named = |i: usize| bases.iter().flatten().any(|base| *base == id(i));
            let heads: Vec<EntryId> = (0..bases.len()).filter(|i| !named(*i)).map(id).collect();
            prop_assert_eq!(straight.bases(), heads);
        }
    }
}
