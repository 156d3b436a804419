//! Many words in one pass over bytes, each where a word begins.
//!
//! Nearly every byte of a checkout is looked at here and nearly none of them
//! begins a word that is searched for: four bytes behind a byte that belongs to
//! no word decide, in a table that stays in the nearest cache. An automaton over
//! all bytes takes twice the time.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::text::is_word;

/// Bytes of a word that the table knows, and bits of each.
const HEAD: usize = 4;
const BITS: usize = 5;
/// Bits of a place in the table.
const PLACE: u32 = 15;
/// Bytes looked at together.
const BLOCK: usize = 64;

/// Finds words that stand behind a byte that belongs to none, or at the beginning.
#[derive(Debug)]
pub(super) struct Finder {
    /// Whether a word begins so, by the low bits of its first bytes.
    heads: Vec<u64>,
    /// The words that begin so, the longest first.
    by_head: FxHashMap<u32, Vec<usize>>,
    words: Vec<Sought>,
}

/// A word: what has to stand before it (`.` of `.example.org`), and the rest.
#[derive(Debug)]
struct Sought {
    before: String,
    rest: String,
    front: Front,
}

/// The first bytes of a word in one number: nearly every word that only begins alike
/// is told apart here, without a comparison of texts.
#[derive(Clone, Copy, Debug)]
struct Front {
    bytes: u64,
    /// Which of them belong to the word.
    mask: u64,
}

impl Front {
    fn of(word: &[u8]) -> Self {
        let len = word.len().min(size_of::<u64>());
        let mask = if len == size_of::<u64>() { u64::MAX } else { (1 << (8 * len)) - 1 };
        Self { bytes: first_bytes(word) & mask, mask }
    }
}

/// The first eight bytes as a number; of what is missing, none.
fn first_bytes(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(first(bytes))
}

/// The first bytes; of what is missing, none.
fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk::<N>().copied().unwrap_or_else(|| {
        let mut first = [0; N];
        first[..bytes.len()].copy_from_slice(bytes);
        first
    })
}

/// Where a word stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its number among all.
    pub word: usize,
    pub at: Range<usize>,
}

impl Finder {
    /// `None` if one of them has no letter or digit to begin with.
    pub(crate) fn new<'a>(all: impl Iterator<Item = &'a str>) -> Option<Self> {
        let split = |word: &str| {
            let (before, rest) = word.split_at(word.bytes().position(is_word)?);
            let front = Front::of(rest.as_bytes());
            Some(Sought { before: before.to_owned(), rest: rest.to_owned(), front })
        };
        let words: Vec<Sought> = all.map(split).collect::<Option<_>>()?;
        let mut heads = vec![0; 1 << (PLACE - 6)];
        let mut by_head: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        let mut longest_first: Vec<usize> = (0..words.len()).collect();
        longest_first.sort_by_key(|word| std::cmp::Reverse(words[*word].rest.len()));
        for word in longest_first {
            let rest = words[word].rest.as_bytes();
            // Of a short word, whatever comes next.
            let free = HEAD.saturating_sub(rest.len());
            for behind in 0..1u32 << (BITS * free) {
                let head = (0..free).fold(head(rest), |head, at| {
                    let bits = behind >> (BITS * at) & ((1 << BITS) - 1);
                    head | bits << (8 * (HEAD - 1 - at))
                });
                let place = place(head);
                heads[place >> 6] |= 1 << (place & 63);
                by_head.entry(head).or_default().push(word);
            }
        }
        Some(Self { heads, by_head, words })
    }

    /// All words of a part of a text, from left to right; where one is the
    /// beginning of another, the longer one.
    pub(super) fn all<'a>(&'a self, bytes: &'a [u8], part: Range<usize>) -> impl Iterator<Item = Found> + 'a {
        let (bytes, mut at) = (&bytes[..part.end], part.start);
        std::iter::from_fn(move || {
            let found = self.next(bytes, at)?;
            at = found.at.end;
            Some(found)
        })
    }

    fn next(&self, bytes: &[u8], from: usize) -> Option<Found> {
        let mut at = from;
        let mut inside = from.checked_sub(1).is_some_and(|before| is_word(bytes[before]));
        while at < bytes.len() {
            let block = &bytes[at..bytes.len().min(at + BLOCK)];
            let words = words_of(block);
            let mut begins = words & !(words << 1 | u64::from(inside));
            while begins != 0 {
                let begin = at + begins.trailing_zeros() as usize;
                begins &= begins - 1;
                let head = head(&bytes[begin..]);
                let place = place(head);
                if self.heads[place >> 6] >> (place & 63) & 1 == 1
                    && let Some(found) = self.at(bytes, begin, head)
                {
                    return Some(found);
                }
            }
            inside = words >> (BLOCK - 1) & 1 == 1;
            at += BLOCK;
        }
        None
    }

    fn at(&self, bytes: &[u8], at: usize, head: u32) -> Option<Found> {
        let here = first_bytes(&bytes[at..]);
        let stands = |number: &&usize| {
            let Sought { before, rest, front } = &self.words[**number];
            here & front.mask == front.bytes
                && rest.len() <= bytes.len() - at
                && (rest.len() <= size_of::<u64>() || bytes[at..].starts_with(rest.as_bytes()))
                && (before.is_empty() || bytes[..at].ends_with(before.as_bytes()))
        };
        let word = *self.by_head.get(&head)?.iter().find(stands)?;
        Some(Found { word, at: at..at + self.words[word].rest.len() })
    }
}

/// Which bytes of a block belong to words, a bit each. Without branches, so that
/// many bytes are looked at in one instruction.
fn words_of(block: &[u8]) -> u64 {
    let mut bytes = [0u8; BLOCK];
    bytes[..block.len()].copy_from_slice(block);
    let mut flags = [0u8; BLOCK];
    for (flag, byte) in flags.iter_mut().zip(bytes) {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        *flag = u8::from(letter | digit | (byte == b'_'));
    }
    // The lowest bits of eight bytes side by side: bit 8k goes to 56 + k.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    flags.chunks_exact(8).rev().fold(0, |all, eight| {
        let eight = eight.iter().rev().fold(0u64, |all, flag| all << 8 | u64::from(*flag));
        all << 8 | eight.wrapping_mul(GATHER) >> 56
    })
}

/// The low bits of the first bytes, each where its byte is; of what is missing, none.
fn head(bytes: &[u8]) -> u32 {
    const LOW: u32 = u32::from_ne_bytes([(1 << BITS) - 1; HEAD]);
    u32::from_le_bytes(first(bytes)) & LOW
}

/// Where a head stands in the table; others may stand there too.
fn place(head: u32) -> usize {
    (head.wrapping_mul(0x9E37_79B1) >> (u32::BITS - PLACE)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str], text: &str) -> Vec<(usize, Range<usize>)> {
        let finder = Finder::new(words.iter().copied()).unwrap();
        finder.all(text.as_bytes(), 0..text.len()).map(|found| (found.word, found.at)).collect()
    }

    #[test]
    fn words_are_found_where_they_begin() {
        let words = ["users", "api/v1", "me", ".example.org", "@me", "nodes", "node"];
        assert_eq!(found(&words, "/api/v1/users"), [(1, 1..7), (0, 8..13)]);
        assert_eq!(found(&words, "superusers, _users"), []);
        assert_eq!(found(&words, "users"), [(0, 0..5)]);
        assert_eq!(found(&words, "/me"), [(2, 1..3)]);
        assert_eq!(found(&words, "x/@me/"), [(2, 3..5)]);
        assert_eq!(found(&words, "https://a.example.org"), [(3, 10..21)]);
        assert_eq!(found(&words, "https://example.org"), []);
        assert_eq!(found(&words, "nodes node nod"), [(5, 0..5), (6, 6..10)]);
        assert_eq!(found(&words, ""), []);
        assert_eq!(found(&["user"], "\u{e4}user us"), [(0, 2..6)]);
        let finder = Finder::new(["users"].into_iter()).unwrap();
        assert_eq!(finder.all(b"superusers users", 5..16).count(), 1);
        assert_eq!(finder.all(b"users users", 0..8).count(), 1);
        assert!(Finder::new(["users", "--"].into_iter()).is_none());
    }

    #[test]
    fn what_an_automaton_finds_at_the_beginning_of_words_is_found() {
        let words = ["a", "ab", "abc", "abcd", "b1", "a/b", "1", "z-z"];
        let automaton = aho_corasick::AhoCorasick::builder()
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .build(words)
            .unwrap();
        let finder = Finder::new(words.into_iter()).unwrap();
        let mut seed = 7u32;
        for _ in 0..2_000 {
            let text: String = (0..20)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ['a', 'b', 'c', 'd', '1', '/', '-', 'z', ' ', '_', 'A'][(seed >> 16) as usize % 11]
                })
                .collect();
            let bytes = text.as_bytes();
            let begins = |at: usize| at == 0 || !is_word(bytes[at - 1]);
            let ours: Vec<_> = finder.all(bytes, 0..bytes.len()).map(|found| found.at).collect();
            for known in automaton.find_iter(bytes).filter(|known| begins(known.start())) {
                let known = known.range();
                let within = |found: &Range<usize>| found.start <= known.start && known.end <= found.end;
                assert!(ours.iter().any(within), "{text} {known:?} {ours:?}");
            }
        }
    }
}
