//! Numbers that identify somebody: phones, cards, accounts.

use std::ops::Range;

use regex::Regex;

use super::checksum::{is_iban, is_luhn};
use super::mapping::SecretKind;
use super::pattern::pattern;
use crate::Result;

/// Patterns of numbers, compiled once.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    iban_start: Regex,
    account: Regex,
    phone: Regex,
    date: Regex,
    grouped: Regex,
    local_phone: Regex,
}

impl Numbers {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            iban_start: pattern(r"(?i)\b[A-Z]{2}[0-9]{2}")?,
            account: pattern(
                r"(?i)\b(?:account|acct|a/c|routing|sort\s+code)\b(?:\s+(?:number|no|num|code|is|was|ending|in))*[\s:.#]*([0-9][0-9 -]{3,}[0-9])",
            )?,
            phone: pattern(
                r"\+?\(?[0-9](?:[0-9 \t().\-/\x{a0}\x{2010}-\x{2013}\x{202f}]{4,}[0-9])",
            )?,
            date: pattern(
                r"^(?:[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./](?:[0-9]{4}|[0-9]{2}))(?:$|[^-./0-9])",
            )?,
            grouped: pattern(r"^[1-9][0-9]{0,2}(?:\.[0-9]{3})+$|^[0-9]+\.[0-9]+$")?,
            local_phone: pattern(r"^[0-9]{3}[-. ][0-9]{4}$")?,
        })
    }

    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, SecretKind)> {
        let mut found = Vec::new();
        for start in self.iban_start.find_iter(text) {
            let iban = longest(
                text,
                start.start(),
                34,
                15,
                |byte| byte.is_ascii_alphanumeric(),
                is_iban,
            );
            found.extend(iban.map(|range| (range, SecretKind::Account)));
        }
        for account in self.account.captures_iter(text) {
            found.extend(
                account
                    .get(1)
                    .map(|number| (number.range(), SecretKind::Account)),
            );
        }
        let bytes = text.as_bytes();
        for start in 0..bytes.len() {
            let begins =
                bytes[start].is_ascii_digit() && !before(bytes, start).is_some_and(is_digit);
            if begins {
                let card = longest(
                    text,
                    start,
                    19,
                    13,
                    |byte| is_digit(*byte),
                    |digits| is_luhn(&digits.iter().map(|digit| digit - b'0').collect::<Vec<u8>>()),
                );
                found.extend(card.map(|range| (range, SecretKind::Card)));
            }
        }
        for number in self.phone.find_iter(text) {
            if self.is_phone(number.as_str(), &text[..number.start()]) {
                found.push((number.range(), SecretKind::Phone));
            }
        }
        found
    }

    /// A plus sign, a leading zero or a bracket, and else the count of digits, tell a
    /// phone number from dates, amounts and long ids.
    fn is_phone(&self, number: &str, before: &str) -> bool {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_run = digits == number.len();
        let is_amount = before
            .trim_end()
            .ends_with(['$', '\u{20ac}', '\u{a3}', '\u{a5}']);
        if number.starts_with('+') {
            return digits >= 7;
        }
        if is_amount || self.date.is_match(number) || self.grouped.is_match(number) {
            return false;
        }
        match digits {
            ..7 => false,
            7 => self.local_phone.is_match(number),
            8 => !is_run && number.starts_with(['0', '(']),
            9 => !is_run || number.starts_with('0'),
            10..=15 => true,
            // Several numbers in a row; a single run of digits is an id.
            _ => !is_run,
        }
    }
}

/// Between the groups of a number.
fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '-' | '.' | '\u{a0}' | '\u{2010}'..='\u{2013}' | '\u{202f}'
    )
}

/// The longest number from a place on that passes its check, with single separators
/// between its characters.
fn longest(
    text: &str,
    start: usize,
    most: usize,
    fewest: usize,
    belongs: impl Fn(&u8) -> bool,
    passes: impl Fn(&[u8]) -> bool,
) -> Option<Range<usize>> {
    let mut characters = Vec::new();
    let mut ends = Vec::new();
    let mut after_separator = true;
    for (at, character) in text[start..].char_indices() {
        match u8::try_from(character) {
            Ok(byte) if belongs(&byte) && characters.len() < most => {
                characters.push(byte);
                ends.push(start + at + 1);
                after_separator = false;
            }
            _ if is_separator(character) && !after_separator => after_separator = true,
            _ => break,
        }
    }
    (fewest..=characters.len()).rev().find_map(|length| {
        let end = ends[length - 1];
        let goes_on = text.as_bytes().get(end).is_some_and(&belongs);
        (!goes_on && passes(&characters[..length])).then_some(start..end)
    })
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn before(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&str, SecretKind)> {
        let numbers = Numbers::new().unwrap();
        let found = numbers.find(text);
        found
            .into_iter()
            .map(|(range, kind)| (&text[range], kind))
            .collect()
    }

    #[test]
    fn finds_phone_numbers_as_people_write_them() {
        for phone in [
            "+1 (415) 555-2671",
            "415-555-2671",
            "(415) 555-2671",
            "4155552671",
            "555-2671",
            "+49 30 901820",
            "030 901820",
            "020 7946 0958",
            "06.12.34.56.78",
        ] {
            let text = format!("call me on {phone}, please");
            let expected = (phone, SecretKind::Phone);
            assert!(
                kinds(&text).contains(&expected),
                "{phone}: {:?}",
                kinds(&text)
            );
        }
    }

    #[test]
    fn leaves_dates_amounts_and_ids_alone() {
        for text in [
            "on 2026-11-23 10:30",
            "on 23/11/2026",
            "for $1200000000",
            "of 1.000.000.000 rows",
            "3.14159265358",
            "call 78931285123456789012345",
            "in 2024 or 2025",
            "12 of 50 seats, 100%",
            "at 10:30 to 11:30",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn finds_cards_and_accounts_by_their_check_digits() {
        let text = "card 4111 1111 1111 1111 12/27, IBAN DE89 3704 0044 0532 0130 00 and thanks";
        let found = kinds(text);
        assert!(
            found.contains(&("4111 1111 1111 1111", SecretKind::Card)),
            "{found:?}"
        );
        let iban = ("DE89 3704 0044 0532 0130 00", SecretKind::Account);
        assert!(found.contains(&iban), "{found:?}");
        let found = kinds("my account number is 00123456, routing: 021000021");
        assert!(
            found.contains(&("00123456", SecretKind::Account)),
            "{found:?}"
        );
        assert!(
            found.contains(&("021000021", SecretKind::Account)),
            "{found:?}"
        );
    }
}
