//! Listings as streams.

use async_stream::try_stream;
use calls::{Call, RawDocument};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use resilience::ErrorKind;

use crate::{
    CallFilter, ContentSelector, Cursor, Error, GongApi, Page, Result, TranscriptFilter, User,
};

/// Follows the cursor of a listing to its end.
macro_rules! pages {
    (|$cursor:ident| $page:expr) => {
        try_stream! {
            let mut cursor: Option<Cursor> = None;
            loop {
                let $cursor = cursor.clone();
                let page = $page.await?;
                let next = page.next.clone();
                yield page;
                match next {
                    None => break,
                    // Implementations other than the HTTP client may loop as well.
                    Some(next) if Some(&next) == cursor.as_ref() => Err(looping())?,
                    Some(next) => cursor = Some(next),
                }
            }
        }
        .boxed()
    };
}

/// Streams over any [`GongApi`].
///
/// A stream asks for a page when it is polled and not before, and ends after its
/// first error. Dropping it loses nothing.
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
        pages!(|cursor| self.users(cursor))
    }

    /// All pages of calls with their basic metadata.
    fn call_pages(&self, filter: CallFilter) -> BoxStream<'_, Result<Page<Call>>> {
        pages!(|cursor| self.calls(&filter, cursor))
    }

    /// All pages of calls with the parts that `selector` names.
    fn extensive_call_pages(
        &self,
        filter: CallFilter,
        selector: ContentSelector,
    ) -> BoxStream<'_, Result<Page<RawDocument>>> {
        pages!(|cursor| self.extensive_calls(&filter, &selector, cursor))
    }

    /// All pages of transcripts.
    fn transcript_pages(
        &self,
        filter: TranscriptFilter,
    ) -> BoxStream<'_, Result<Page<RawDocument>>> {
        pages!(|cursor| self.transcripts(&filter, cursor))
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

fn looping() -> Error {
    Error::new(ErrorKind::Decode, "a page names itself as the next page")
}
