//! What a statement returns, as scripted by a test.

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) scale: Option<u8>,
}

impl Column {
    /// A column of a wire type, such as `timestamp_ltz`, `variant` or `vector`.
    pub fn new(name: impl Into<String>, kind: &'static str) -> Self {
        let scale = match kind {
            "fixed" => Some(0),
            "time" | "timestamp_ntz" | "timestamp_ltz" | "timestamp_tz" => Some(9),
            _ => None,
        };
        Self {
            name: name.into(),
            kind,
            scale,
        }
    }

    /// The same column with so many digits behind the decimal point.
    #[must_use]
    pub fn with_scale(self, scale: u8) -> Self {
        Self {
            scale: Some(scale),
            ..self
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A `TEXT` column.
    pub fn text(name: impl Into<String>) -> Self {
        Self::new(name, "text")
    }

    /// A `NUMBER(38, 0)` column.
    pub fn integer(name: impl Into<String>) -> Self {
        Self::new(name, "fixed")
    }
}

/// What a statement returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Option<String>>>,
    pub(super) inline_rows: Option<usize>,
    pub(super) part_rows: usize,
    pub(super) error: Option<(String, String)>,
    pub(super) arrow: Option<ArrowRows>,
}

/// Rows as Arrow IPC streams, of which the double understands nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArrowRows {
    /// In the reply.
    pub(super) inline: Vec<u8>,
    /// Parts, with the number of rows that the reply says each has.
    pub(super) parts: Vec<(usize, Vec<u8>)>,
}

impl Answer {
    /// Rows, in the raw spelling of the wire: booleans `1` and `0`, instants in
    /// seconds, dates in days.
    pub fn rows<R, C>(
        columns: impl IntoIterator<Item = Column>,
        rows: impl IntoIterator<Item = R>,
    ) -> Self
    where
        R: IntoIterator<Item = Option<C>>,
        C: Into<String>,
    {
        let row = |row: R| row.into_iter().map(|cell| cell.map(Into::into)).collect();
        Self {
            columns: columns.into_iter().collect(),
            rows: rows.into_iter().map(row).collect(),
            inline_rows: None,
            part_rows: 0,
            error: None,
            arrow: None,
        }
    }

    /// Rows in Arrow: an IPC stream in the reply (empty for none), and parts, each with
    /// the number of rows that the reply says it has.
    pub fn arrow(
        columns: impl IntoIterator<Item = Column>,
        inline: Vec<u8>,
        parts: impl IntoIterator<Item = (usize, Vec<u8>)>,
    ) -> Self {
        let parts = parts.into_iter().collect();
        Self {
            arrow: Some(ArrowRows { inline, parts }),
            ..Self::rows(columns, Vec::<[Option<String>; 0]>::new())
        }
    }

    /// What DML returns: `number of rows inserted` and the like.
    pub fn affected(what: &str, rows: u64) -> Self {
        Self::rows(
            [Column::integer(format!("number of rows {what}"))],
            [[Some(rows.to_string())]],
        )
    }

    /// What a statement without rows returns.
    pub fn done() -> Self {
        Self::rows(
            [Column::text("status")],
            [[Some("Statement executed successfully.")]],
        )
    }

    /// A refusal, with Snowflake's code, such as `002003`.
    pub fn error(code: &str, message: &str) -> Self {
        Self {
            error: Some((code.to_owned(), message.to_owned())),
            ..Self::done()
        }
    }

    /// The first rows in the reply, the rest in parts of so many rows.
    #[must_use]
    pub fn in_parts(self, inline_rows: usize, part_rows: usize) -> Self {
        Self {
            inline_rows: Some(inline_rows),
            part_rows: part_rows.max(1),
            ..self
        }
    }

    /// What a statement returns that nobody said anything about: one affected row
    /// for DML, else no rows.
    pub(super) fn usual(text: &str) -> Self {
        let lines = text.lines().map(str::trim_start);
        let first = lines
            .filter(|line| !line.starts_with("--"))
            .find_map(|line| line.split_whitespace().next())
            .unwrap_or_default();
        match first.to_ascii_uppercase().as_str() {
            "INSERT" | "MERGE" | "COPY" => Self::affected("inserted", 1),
            "UPDATE" => Self::affected("updated", 1),
            "DELETE" => Self::affected("deleted", 1),
            "SELECT" | "WITH" | "SHOW" => {
                Self::rows([Column::text("COLUMN")], Vec::<[Option<String>; 0]>::new())
            }
            _ => Self::done(),
        }
    }
}
