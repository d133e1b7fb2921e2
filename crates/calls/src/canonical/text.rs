//! Text without what stores do not hold.

use std::borrow::Cow;

use super::NotJson;

/// What stands for a character that is none.
const REPLACEMENT: char = '\u{fffd}';

const SURROGATE: &str = "a lone surrogate became U+FFFD";
const NUL: &str = "NUL became U+FFFD";

/// A text as documents hold it once they are cleaned: with U+FFFD in place of NUL.
pub fn storable(text: &str) -> Cow<'_, str> {
    if memchr::memchr(0, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('\0', "\u{fffd}"))
}

/// The text of a JSON string with escapes, and what was cleaned.
pub(super) fn unescaped(quoted: &str) -> Result<(String, Option<&'static str>), NotJson> {
    let (text, cleaned) = match serde_json::from_str::<String>(quoted) {
        Ok(text) => (text, None),
        Err(_) => {
            let paired = with_pairs_only(quoted)?;
            let text = serde_json::from_str(&paired).map_err(|_| NotJson)?;
            (text, Some(SURROGATE))
        }
    };
    match storable(&text) {
        Cow::Owned(without) => Ok((without, cleaned.or(Some(NUL)))),
        Cow::Borrowed(_) => Ok((text, cleaned)),
    }
}

/// The string with an escape of U+FFFD in place of each surrogate that has no partner.
fn with_pairs_only(quoted: &str) -> Result<String, NotJson> {
    let mut paired = String::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some(start) = rest.find('\\') {
        paired.push_str(&rest[..start]);
        rest = &rest[start..];
        let length = match (code_unit(rest), rest.get(6..).and_then(code_unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                paired.push(REPLACEMENT);
                rest = &rest[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        paired.push_str(rest.get(..length).ok_or(NotJson)?);
        rest = &rest[length..];
    }
    paired.push_str(rest);
    Ok(paired)
}

/// The number of the `\uXXXX` that a text begins with.
fn code_unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}
