//! Rust sources as the lints read them: words and signs, without comments, texts and unit
//! tests. Macros stay unread, so that a use inside of one counts by its words alone.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// Where unit tests begin; they are the last thing in a file.
const UNIT_TESTS: &str = "#[cfg(test)]\nmod ";

/// A source file.
#[derive(Debug)]
pub(super) struct Source {
    /// Below the root, with `/` between folders.
    pub(super) path: String,
    /// All of it but the unit tests.
    pub(super) text: String,
    /// Words, `::` and single signs, in order.
    pub(super) tokens: Vec<String>,
}

impl Source {
    pub(super) fn new(path: impl Into<String>, text: &str) -> Self {
        let text = text.split(UNIT_TESTS).next().unwrap_or_default();
        Self {
            path: path.into(),
            text: text.to_owned(),
            tokens: tokens(text),
        }
    }
}

/// Every source below a folder, in the order of paths. Links to folders are not followed.
pub(super) fn sources(root: &Path, folder: &str) -> anyhow::Result<Vec<Source>> {
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(path) = open.pop() {
        if path.is_symlink() || !path.exists() {
            continue;
        }
        if path.is_dir() {
            let entries = std::fs::read_dir(&path)?.map(|entry| Ok(entry?.path()));
            open.extend(entries.collect::<std::io::Result<Vec<PathBuf>>>()?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path
                .strip_prefix(root)?
                .to_string_lossy()
                .replace('\\', "/");
            let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
            found.push(Source::new(name, &text));
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(found)
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_text(rest) {
            length
        } else if sign == '"' {
            quoted(rest, '"')
        } else if sign == '\'' && is_character(rest) {
            quoted(rest, '\'')
        } else if is_word(sign) {
            let length = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !sign.is_whitespace() {
                tokens.push(sign.to_string());
            }
            sign.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// `'a'` and `'\n'`, which are no lifetimes.
fn is_character(rest: &str) -> bool {
    let mut signs = rest.chars().skip(1);
    match (signs.next(), signs.next()) {
        (Some('\\'), _) => true,
        (Some(_), next) => next == Some('\''),
        (None, _) => false,
    }
}

/// How long a text in quotes is.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, sign) in rest.char_indices().skip(1) {
        match sign {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if sign == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// How long a text such as `r#"…"#` is, when one begins here.
fn raw_text(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let begin = rest.len() - after.len() + hashes + 1;
    if !after[hashes..].starts_with('"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let length = rest[begin..].find(&end)?;
    Some(begin + length + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_texts_and_unit_tests_are_not_read() {
        let source = Source::new(
            "src/lib.rs",
            "// a\nfn b<'c>(d: &'c str) { e::f('g', '\\'', \"h\\\"\", r#\"i\"\"#) } /* j */\n\
             #[cfg(test)]\nmod tests { k }",
        );
        let words: Vec<&str> = source
            .tokens
            .iter()
            .map(String::as_str)
            .filter(|token| token.chars().all(is_word))
            .collect();
        assert_eq!(words, ["fn", "b", "c", "d", "c", "str", "e", "f"]);
    }
}
