//! Stops paging on the client's side.
//!
//! A listing continues for as long as its pages name a next one, so the server decides
//! how many requests it costs: cursors that lead in a circle, or new ones for ever,
//! use up a company's daily quota in seconds. [`PageGuard`] looks at each page and
//! says when the next one is not worth requesting.

use std::collections::HashSet;

use resilience::ErrorKind;

use crate::{Error, Page, Result};

/// Pages in a row without a new record that are one too many.
const BARREN_PAGES: u32 = 2;
/// Pages beyond those that the total accounts for, on top of a tenth of them:
/// records come while a listing is read, and pages may be short.
const SPARE_PAGES: u64 = 3;

/// Watches one listing, page by page, from its first page to its last.
///
/// ```
/// use gong_client::{Cursor, Page, PageGuard};
///
/// let mut guard = PageGuard::new("/v2/calls/transcript");
/// let mut page = Page::new(vec!["call 1"]);
/// page.next = Some(Cursor::new("A"));
/// assert!(guard.accept(&page, 1).is_ok());
///
/// // The page behind A leads to A again.
/// let error = guard.accept(&page, 0).unwrap_err();
/// assert!(error.to_string().starts_with("/v2/calls/transcript: "));
/// ```
#[derive(Debug)]
pub struct PageGuard {
    endpoint: &'static str,
    cursors: HashSet<String>,
    pages: u64,
    barren: u32,
    /// Pages that the first total and the first page's size allow for.
    allowed: Option<u64>,
    total: Option<u64>,
    shrank: bool,
}

impl PageGuard {
    /// A guard for one listing of `endpoint`, the path that errors name.
    pub fn new(endpoint: &'static str) -> Self {
        Self {
            endpoint,
            cursors: HashSet::new(),
            pages: 0,
            barren: 0,
            allowed: None,
            total: None,
            shrank: false,
        }
    }

    /// Looks at a page. `new_items` says how many of its records, rejected ones
    /// included, were on no earlier page of this listing.
    ///
    /// The page itself is good whatever comes out: an error only says that its
    /// [`next`](Page::next) is not to be followed. A last page is always accepted.
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode), naming the endpoint, when the next page was
    /// read before, when two pages in a row held nothing new, or when there were
    /// more pages than the total allows (by the first page's size, with a tenth
    /// and three pages to spare; not checked where the total is not known).
    pub fn accept<T>(&mut self, page: &Page<T>, new_items: usize) -> Result<()> {
        self.pages += 1;
        self.barren = if new_items == 0 { self.barren + 1 } else { 0 };
        self.note_total(page);
        let Some(next) = &page.next else {
            return Ok(());
        };
        if !self.cursors.insert(next.as_str().to_owned()) {
            return Err(self.endless("a cursor repeated"));
        }
        if self.barren >= BARREN_PAGES {
            return Err(self.endless("two pages in a row had no new records"));
        }
        if self.allowed.is_some_and(|allowed| self.pages >= allowed) {
            return Err(self.endless("it has more pages than its total allows"));
        }
        Ok(())
    }

    /// Whether the total became smaller from one page to another. Gong's cursors
    /// are page numbers, so a deletion moves every later record one place to the
    /// front, over the edge of a page that was read already: the listing has to be
    /// read again.
    pub fn shrank(&self) -> bool {
        self.shrank
    }

    fn note_total<T>(&mut self, page: &Page<T>) {
        let Some(total) = page.total_records else {
            return;
        };
        self.shrank |= self.total.is_some_and(|before| total < before);
        self.total = Some(total);
        let size = (page.items.len() + page.rejected.len()) as u64;
        if self.allowed.is_none() && size > 0 {
            let pages = total.div_ceil(size);
            self.allowed = Some(pages.saturating_add(pages / 10 + SPARE_PAGES));
        }
    }

    fn endless(&self, reason: &str) -> Error {
        let (endpoint, pages) = (self.endpoint, self.pages);
        let message = format!("{endpoint}: the listing does not end: {reason} (page {pages})");
        Error::new(ErrorKind::Decode, message)
    }
}
