//! Names and members of objects, as normal forms hold them: in order, and
//! shared by all copies until one is changed.
//!
//! Objects are cut, joined and kept in large numbers; most copies differ in a
//! member or two, if at all. Knows nothing of what members mean.

use std::cmp::Ordering;
use std::rc::Rc;

use super::norm::Set;

/// The name of a member, shared by all that speak of it.
pub(super) type Name = Rc<str>;

/// Names, sorted and once each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Names(Rc<Vec<Name>>);

impl Names {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Name> {
        self.0.iter()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.binary_search_by(|known| (**known).cmp(name)).is_ok()
    }

    pub(super) fn insert(&mut self, name: &Name) {
        if let Err(place) = self.0.binary_search(name) {
            Rc::make_mut(&mut self.0).insert(place, name.clone());
        }
    }

    pub(super) fn is_subset(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.iter().all(|name| other.contains(name))
    }

    pub(super) fn without(&self, other: &Self) -> Vec<Name> {
        self.iter().filter(|name| !other.contains(name)).cloned().collect()
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        match (self.is_subset(other), other.is_subset(self)) {
            (_, true) => self.clone(),
            (true, _) => other.clone(),
            _ => self.iter().chain(other.iter()).cloned().collect(),
        }
    }
}

impl FromIterator<Name> for Names {
    fn from_iter<I: IntoIterator<Item = Name>>(names: I) -> Self {
        let mut list: Vec<Name> = names.into_iter().collect();
        list.sort_unstable();
        list.dedup();
        list.shrink_to_fit();
        Self(Rc::new(list))
    }
}

/// Members by their names, in the order of these.
#[derive(Clone, Debug, Default)]
pub(super) struct Members(Rc<Vec<(Name, Set)>>);

impl Members {
    /// Of members in any order; of two with one name the last one counts.
    pub(super) fn new(mut list: Vec<(Name, Set)>) -> Self {
        list.reverse();
        list.sort_by(|(a, _), (b, _)| a.cmp(b));
        list.dedup_by(|(a, _), (b, _)| a == b);
        list.shrink_to_fit();
        Self(Rc::new(list))
    }

    /// The members of both, each as `both` puts it together.
    pub(super) fn zipped(
        one: &Self,
        other: &Self,
        mut both: impl FnMut(&Name, Option<&Set>, Option<&Set>) -> Set,
    ) -> Self {
        let mut list: Vec<(Name, Set)> = Vec::with_capacity(one.len().max(other.len()));
        let (mut ones, mut others) = (one.iter().peekable(), other.iter().peekable());
        loop {
            let order = match (ones.peek(), others.peek()) {
                (Some((a, _)), Some((b, _))) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let a = if order.is_le() { ones.next() } else { None };
            let b = if order.is_ge() { others.next() } else { None };
            if let Some((name, _)) = a.or(b) {
                list.push((name.clone(), both(name, a.map(|(_, set)| set), b.map(|(_, set)| set))));
            }
        }
        list.shrink_to_fit();
        Self(Rc::new(list))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Set> {
        self.place(name).ok().map(|place| &self.0[place].1)
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    pub(super) fn names(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.0.iter().map(|(name, _)| name)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, (Name, Set)> {
        self.0.iter()
    }

    pub(super) fn insert(&mut self, name: &Name, set: Set) {
        let list = Rc::make_mut(&mut self.0);
        match list.binary_search_by(|(known, _)| known.cmp(name)) {
            Ok(place) => list[place].1 = set,
            Err(place) => list.insert(place, (name.clone(), set)),
        }
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Names {
        list.iter().map(|name| Name::from(*name)).collect()
    }

    #[test]
    fn names_are_sorted_sets() {
        let (a, b) = (names(&["b", "a", "b"]), names(&["c", "a"]));
        assert_eq!(a, names(&["a", "b"]));
        assert_eq!(a.union(&b), names(&["a", "b", "c"]));
        assert_eq!(a.union(&names(&["a"])), a);
        assert_eq!(a.without(&b), [Name::from("b")]);
        assert!(names(&["a"]).is_subset(&a) && !a.is_subset(&b) && a.contains("b") && !a.contains("c"));
        let mut copy = a.clone();
        copy.insert(&"aa".into());
        assert_eq!((copy, a), (names(&["a", "aa", "b"]), names(&["a", "b"])));
    }

    #[test]
    fn members_are_found_by_name() {
        let set = |id: u32| Set::from_slice(&[id]);
        let a = Members::new(vec![("b".into(), set(1)), ("a".into(), set(2)), ("b".into(), set(3))]);
        assert_eq!(a.len(), 2);
        assert_eq!((a.get("a"), a.get("b"), a.get("c")), (Some(&set(2)), Some(&set(3)), None));
        let mut copy = a.clone();
        copy.insert(&"c".into(), set(4));
        copy.insert(&"a".into(), set(5));
        assert_eq!(copy.names().map(|name| &**name).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!((copy.get("a"), a.get("a")), (Some(&set(5)), Some(&set(2))));
    }
}
