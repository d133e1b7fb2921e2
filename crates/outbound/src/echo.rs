//! Whether a server's words give away a secret.
//!
//! A server, or a proxy in between, may repeat a request in its answer, seldom verbatim:
//! escaped, in another case, encoded once more, truncated or broken into lines.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};

/// So many characters of a secret in a row give it away.
const RUN: usize = 12;
/// Shorter ones are looked for as they are: too many words hold their letters.
const SHORTEST: usize = 8;

/// Whether a text holds a secret, or enough of it to be dangerous: as it is, escaped, encoded,
/// in other case, broken or cut.
pub fn gives_away(text: &str, secret: &SecretString) -> bool {
    let secret = secret.expose_secret();
    if text.contains(secret) {
        return true;
    }
    let heard = bare(&unescaped(text));
    let bytes = secret.as_bytes();
    let encoded = (0..3).filter_map(|skipped| bytes.get(skipped..));
    let encoded = encoded.map(|rest| BASE64_STANDARD.encode(rest));
    let hexadecimal = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [secret.to_owned(), hexadecimal]
        .into_iter()
        .chain(encoded)
        .any(|form| {
            let form = bare(&form);
            // Most of a short one is as good as all of it.
            let run = (form.len() * 3 / 4).clamp(SHORTEST, RUN);
            let mut parts = form.as_bytes().windows(run);
            parts.any(|part| std::str::from_utf8(part).is_ok_and(|part| heard.contains(part)))
        })
}

/// The letters and digits of a text, which are ASCII, in lower case.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// Without `%41` of addresses and `\u0041` of JSON.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(symbol) = rest.chars().next() {
        let digits = match symbol {
            '%' => rest.get(1..3),
            '\\' if rest.starts_with("\\u") => rest.get(2..6),
            _ => None,
        };
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let (symbol, length) = match (code.and_then(char::from_u32), digits) {
            (Some(meant), Some(digits)) => {
                (meant, digits.len() + if symbol == '%' { 1 } else { 2 })
            }
            _ => (symbol, symbol.len_utf8()),
        };
        plain.push(symbol);
        rest = &rest[length..];
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "pat-eu1-1f3a+9c/77==Zk";

    fn repeats(text: &str, secret: &str) -> bool {
        gives_away(text, &SecretString::from(secret.to_owned()))
    }

    #[test]
    fn a_secret_is_found_in_any_dress() {
        for echo in [
            SECRET.to_owned(),
            format!("Authorization: Bearer {SECRET} was refused"),
            SECRET.to_uppercase(),
            "pat%2Deu1%2D1f3a%2B9c%2F77%3D%3DZk".to_owned(),
            r"pat\u002deu1\u002d1f3a\u002b9c\u002f77\u003d\u003dZk".to_owned(),
            "token pat-eu1-1f3a+9 (cut)".to_owned(),
            "pat-eu1-\r\n 1f3a+9c/77==Zk".to_owned(),
            BASE64_STANDARD.encode(SECRET),
            BASE64_STANDARD.encode(format!("a:{SECRET}")),
            BASE64_STANDARD.encode(format!("Bearer {SECRET}")),
            SECRET.bytes().map(|byte| format!("{byte:02X}")).collect(),
        ] {
            assert!(repeats(&echo, SECRET), "{echo}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for words in [
            "",
            "%",
            "50% of \\u",
            "%é\\u12é",
            "the token pat-eu1 is of another portal",
            "invalid_grant",
        ] {
            assert!(!repeats(words, SECRET), "{words}");
        }
        assert!(repeats("the key k7 is refused", "k7"));
        assert!(!repeats("the key K7 is refused", "k7"));
    }
}
