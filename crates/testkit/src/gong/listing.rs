//! Listings of calls: the page that a cursor leads to, and the next cursor.

use super::catalogue::{CallVisibility, Range, StoredCall, Wanted};
use super::cursor::{CallKey, Cursor, CursorKind, Position, fingerprint};
use super::endless::EndlessCursors;
use super::exchange::Exchange;
use super::filter::{BadRequest, CallFilter};
use super::reply::{NO_CALLS, PageTotals, PageWriter, Reply};
use super::selector::ContentSelector;
use super::state::Shared;

/// The calls of one page.
struct Window<'a> {
    calls: Vec<Found<'a>>,
    total: usize,
    /// Where the listing goes on.
    next: Option<Position>,
}

impl Exchange<'_> {
    pub(super) fn call_page(
        &self,
        filter: &CallFilter,
        part: &Part,
        cursor: Option<&str>,
    ) -> Result<Reply, BadRequest> {
        let request = fingerprint(&(part.endpoint(), filter));
        let endless = self
            .changing
            .endless
            .get(self.request.path.as_str())
            .copied();
        let (page, position) = match (endless, cursor.and_then(EndlessCursors::in_circle)) {
            (Some(EndlessCursors::Circle), Some(page)) => (page, self.page_start(page)),
            _ => match self.resume(cursor, request)? {
                Some(Cursor { page, position, .. }) => (page, position),
                None => (0, self.page_start(0)),
            },
        };
        let Window { calls, total, next } = match endless {
            Some(EndlessCursors::FirstPage) => {
                self.window(filter, part.wanted(), &Position::AtIndex(0))
            }
            _ => self.window(filter, part.wanted(), &position),
        };
        if calls.is_empty() && page == 0 && next.is_none() && !filter.is_empty() {
            return Ok(Reply::error(self.request_id, 404, NO_CALLS));
        }
        let next = match endless {
            Some(EndlessCursors::Circle) => Some(EndlessCursors::circle(page)),
            Some(EndlessCursors::EmptyPages) => {
                let beyond = next.unwrap_or(Position::AtIndex(usize::MAX));
                Some(self.cursor(beyond, page + 1, request))
            }
            Some(EndlessCursors::FirstPage) => {
                Some(self.cursor(Position::AtIndex(0), page + 1, request))
            }
            None => next.map(|next| self.cursor(next, page + 1, request)),
        };
        let totals = PageTotals {
            total,
            size: calls.len(),
            page,
            cursor: next.as_deref(),
        };
        let mut writer = PageWriter::open(self.request_id, part.reply_key(), totals);
        if let (Part::Transcript, Some(bulk)) = (part, &self.shared.bulk) {
            writer.reserve(calls.len() * bulk.transcript_bytes());
        }
        let bulk_templates = match (part, &self.shared.bulk) {
            (Part::Selected(selector), Some(bulk)) => Some(bulk.templates(selector)),
            _ => None,
        };
        for call in calls {
            let id = call.key(self.shared).id;
            writer.record(id, |body| match (call, &self.shared.bulk, part) {
                (Found::Stored(call), _, _) => part.write(call, self.request_id, body),
                (Found::Bulk(index), Some(bulk), Part::Transcript) => {
                    bulk.write_transcript(index, body);
                }
                (Found::Bulk(index), Some(bulk), Part::Metadata) => {
                    body.extend_from_slice(bulk.metadata(index).to_string().as_bytes());
                }
                (Found::Bulk(index), Some(bulk), Part::Selected(_)) => {
                    if let Some(templates) = &bulk_templates {
                        bulk.write_call(index, templates, body);
                    }
                }
                (Found::Bulk(_), None, _) => {}
            });
        }
        Ok(writer.close(self.request_id))
    }

    /// The position of a page by its number, or of the first one by its place.
    fn page_start(&self, page: usize) -> Position {
        match self.changing.cursor_kind {
            CursorKind::AfterLast if page == 0 => Position::First,
            _ => Position::AtIndex(page * self.shared.page_size),
        }
    }

    fn window(&self, filter: &CallFilter, wanted: Wanted, position: &Position) -> Window<'_> {
        let size = self.shared.page_size;
        match position {
            Position::First | Position::AfterCall(_) => {
                let after = match position {
                    Position::AfterCall(key) => Some(key),
                    _ => None,
                };
                let range = Range {
                    after,
                    limit: size + 1,
                    in_analysis: false,
                };
                let (mut calls, total) = self.calls(filter, wanted, &range);
                let more_follow = calls.len() > size;
                calls.truncate(size);
                let last = calls.last().filter(|_| more_follow);
                let next = last.map(|call| Position::AfterCall(call.key(self.shared)));
                Window { calls, total, next }
            }
            Position::AtIndex(start) => {
                let end = start.saturating_add(size);
                let range = Range {
                    after: None,
                    limit: end,
                    in_analysis: true,
                };
                let (mut calls, total) = self.calls(filter, wanted, &range);
                calls.drain(..calls.len().min(*start));
                calls.retain(Found::is_delivered);
                let next = (total > end).then_some(Position::AtIndex(end));
                Window { calls, total, next }
            }
        }
    }

    /// Calls of both sources in one order, and how many there are in all.
    fn calls(
        &self,
        filter: &CallFilter,
        wanted: Wanted,
        range: &Range<'_>,
    ) -> (Vec<Found<'_>>, usize) {
        let filter = &self.changing.sight.narrow(filter);
        let stored = self.changing.catalogue.slice(filter, wanted, range);
        let mut found: Vec<Found<'_>> = stored.items.into_iter().map(Found::Stored).collect();
        let mut total = stored.total;
        if let Some(bulk) = &self.shared.bulk {
            let slice = bulk.slice(filter, range.after, range.limit);
            total += slice.total;
            let both = !found.is_empty();
            found.extend(slice.items.into_iter().map(Found::Bulk));
            if both {
                found.sort_by_cached_key(|call| call.key(self.shared));
                found.truncate(range.limit);
            }
        }
        (found, total)
    }
}

/// A call of either source.
#[derive(Clone, Copy)]
enum Found<'a> {
    Stored(&'a StoredCall),
    Bulk(usize),
}

impl Found<'_> {
    fn is_delivered(&self) -> bool {
        match self {
            Self::Stored(call) => call.visibility == CallVisibility::Visible,
            Self::Bulk(_) => true,
        }
    }

    fn key(&self, shared: &Shared) -> CallKey {
        match (self, &shared.bulk) {
            (Self::Stored(call), _) => call.key.clone(),
            (Self::Bulk(index), Some(bulk)) => bulk.key(*index),
            (Self::Bulk(_), None) => CallKey {
                time: jiff::Timestamp::MIN,
                id: String::new(),
            },
        }
    }
}

/// Which part of a call an endpoint serves.
pub(super) enum Part {
    Metadata,
    Selected(ContentSelector),
    Transcript,
}

impl Part {
    fn endpoint(&self) -> &'static str {
        match self {
            Self::Metadata => "calls",
            Self::Selected(_) => "extensive",
            Self::Transcript => "transcript",
        }
    }

    fn reply_key(&self) -> &'static str {
        match self {
            Self::Metadata | Self::Selected(_) => "calls",
            Self::Transcript => "callTranscripts",
        }
    }

    fn wanted(&self) -> Wanted {
        match self {
            Self::Metadata | Self::Selected(_) => Wanted::Calls,
            Self::Transcript => Wanted::Transcripts,
        }
    }

    fn write(&self, call: &StoredCall, request_id: &str, body: &mut Vec<u8>) {
        let start = body.len();
        match self {
            Self::Metadata => {
                body.extend_from_slice(call.extensive["metaData"].to_string().as_bytes());
            }
            Self::Selected(selector) => {
                let selected = selector.select(&call.extensive, request_id);
                body.extend_from_slice(selected.to_string().as_bytes());
            }
            Self::Transcript => {
                body.extend_from_slice(call.served_transcript().map_or(b"null", |text| text));
            }
        }
        call.patch(body, start);
    }
}
