//! When to try again, and how long to wait before.

use std::time::Duration;

use super::date::http_date;

/// How often and how patiently a request is repeated.
#[derive(Clone, Debug)]
pub struct Retries {
    /// So many requests at most; 1 means no repetition.
    pub attempts: u32,
    /// All requests of a source together are repeated so often at most.
    pub budget: u32,
    /// The first wait; each further one may be twice as long.
    pub first: Duration,
    /// No wait is longer, unless the server asks for it.
    pub longest: Duration,
    /// A server that asks for a longer wait than this is not waited for.
    pub patience: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            attempts: 4,
            budget: 9,
            first: Duration::from_millis(400),
            longest: Duration::from_secs(8),
            patience: Duration::from_secs(60),
        }
    }
}

/// RFC 9110 and RFC 6585: what a server says that may be different next time.
pub(super) fn is_transient(status: u16) -> bool {
    matches!(status, 429 | 500 | 502 | 503 | 504)
}

impl Retries {
    /// How long to wait after the attempt of that number (from 1), if it is
    /// worth while. `asked` is what the server asked for; `chance` is in 0..1.
    pub(super) fn wait(&self, attempt: u32, asked: Option<Duration>, chance: f64) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        if let Some(asked) = asked {
            // Never earlier; the part by chance keeps many clients apart.
            let spread = self.first.mul_f64(chance);
            return (asked <= self.patience).then_some(asked + spread);
        }
        let doubled = self.first.saturating_mul(1 << (attempt - 1).min(16)).min(self.longest);
        Some(doubled.mul_f64(0.5 + chance / 2.0))
    }
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a day and time. The
/// latter is counted from the answer's own `Date`, so that clocks need not
/// agree; where it has none, from `now` (seconds since 1970).
pub(super) fn retry_after(value: &str, date: Option<&str>, now: u64) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // Longer than fits is longer than anybody waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let until = http_date(value)?;
    let from = date.and_then(http_date).unwrap_or(now);
    Some(Duration::from_secs(until.saturating_sub(from)))
}

/// Numbers by chance from a seed (SplitMix64): enough to keep clients apart,
/// and the same for the same seed.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// In 0..1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let retries = Retries::default();
        let waits: Vec<_> = (1..6).map(|attempt| retries.wait(attempt, None, 1.0)).collect();
        let ms = |n| Some(Duration::from_millis(n));
        assert_eq!(waits, [ms(400), ms(800), ms(1600), None, None]);
        assert_eq!(retries.wait(1, None, 0.0), ms(200));
        let many = Retries { attempts: 100, ..retries };
        assert_eq!(many.wait(90, None, 1.0), Some(many.longest));
    }

    #[test]
    fn the_server_is_honoured_within_bounds() {
        let retries = Retries::default();
        let asked = |seconds| retries.wait(1, Some(Duration::from_secs(seconds)), 0.5);
        assert!(asked(3).is_some_and(|wait| wait >= Duration::from_secs(3) && wait < Duration::from_secs(4)));
        assert_eq!(asked(3600), None);
    }

    #[test]
    fn both_forms_of_retry_after() {
        let after = |value: &str| retry_after(value, Some("Sun, 06 Nov 1994 08:49:37 GMT"), 0);
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("Sun, 06 Nov 1994 08:50:00 GMT"), Some(Duration::from_secs(23)));
        assert_eq!(after("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("99999999999999999999"), Some(Duration::from_secs(u64::from(u32::MAX))));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-1"), None);
        let without = retry_after("Sun, 06 Nov 1994 08:50:00 GMT", None, 784_111_777);
        assert_eq!(without, Some(Duration::from_secs(23)));
    }

    #[test]
    fn chance_is_spread_and_repeatable() {
        let draw = |seed| {
            let mut chance = Chance::new(seed);
            (0..1000).map(|_| chance.next()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let mean = draw(1).iter().sum::<f64>() / 1000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
