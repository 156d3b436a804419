//! The nearest known word: "did you mean".
//!
//! Only the measure; how the words are put into a message is said elsewhere.

/// The known word that `found` is most likely a slip of, if any is near.
///
/// Near is a distance (optimal string alignment, letter case ignored) of at most a third of the
/// longer word, at least 1. Of equally near words the first counts.
pub(crate) fn nearest<'w>(found: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    // A slip in a long pasted text is not a slip in a word.
    const LONGEST: usize = 100;
    if found.len() > LONGEST {
        return None;
    }
    let lower = found.to_lowercase();
    known
        .into_iter()
        .filter(|word| *word != found)
        .map(|word| (strsim::osa_distance(&lower, &word.to_lowercase()), word))
        .filter(|(distance, word)| *distance <= (word.len().max(found.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["releases", "months"];
        assert_eq!(nearest("releses", known), Some("releases"));
        assert_eq!(nearest("Months", known), Some("months"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("2.71", ["2.17", "2.18"]), Some("2.17"));
    }
}
