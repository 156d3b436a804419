//! Days and times as HTTP writes them (RFC 9110, section 5.6.7).

use jiff::civil::DateTime;
use jiff::tz::Offset;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds since 1970, from any of the three forms.
pub(super) fn http_date(text: &str) -> Option<u64> {
    let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let (day, month, year, time) = match words.as_slice() {
        // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT
        [_, day, month, year, time, "GMT"] => (day, month, year, time),
        // Sun Nov  6 08:49:37 1994
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    let number = |text: &str| -> Option<i16> {
        let plain = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok())?
    };
    let small = |text: &str| number(text).and_then(|n| i8::try_from(n).ok());
    let month = i8::try_from(MONTHS.iter().position(|name| name == month)? + 1).ok()?;
    let year = match (year.len(), number(year)?) {
        // Two digits: the turn of the century is far enough behind.
        (2, year @ 70..) => 1900 + year,
        (2, year) => 2000 + year,
        (_, year) => year,
    };
    let clock: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = clock.as_slice() else { return None };
    // A leap second is no time of the calendar used here.
    let second = small(second)?.min(59);
    let time = DateTime::new(year, month, small(day)?, small(hour)?, small(minute)?, second, 0).ok()?;
    u64::try_from(Offset::UTC.to_timestamp(time).ok()?.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::http_date;

    #[test]
    fn the_three_forms_of_the_rfc() {
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(http_date(text), Some(784_111_777), "{text}");
        }
        assert_eq!(http_date("Wed, 31 Dec 2036 23:59:60 GMT"), http_date("Wed, 31 Dec 2036 23:59:59 GMT"));
        for text in ["", "tomorrow", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 8 GMT", "1 2 3 4 5"] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
