//! Makes a server's own words fit for a message.

/// Text that cannot break a log line or flood it: on one line, and of at most this many
/// characters.
pub fn printable(text: &str, most: usize) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = clean.clone().take(most).collect();
    if clean.count() > most {
        short.push('…');
    }
    short.trim().to_owned()
}

/// A code or an id of a server, and not what only stands in its place: at most 80 letters,
/// digits and marks that such names have.
///
/// ```
/// assert_eq!(outbound::identifier("390318"), Some("390318"));
/// assert_eq!(outbound::identifier("Budget of Ms Miller"), None);
/// ```
pub fn identifier(text: &str) -> Option<&str> {
    let is_part = |symbol: char| symbol.is_ascii_alphanumeric() || "_-.:[]".contains(symbol);
    (text.len() <= 80 && text.chars().all(is_part)).then_some(text)
}
