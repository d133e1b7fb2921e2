//! Numbers and dates formatted for people.

use calls::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// `Fri 12 Jun 2026`.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

/// `12 Jun 2026`, in UTC.
pub(crate) fn date(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// `1:05` or `1:02:03`, from milliseconds; negative times count as zero.
pub(crate) fn clock(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// `45 s`, `2 min 05 s` or `1 h 02 min`.
pub(crate) fn seconds(value: f64) -> String {
    let whole = value.max(0.0).round() as u64;
    if whole < 60 {
        format!("{whole} s")
    } else if whole < 3600 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{} h {:02} min", whole / 3600, whole / 60 % 60)
    }
}

/// `43%`, from a share of 0 to 1.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// `48,000 EUR`; whole units, as nobody quotes a deal by the cent.
pub(crate) fn money(amount: Decimal, currency: Option<&str>) -> String {
    let grouped = grouped(&amount.round().abs().to_string());
    let sign = if amount.is_sign_negative() { "-" } else { "" };
    match currency {
        Some(currency) => format!("{sign}{grouped} {currency}"),
        None => format!("{sign}{grouped}"),
    }
}

/// Digits with a comma between thousands.
pub(crate) fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 question`, `3,000 questions`.
pub(crate) fn count(number: usize, singular: &str) -> String {
    if number == 1 {
        format!("1 {singular}")
    } else {
        format!("{} {singular}s", grouped(&number.to_string()))
    }
}

/// A sentence: first letter in capitals, full stop at the end.
pub(crate) fn sentence(text: &str) -> String {
    format!("{}.", capitalised(text))
}

/// The first letter in capitals.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// At most `words` words of a quotation for use inside prose, with an ellipsis
/// when it was cut. Evidence always has the whole sentence.
pub(crate) fn shortened(text: &str, words: usize) -> String {
    let mut all = text.split_whitespace();
    let kept: Vec<&str> = all.by_ref().take(words).collect();
    let cut = all.next().is_some();
    let joined: String = kept.join(" ").chars().take(240).collect();
    if cut { format!("{joined}…") } else { joined }
}

/// At most so many characters, with an ellipsis when it was cut.
pub(crate) fn shortened_to(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        assert_eq!(clock(65_999), "1:05");
        assert_eq!(clock(3_723_000), "1:02:03");
        assert_eq!(clock(-5), "0:00");
        assert_eq!(seconds(59.6), "1 min 00 s");
        assert_eq!(seconds(45.2), "45 s");
        assert_eq!(seconds(3_720.0), "1 h 02 min");
    }

    #[test]
    fn money_is_grouped_by_thousands() {
        assert_eq!(
            money(Decimal::from(1_234_567), Some("EUR")),
            "1,234,567 EUR"
        );
        assert_eq!(money(Decimal::from(-999), None), "-999");
    }

    #[test]
    fn quotations_are_cut_at_a_word() {
        assert_eq!(shortened("one two three", 2), "one two…");
        assert_eq!(shortened(" one  two ", 2), "one two");
    }
}
