//! What may be done, by name, and sets of it as bits.
//!
//! Every declared permission has a fixed place, so a role is a few words of bits however much it may do: roles are joined
//! by an OR, and a check is one look at a bit.

use std::collections::HashMap;

/// The name of something that may be done, declared by the part that it belongs to: `skills.read`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Permission(pub &'static str);

/// A permission as it is declared: `roles` hold it from the start, and administrators change that later.
pub struct PermissionSpec {
    pub permission: Permission,
    pub title: &'static str,
    pub roles: &'static [&'static str],
}

const WORDS: usize = 4;
/// How many permissions can be declared.
const MOST: usize = WORDS * u64::BITS as usize;

/// Some of the declared permissions. Which ones, tells the index that gave the places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet([u64; WORDS]);

impl PermissionSet {
    fn insert(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    pub fn contains(&self, place: usize) -> bool {
        self.0[place / 64] & (1 << (place % 64)) != 0
    }

    pub fn with(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    /// Those that the other set lacks.
    pub fn without(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(std::array::from_fn(|word| self.0[word] & !other.0[word]))
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// The place of each declared permission.
#[derive(Debug, Default)]
pub struct PermissionIndex {
    places: HashMap<&'static str, usize>,
    names: Vec<&'static str>,
}

impl PermissionIndex {
    /// # Panics
    /// When more are declared than a set has room for: a mistake in the code that the first start shows.
    pub fn new(permissions: impl IntoIterator<Item = Permission>) -> Self {
        let mut index = PermissionIndex::default();
        for Permission(name) in permissions {
            if !index.places.contains_key(name) {
                index.places.insert(name, index.names.len());
                index.names.push(name);
            }
        }
        assert!(index.names.len() <= MOST, "more than {MOST} permissions are declared");
        index
    }

    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Those of these names that are declared.
    pub fn set<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> PermissionSet {
        let mut set = PermissionSet::default();
        names.into_iter().filter_map(|name| self.place(name)).for_each(|place| set.insert(place));
        set
    }

    /// All that are declared.
    pub fn all(&self) -> PermissionSet {
        self.set(self.names.iter().copied())
    }

    pub fn includes(&self, set: &PermissionSet, permission: Permission) -> bool {
        self.place(permission.0).is_some_and(|place| set.contains(place))
    }

    /// What is in a set, in the order of declaration.
    pub fn names(&self, set: PermissionSet) -> Vec<&'static str> {
        let places = self.names.iter().enumerate();
        places.filter(|(place, _)| set.contains(*place)).map(|(_, name)| *name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const NAMES: [&str; 130] = {
        // Long enough to reach into the third word.
        let mut names = [""; 130];
        let text = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
        let mut place = 0;
        while place < names.len() {
            names[place] = text.split_at(place + 1).0;
            place += 1;
        }
        names
    };

    proptest! {
        #[test]
        fn sets_of_bits_are_sets(
            one in prop::collection::btree_set(0usize..130, 0..60),
            other in prop::collection::btree_set(0usize..130, 0..60),
        ) {
            let index = PermissionIndex::new(NAMES.map(Permission));
            let named = |places: &BTreeSet<usize>| places.iter().map(|place| NAMES[*place]).collect::<Vec<_>>();
            let (a, b) = (index.set(named(&one)), index.set(named(&other)));
            prop_assert_eq!(index.names(a), named(&one));
            prop_assert_eq!(index.names(a.with(b)), named(&one.union(&other).copied().collect()));
            prop_assert_eq!(index.names(a.without(b)), named(&one.difference(&other).copied().collect()));
            prop_assert_eq!(a.len(), one.len());
            prop_assert_eq!(a.is_empty(), one.is_empty());
        }
    }

    #[test]
    fn what_nobody_declared_is_in_no_set() {
        let index = PermissionIndex::new([Permission("a.read"), Permission("a.read"), Permission("a.write")]);
        let set = index.set(["a.read", "b.read"]);
        assert_eq!(index.names(set), ["a.read"]);
        assert!(index.includes(&set, Permission("a.read")));
        assert!(!index.includes(&index.all(), Permission("b.read")));
    }
}
