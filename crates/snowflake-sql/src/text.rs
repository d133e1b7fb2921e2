//! The text of a statement, which cannot contain a value.

use std::borrow::Cow;

use resilience::ErrorKind;

use crate::{Error, Identifier, QualifiedName, Result};

/// The text of a statement: fixed at compile time, or a fixed template whose slots
/// took identifiers, whole numbers or placeholders.
///
/// ```
/// use snowflake_sql::{Identifier, Slot, SqlText};
///
/// const COUNT: SqlText = SqlText::fixed("SELECT COUNT(*) AS CALLS FROM STG_GONG_CALLS");
///
/// let table: Identifier = "objects_deals".parse()?;
/// let text = SqlText::template(
///     "SELECT OBJECTID FROM {table} WHERE OBJECTID IN ({ids})",
///     &[("table", Slot::Identifier(&table)), ("ids", Slot::Placeholders(3))],
/// )?;
/// assert_eq!(
///     text.as_str(),
///     "SELECT OBJECTID FROM \"OBJECTS_DEALS\" WHERE OBJECTID IN (?, ?, ?)",
/// );
/// # Ok::<(), snowflake_sql::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SqlText(Cow<'static, str>);

/// What a slot `{name}` of a template may take.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Slot<'a> {
    /// One quoted name.
    Identifier(&'a Identifier),
    /// Quoted names with dots between them.
    Name(&'a QualifiedName),
    /// Quoted names with commas between them, such as columns.
    Identifiers(&'a [Identifier]),
    /// A whole number, where Snowflake takes no bind (the dimension of a VECTOR).
    Number(u64),
    /// So many `?`, with commas between them.
    Placeholders(usize),
    /// Another text.
    Text(&'a SqlText),
}

impl SqlText {
    /// A text that is known when the program is compiled.
    pub const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Texts that are known when the program is compiled, one after the other.
    ///
    /// ```
    /// use snowflake_sql::SqlText;
    ///
    /// let text = SqlText::joined(["SELECT 1", " FROM ", "CALLS"]);
    /// assert_eq!(text.as_str(), "SELECT 1 FROM CALLS");
    /// ```
    pub fn joined(texts: impl IntoIterator<Item = &'static str>) -> Self {
        Self(Cow::Owned(texts.into_iter().collect()))
    }

    /// A template with every slot `{name}` filled. A slot may stand several times. Its name
    /// begins with a lower-case letter; other braces are text.
    ///
    /// # Errors
    /// `Internal` when a slot of the template is not given, or one that is given
    /// does not stand in it.
    pub fn template(template: &'static str, slots: &[(&'static str, Slot<'_>)]) -> Result<Self> {
        let wrong = |name: &str, what: &str| {
            Error::new(ErrorKind::Internal, format!("the slot {{{name}}} {what}"))
        };
        let mut used = vec![false; slots.len()];
        let mut text = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            if !after.starts_with(|c: char| c.is_ascii_lowercase()) {
                // A brace of the text, such as in JSON.
                text.push_str(before);
                text.push('{');
                rest = after;
                continue;
            }
            let (name, behind) = after
                .split_once('}')
                .ok_or_else(|| wrong(after, "is not closed"))?;
            let place = slots
                .iter()
                .position(|(given, _)| *given == name)
                .ok_or_else(|| wrong(name, "is not given"))?;
            text.push_str(before);
            text.push_str(&slots[place].1.render());
            used[place] = true;
            rest = behind;
        }
        text.push_str(rest);
        if let Some(unused) = used.iter().position(|used| !used) {
            return Err(wrong(slots[unused].0, "is not in the template"));
        }
        Ok(Self(Cow::Owned(text)))
    }

    /// The text as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Slot<'_> {
    fn render(&self) -> String {
        match self {
            Self::Identifier(name) => name.quoted(),
            Self::Name(name) => name.quoted(),
            Self::Identifiers(names) => {
                let quoted: Vec<String> = names.iter().map(Identifier::quoted).collect();
                quoted.join(", ")
            }
            Self::Number(number) => number.to_string(),
            Self::Placeholders(count) => vec!["?"; *count].join(", "),
            Self::Text(text) => text.0.to_string(),
        }
    }
}
