//! Splits a script into its statements.

/// The statements of a script, without the semicolons between them and without white
/// space around. What holds comments only is not a statement.
///
/// Strings (`'…'`, with `''` and backslashes), quoted names (`"…"`), bodies (`$$…$$`) and
/// comments (`--`, `//`, `/* */`) are read as Snowflake reads them: semicolons in them
/// separate nothing.
///
/// ```
/// use snowflake_store::split_statements;
///
/// let script = "SELECT ';'; -- one;\nCREATE PROCEDURE P() AS $$ BEGIN; END; $$;";
/// let statements = split_statements(script);
/// assert_eq!(
///     statements,
///     ["SELECT ';'", "-- one;\nCREATE PROCEDURE P() AS $$ BEGIN; END; $$"]
/// );
/// ```
pub fn split_statements(script: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut start, mut at, mut has_words) = (0, 0, false);
    while at < script.len() {
        let rest = &script[at..];
        let token = token(rest);
        at += token.bytes;
        match token.kind {
            Kind::Semicolon => {
                if has_words {
                    statements.push(script[start..at - 1].trim());
                }
                (start, has_words) = (at, false);
            }
            Kind::Words => has_words = true,
            Kind::Nothing => {}
        }
    }
    if has_words {
        statements.push(script[start..].trim());
    }
    statements
}

enum Kind {
    Semicolon,
    Words,
    /// White space or a comment.
    Nothing,
}

struct Token {
    kind: Kind,
    bytes: usize,
}

/// What a script starts with; the script is not empty.
fn token(script: &str) -> Token {
    let words = |bytes| Token {
        kind: Kind::Words,
        bytes,
    };
    let nothing = |bytes| Token {
        kind: Kind::Nothing,
        bytes,
    };
    let until = |end: &str, after: usize| {
        let found = script.get(after..).and_then(|rest| rest.find(end));
        found.map_or(script.len(), |found| after + found + end.len())
    };
    if script.starts_with("--") || script.starts_with("//") {
        return nothing(until("\n", 2));
    }
    if script.starts_with("/*") {
        return nothing(until("*/", 2));
    }
    if script.starts_with("$$") {
        return words(until("$$", 2));
    }
    match script.chars().next() {
        Some(';') => Token {
            kind: Kind::Semicolon,
            bytes: 1,
        },
        Some('\'') => words(string(script)),
        // A doubled quote inside is the end of one name and the start of the next.
        Some('"') => words(until("\"", 1)),
        Some(c) if c.is_whitespace() => nothing(c.len_utf8()),
        Some(c) => words(c.len_utf8()),
        None => nothing(0),
    }
}

/// Bytes of the string that a script starts with. As with names, a doubled quote is the
/// end of one string and the start of the next.
fn string(script: &str) -> usize {
    let mut characters = script.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => drop(characters.next()),
            '\'' => return at + 1,
            _ => {}
        }
    }
    script.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn semicolons_within_are_no_ends() {
        for statement in [
            "SELECT 'a;b'",
            r"SELECT 'it\';s'",
            "SELECT 'it'';s'",
            "SELECT \"a;\"\";b\"",
            "CREATE PROCEDURE P() AS $$ BEGIN SELECT 'x'; -- ;'\n END; $$",
            "SELECT 1 -- one; more",
            "SELECT 1 // one; more",
            "SELECT /* ; ' */ 1",
        ] {
            let script = format!("{statement}\n;\n\n{statement}\n;");
            assert_eq!(split_statements(&script), [statement, statement]);
        }
    }

    #[test]
    fn what_is_not_closed_ends_with_the_script() {
        for open in [
            "SELECT 'a;",
            "SELECT $$ ;",
            "SELECT \"a;",
            "SELECT 1 /* ;",
            r"SELECT '\",
        ] {
            assert_eq!(split_statements(open), [open.trim()]);
        }
    }

    #[test]
    fn comments_alone_are_no_statement() {
        assert_eq!(
            split_statements("-- a;\n/* b; */\n;;\n // c"),
            Vec::<&str>::new()
        );
    }

    fn statement() -> impl Strategy<Value = String> {
        let quiet = "[A-Za-z0-9_=<>(), \u{e9}\u{1F980}]{0,12}";
        let piece = prop_oneof![
            quiet.prop_map(|text| text),
            "[^'\\\\]{0,10}".prop_map(|text| format!("'{text}'")),
            "[a-z;]{0,6}".prop_map(|text| format!(r"'\'{text}\\'")),
            "[^\"]{0,10}".prop_map(|text| format!("\"{text}\"")),
            "[^$]{0,10}".prop_map(|text| format!("$${text}$$")),
            "[^\n]{0,10}".prop_map(|text| format!("--{text}\n")),
            "[^*]{0,10}".prop_map(|text| format!("/*{text}*/")),
        ];
        proptest::collection::vec(piece, 0..6)
            .prop_map(|pieces| format!("X {} X", pieces.join(" ")))
    }

    proptest! {
        #[test]
        fn joined_statements_come_apart_again(all in proptest::collection::vec(statement(), 0..6)) {
            let script: String = all.iter().map(|statement| format!("{statement} ;\n")).collect();
            let expected: Vec<&str> = all.iter().map(|statement| statement.trim()).collect();
            prop_assert_eq!(split_statements(&script), expected);
        }

        #[test]
        fn any_text_is_cut_without_loss_of_words(script in "\\PC{0,80}") {
            let kept: String = split_statements(&script).concat();
            let separators = |text: &str| text.chars().filter(|c| *c == ';').count();
            prop_assert!(separators(&kept) <= separators(&script));
        }
    }
}
