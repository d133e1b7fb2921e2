//! Listings that never end.

/// How the cursors of a listing go wrong. Seen in public reports about several
/// vendors' servers; what such a listing costs is up to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndlessCursors {
    /// The second page and the third lead to each other. Pages that the listing does
    /// not have are empty.
    Circle,
    /// After the last call come empty pages, each with a cursor never seen before.
    EmptyPages,
    /// Every page is page one again, with a cursor never seen before.
    FirstPage,
}

/// The two cursors of a circle.
const CIRCLE: [&str; 2] = ["A", "B"];

impl EndlessCursors {
    /// The cursor on a page of a circle.
    pub(super) fn circle(page: usize) -> String {
        CIRCLE[page % 2].to_owned()
    }

    /// The page that a cursor of a circle leads to.
    pub(super) fn in_circle(cursor: &str) -> Option<usize> {
        let at = CIRCLE.iter().position(|known| *known == cursor)?;
        Some(at + 1)
    }
}
