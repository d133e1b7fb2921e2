//! A request that is being written, and what comes of it: one reply or a listing.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use outbound::reqwest::Body;
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::Value;

use crate::decode::{self, Decode};
use crate::request::{Question, json};
use crate::stream::{items, pages};
use crate::upload::Upload;
use crate::wire::Scalar;
use crate::{CallFilter, Cursor, Error, GongClient, Operation, Page, Result};

/// A request of an operation, being written.
pub(crate) struct Draft<'a> {
    client: &'a GongClient,
    pub(crate) question: Question,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(client: &'a GongClient, operation: Operation) -> Self {
        Self {
            client,
            question: Question::new(operation),
        }
    }

    /// Puts an id into the path.
    pub(crate) fn path(mut self, name: &'static str, id: impl AsRef<str>) -> Self {
        let id = id.as_ref();
        // An address drops such a segment, and the request would ask for something else.
        if matches!(id, "" | "." | "..") {
            return self.wrong(name, "is not an id");
        }
        self.question.path.push((name, id.to_owned()));
        self
    }

    pub(crate) fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.question
            .query
            .push((name.to_owned(), value.to_string()));
        self
    }

    pub(crate) fn maybe(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        match json(body) {
            Some(body) => self.question.body = Some(body),
            None => return self.wrong("body", "cannot be written as JSON"),
        }
        self
    }

    /// A body of a filter alone, as Gong's listings take it.
    pub(crate) fn filter(self, filter: &impl Serialize) -> Self {
        self.json(&serde_json::json!({ "filter": json(filter) }))
    }

    /// A form with one file.
    pub(crate) fn file(mut self, field: &'static str, name: String, content: Body) -> Self {
        self.question.file = Some(Upload::new(field, name, content));
        self
    }

    /// The fields of a request as a query.
    pub(crate) fn query_of(mut self, fields: &impl Serialize) -> Self {
        let fields = json(fields);
        for (name, value) in fields
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            self.question.query.push((name.clone(), value));
        }
        self
    }

    /// The filter of the basic listing.
    pub(crate) fn basic(self, filter: &CallFilter) -> Self {
        // Left out silently they would turn a narrow question into a broad answer.
        for (field, given) in [
            ("call_ids", !filter.call_ids.is_empty()),
            ("primary_user_ids", !filter.primary_user_ids.is_empty()),
        ] {
            if given {
                return self.wrong(
                    field,
                    "cannot narrow the basic listing; use the extensive one",
                );
            }
        }
        self.maybe("fromDateTime", filter.from)
            .maybe("toDateTime", filter.to)
            .maybe("workspaceId", filter.workspace_id.as_ref())
    }

    pub(crate) fn wrong(mut self, field: &'static str, why: &'static str) -> Self {
        self.question.wrong = Some((field, why));
        self
    }

    /// The whole reply.
    pub(crate) fn whole<T: Scalar>(self) -> Pending<'a, T> {
        self.one("")
    }

    /// What the reply holds under a key.
    pub(crate) fn one<T: Scalar>(self, key: &'static str) -> Pending<'a, T> {
        self.pending(key, decode::one, None)
    }

    /// The list that the reply holds under a key. It has no pages.
    pub(crate) fn list<T: Scalar>(self, key: &'static str) -> Pending<'a, Vec<T>> {
        self.pending(key, decode::list, Some(Vec::new))
    }

    pub(crate) fn pending<T>(
        self,
        key: &'static str,
        decode: Decode<T>,
        empty: Option<fn() -> T>,
    ) -> Pending<'a, T> {
        Pending {
            draft: self,
            key,
            decode,
            empty,
        }
    }

    /// The pages of the list that replies hold under a key. Records are told apart by `id`;
    /// those without one are all kept.
    pub(crate) fn paged<T: Scalar>(
        self,
        key: &'static str,
        id: fn(&T) -> Option<&str>,
    ) -> Paged<'a, T> {
        self.pages(key, decode::records, id)
    }

    pub(crate) fn pages<T>(
        self,
        key: &'static str,
        decode: Decode<Page<T>>,
        id: fn(&T) -> Option<&str>,
    ) -> Paged<'a, T> {
        Paged {
            draft: self,
            key,
            decode,
            id,
        }
    }
}

/// A request that is sent when it is awaited.
///
/// # Errors
/// Awaiting it gives [`InvalidInput`](ErrorKind::InvalidInput) on the field that cannot be
/// sent or that Gong refuses, [`NotFound`](ErrorKind::NotFound) for what does not exist,
/// [`Permission`](ErrorKind::Permission) with the scope that the key lacks, and
/// what every request can give: `Auth`, `RateLimited`, `QuotaExhausted`, `Transient`, `Decode`.
#[must_use = "nothing is sent before it is awaited"]
pub struct Pending<'a, T> {
    draft: Draft<'a>,
    key: &'static str,
    decode: Decode<T>,
    empty: Option<fn() -> T>,
}

impl<T> Pending<'_, T> {
    /// Time for one attempt, in place of the client's own. For callers that cannot wait as
    /// long for this one.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.question.timeout = Some(timeout);
        self
    }
}

impl<'a, T> Pending<'a, T> {
    /// The same request, with another reading of the reply.
    pub(crate) fn read_by<U>(self, decode: Decode<U>, empty: Option<fn() -> U>) -> Pending<'a, U> {
        self.draft.pending(self.key, decode, empty)
    }
}

impl<'a, T: Send + 'static> IntoFuture for Pending<'a, T> {
    type Output = Result<T>;
    type IntoFuture = BoxFuture<'a, Result<T>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            mut draft,
            key,
            decode,
            empty,
        } = self;
        Box::pin(async move {
            let client = draft.client;
            let request = draft.question.request(client.base_url(), None)?;
            let answer = client.fetch(&request, |body| decode(body, key)).await?;
            answer
                .content
                .or_else(|| empty.map(|empty| empty()))
                .ok_or_else(|| {
                    let endpoint = draft.question.operation.path;
                    Error::new(
                        ErrorKind::NotFound,
                        format!("{endpoint}: nothing was found"),
                    )
                })
        })
    }
}

/// A listing, page by page or record by record. Nothing is sent before it is polled.
///
/// Gong's cursors expire, and it does not say when. Who does much with each record collects a
/// page or the whole listing first: a cursor that Gong refuses ends the stream with
/// [`InvalidInput`](ErrorKind::InvalidInput), and the listing has to begin anew.
///
/// ```no_run
/// # async fn example(gong: gong_client::GongClient) -> gong_client::Result<()> {
/// use futures_util::{StreamExt, TryStreamExt};
///
/// let mut users = gong.users().list(false).stream();
/// while let Some(user) = users.try_next().await? {
///     println!("{:?}", user.email_address);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before it is polled"]
pub struct Paged<'a, T> {
    draft: Draft<'a>,
    key: &'static str,
    decode: Decode<Page<T>>,
    id: fn(&T) -> Option<&str>,
}

impl<'a, T> Paged<'a, T> {
    /// The same listing, with another reading of its pages, one by one.
    pub(crate) fn read_by<U>(self, decode: Decode<Page<U>>) -> Paged<'a, U> {
        self.draft.pages(self.key, decode, |_| None)
    }
}

impl<'a, T: Send + 'static> Paged<'a, T> {
    /// Time for one attempt at a page, in place of the client's own. For callers that cannot
    /// wait as long for this listing.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.question.timeout = Some(timeout);
        self
    }

    /// One page: the first, or where a cursor leads. What matches nothing is an empty page.
    ///
    /// # Errors
    /// Those of [`Pending`], but not `NotFound`.
    pub async fn page(&mut self, cursor: Option<Cursor>) -> Result<Page<T>> {
        let (client, key, decode) = (self.draft.client, self.key, self.decode);
        let question = &mut self.draft.question;
        let request = question.request(client.base_url(), cursor.as_ref())?;
        let answer = client.fetch(&request, |body| decode(body, key)).await?;
        let mut page = answer.content.unwrap_or_default();
        page.served_at = answer.served_at;
        Ok(page)
    }

    /// All pages, until the last or the first error. What was on an earlier page is left out
    /// of later ones, and a [`PageGuard`](crate::PageGuard) ends a listing that would not.
    pub fn pages(self) -> BoxStream<'a, Result<Page<T>>> {
        let id = self.id;
        let mut paged = self;
        let endpoint = paged.draft.question.operation.path;
        pages!(endpoint, id, |cursor| paged.page(cursor.clone()))
    }

    /// All records. One that cannot be read comes as a `Decode` error in its place, and the
    /// stream goes on.
    pub fn stream(self) -> BoxStream<'a, Result<T>> {
        items(self.pages())
    }

    /// All records, in memory.
    ///
    /// # Errors
    /// Those of [`page`](Self::page), and `Decode` for a record that cannot be read.
    pub async fn collect(self) -> Result<Vec<T>> {
        self.stream().try_collect().await
    }

    /// What the listing as a whole costs, by its first page: one request.
    ///
    /// # Errors
    /// Those of [`page`](Self::page).
    pub async fn estimate(&mut self) -> Result<crate::Estimate> {
        let page = self.page(None).await?;
        let size = (page.items.len() + page.rejected.len()) as u64;
        let total = page.total_records.unwrap_or(size);
        let requests = total.div_ceil(size.max(1)).max(1);
        Ok(self.draft.client.quota().await.estimate(requests))
    }
}

macro_rules! debug {
    ($($name:ident),+) => {$(
        impl<T> fmt::Debug for $name<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("operation", &self.draft.question.operation.call)
                    .finish_non_exhaustive()
            }
        }
    )+};
}
debug!(Pending, Paged);
