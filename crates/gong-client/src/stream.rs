//! Listings as streams.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use calls::{Call, RawDocument};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use resilience::ErrorKind;
use serde_json::value::RawValue;

use crate::{
    CallFilter, ContentSelector, Error, GongApi, Listing, Page, Result, TranscriptFilter, User,
};

/// Follows the cursors of a listing to its end, or until a guard stops it.
macro_rules! pages {
    ($endpoint:expr, $id:expr, |$cursor:ident| $page:expr) => {
        async_stream::try_stream! {
            let mut guard = $crate::PageGuard::new($endpoint);
            let mut known = $crate::stream::Known::default();
            let mut $cursor: Option<$crate::Cursor> = None;
            loop {
                let mut page = $page.await?;
                let new = known.keep_new(&mut page, $id);
                let verdict = guard.accept(&page, new);
                let next = page.next.clone();
                yield page;
                verdict?;
                match next {
                    None => break,
                    next => $cursor = next,
                }
            }
        }
        .boxed()
    };
}
pub(crate) use pages;

/// The records that were on the pages so far.
#[derive(Default)]
pub(crate) struct Known {
    ids: HashSet<String>,
    /// Hashes: what was rejected may have no id, and be megabytes.
    rejected: HashSet<u64>,
    state: RandomState,
}

impl Known {
    /// Removes what came before, and returns how much is left. What has no id is new.
    pub(crate) fn keep_new<T>(
        &mut self,
        page: &mut Page<T>,
        id: impl Fn(&T) -> Option<&str>,
    ) -> usize {
        page.items
            .retain(|item| id(item).is_none_or(|id| self.ids.insert(id.to_owned())));
        page.rejected.retain(|record| {
            let hash = self.state.hash_one((&record.call_id, &record.payload));
            self.rejected.insert(hash)
        });
        page.items.len() + page.rejected.len()
    }
}

/// Streams over any [`GongApi`].
///
/// A stream asks for a page when it is polled and not before, and ends after its
/// first error. Dropping it loses nothing. A record that was on an earlier page
/// already is left out of later ones, and a listing that does not end by itself is
/// ended by a [`PageGuard`](crate::PageGuard), after the page that gave it away.
///
/// ```no_run
/// use futures_util::TryStreamExt;
/// use gong_client::{CallFilter, GongApiExt, GongClient, GongConfig};
///
/// # async fn example() -> Result<(), gong_client::Error> {
/// let gong = GongClient::new(GongConfig::from_env()?)?;
/// let mut pages = gong.call_pages(CallFilter::default());
/// while let Some(page) = pages.try_next().await? {
///     println!("{} calls, {} unreadable", page.items.len(), page.rejected.len());
/// }
/// # Ok(())
/// # }
/// ```
pub trait GongApiExt: GongApi {
    /// All pages of users.
    fn user_pages(&self) -> BoxStream<'_, Result<Page<User>>> {
        pages!(
            "/v2/users",
            |user: &User| Some(user.id.as_str()),
            |cursor| self.users(cursor.clone())
        )
    }

    /// All pages of calls with their basic metadata.
    fn call_pages(&self, filter: CallFilter) -> BoxStream<'_, Result<Page<Call>>> {
        pages!(
            "/v2/calls",
            |call: &Call| Some(call.id.as_str()),
            |cursor| self.calls(&filter, cursor.clone())
        )
    }

    /// All pages of calls with the parts that `selector` names.
    fn extensive_call_pages(
        &self,
        filter: CallFilter,
        selector: ContentSelector,
    ) -> BoxStream<'_, Result<Page<RawDocument>>> {
        pages!("/v2/calls/extensive", call_id, |cursor| self
            .extensive_calls(&filter, &selector, cursor.clone()))
    }

    /// All pages of transcripts.
    fn transcript_pages(
        &self,
        filter: TranscriptFilter,
    ) -> BoxStream<'_, Result<Page<RawDocument>>> {
        pages!("/v2/calls/transcript", call_id, |cursor| self
            .transcripts(&filter, cursor.clone()))
    }

    /// All pages of a listing beside calls. Records are told apart by their text.
    #[allow(clippy::borrowed_box, reason = "a page's items are boxes")]
    fn record_pages(&self, listing: Listing) -> BoxStream<'_, Result<Page<Box<RawValue>>>> {
        pages!(
            listing.endpoint(),
            |record: &Box<RawValue>| Some(record.get()),
            |cursor| self.records(&listing, cursor.clone())
        )
    }
}

impl<T: GongApi + ?Sized> GongApiExt for T {}

/// The records of a stream of pages, one by one.
///
/// A rejected record comes as a [`Decode`](ErrorKind::Decode) error after the good
/// records of its page, and the stream goes on; who drops such errors drops
/// records. Any other error is the last item. Where the bytes of what was rejected
/// matter, take the pages themselves.
///
/// ```
/// use futures_util::{StreamExt, stream};
/// use gong_client::{Page, items};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let pages = stream::iter([Ok(Page::new(vec![1, 2])), Ok(Page::new(vec![3]))]).boxed();
/// let all: Vec<i32> = items(pages).map(|item| item.unwrap()).collect().await;
/// assert_eq!(all, [1, 2, 3]);
/// # }
/// ```
pub fn items<T: Send + 'static>(pages: BoxStream<'_, Result<Page<T>>>) -> BoxStream<'_, Result<T>> {
    pages
        .map_ok(|page| {
            let rejected = page.rejected.into_iter().map(|rejected| {
                let message = format!("record {}: {}", rejected.position, rejected.reason);
                Err(Error::new(ErrorKind::Decode, message))
            });
            let good = page.items.into_iter().map(Ok);
            futures_util::stream::iter(good.chain(rejected).collect::<Vec<_>>())
        })
        .try_flatten()
        .boxed()
}

fn call_id(document: &RawDocument) -> Option<&str> {
    Some(document.call_id.as_str())
}
