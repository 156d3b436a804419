//! A list that is nearly always empty, in the size of a pointer.
//!
//! Documents have tens of thousands of schemas, each with a dozen lists of which
//! one or two hold anything.

use std::ops::Deref;

/// See the module.
#[allow(clippy::box_collection, reason = "the box is what makes an empty list small")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<T>(Option<Box<Vec<T>>>);

impl<T> Few<T> {
    /// The members.
    pub fn as_slice(&self) -> &[T] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    pub(super) fn push(&mut self, member: T) {
        self.0.get_or_insert_default().push(member);
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(list: Vec<T>) -> Self {
        Self((!list.is_empty()).then(|| Box::new(list)))
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        members.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        members.into_iter().for_each(|member| self.push(member));
    }
}

impl<'f, T> IntoIterator for &'f Few<T> {
    type Item = &'f T;
    type IntoIter = std::slice::Iter<'f, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.as_slice().iter()
    }
}
