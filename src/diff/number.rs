//! Numbers as documents write them: exact decimals, so that bounds of 64-bit
//! integers and steps like 0.1 compare as what they are.

use std::cmp::Ordering;

/// `mantissa * 10^-scale`, without trailing zeros in the mantissa.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// More digits than this are not read exactly.
const MAX_DIGITS: u32 = 30;

impl Decimal {
    pub(super) const ZERO: Self = Self { mantissa: 0, scale: 0 };
    pub(super) const ONE: Self = Self { mantissa: 1, scale: 0 };

    pub(super) fn integer(value: i128) -> Self {
        Self { mantissa: value, scale: 0 }
    }

    /// A JSON number; `None` where it has more digits than are kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (digits, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        let mut scale = i32::try_from(fraction.len()).ok()? - exponent;
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        while scale < 0 {
            mantissa = mantissa.checked_mul(10)?;
            scale += 1;
        }
        let scale = u32::try_from(scale).ok()?;
        (scale <= MAX_DIGITS).then_some(Self { mantissa, scale })
    }

    pub(super) fn of(value: &serde_json::Number) -> Option<Self> {
        Self::parse(&value.to_string())
    }

    /// Both mantissas at the larger of the two scales.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let lift = |d: Self| 10i128.checked_pow(scale - d.scale).and_then(|p| d.mantissa.checked_mul(p));
        Some((lift(self)?, lift(other)?, scale))
    }

    pub(super) fn add(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self { mantissa: a.checked_add(b)?, scale }.reduced())
    }

    pub(super) fn minus(self, other: Self) -> Option<Self> {
        self.add(Self { mantissa: -other.mantissa, scale: other.scale })
    }

    pub(super) fn half(self) -> Option<Self> {
        Some(Self { mantissa: self.mantissa.checked_mul(5)?, scale: self.scale + 1 }.reduced())
    }

    /// Whether it is a whole multiple of `step`.
    pub(super) fn is_multiple_of(self, step: Self) -> bool {
        step.mantissa != 0 && self.aligned(step).is_some_and(|(a, b, _)| a % b == 0)
    }

    pub(super) fn is_integer(self) -> bool {
        self.scale == 0
    }

    /// The largest whole multiple of `step` that is not above.
    pub(super) fn floor_to(self, step: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(step)?;
        let b = b.checked_abs().filter(|b| *b != 0)?;
        Some(Self { mantissa: a.div_euclid(b).checked_mul(b)?, scale }.reduced())
    }

    fn reduced(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    pub(super) fn to_json(self) -> serde_json::Value {
        let text = self.to_string();
        serde_json::from_str(&text).unwrap_or(serde_json::Value::Null)
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.aligned(*other) {
            Some((a, b, _)) => a.cmp(&b),
            // Too far apart to align: the magnitudes tell.
            None => {
                let f = |d: &Self| d.mantissa as f64 / 10f64.powi(d.scale as i32);
                f(self).total_cmp(&f(other))
            }
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn decimals_are_exact() {
        let d = |text: &str| Decimal::parse(text).unwrap();
        assert_eq!(d("1.0"), d("1"));
        assert_eq!(d("1e3"), d("1000"));
        assert!(d("9223372036854775807") > d("9223372036854775806"));
        assert!(d("0.3").is_multiple_of(d("0.1")));
        assert_eq!(d("-2.50").to_string(), "-2.5");
        assert_eq!(d("7").floor_to(d("5")), Some(d("5")));
        assert_eq!(d("1").half(), Some(d("0.5")));
        assert_eq!(d("0.05").to_string(), "0.05");
    }
}
