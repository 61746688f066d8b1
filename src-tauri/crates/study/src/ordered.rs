//! A list in document order whose members are also found by OID.

use crate::Oid;
use std::collections::HashMap;
use std::slice;

/// Something that a study file names with an OID.
pub trait Identified {
    /// The definition's OID.
    fn oid(&self) -> &Oid;
}

/// Definitions in the order of the study file, found by OID in constant time.
#[derive(Clone, Debug)]
pub struct Ordered<T> {
    list: Vec<T>,
    index: HashMap<Oid, u32>,
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self { list: Vec::new(), index: HashMap::new() }
    }
}

impl<T: Identified> Ordered<T> {
    /// Appends `value`; gives it back when its OID is taken.
    pub fn insert(&mut self, value: T) -> Result<(), T> {
        if self.index.contains_key(value.oid()) {
            return Err(value);
        }
        let Ok(place) = u32::try_from(self.list.len()) else { return Err(value) };
        self.index.insert(value.oid().clone(), place);
        self.list.push(value);
        Ok(())
    }

    /// The definition with this OID.
    pub fn get(&self, oid: &str) -> Option<&T> {
        self.position(oid).map(|place| &self.list[place])
    }

    /// The place in document order of the definition with this OID.
    pub fn position(&self, oid: &str) -> Option<usize> {
        self.index.get(oid).map(|&place| place as usize)
    }

    /// Whether there is a definition with this OID.
    pub fn contains(&self, oid: &str) -> bool {
        self.index.contains_key(oid)
    }

    /// All definitions in document order.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.list.iter()
    }

    /// All definitions, to be changed in place; their OIDs must stay.
    pub(crate) fn iter_mut(&mut self) -> slice::IterMut<'_, T> {
        self.list.iter_mut()
    }

    /// Keeps those that `keep` wants.
    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let kept: Vec<T> = std::mem::take(&mut self.list).into_iter().filter(keep).collect();
        *self = kept.into_iter().collect();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<'a, T: Identified> IntoIterator for &'a Ordered<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Identified> FromIterator<T> for Ordered<T> {
    /// Keeps the first of several with the same OID.
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut ordered = Self::default();
        for value in values {
            let _duplicate = ordered.insert(value);
        }
        ordered
    }
}
