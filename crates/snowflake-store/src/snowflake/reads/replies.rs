//! Replies to reads, cached by statement and values.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::future::Cache;
use resilience::meter::table;
use snowflake_sql::{Bind, Rows, Statement};

use crate::snowflake::config::ReadCache;
use crate::{Error, Result};

/// What the store was asked, and after which of its writes.
///
/// A reply belongs to the writes that were done when it was asked for: one that was
/// under way during a write is never given to a later question.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Question {
    writes: u64,
    statement: &'static str,
    text: String,
    values: String,
}

/// Replies to reads.
#[derive(Clone)]
pub(in crate::snowflake) struct ReadReplies {
    kept: Option<Cache<Question, Arc<Rows>>>,
    writes: Arc<AtomicU64>,
}

impl fmt::Debug for ReadReplies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadReplies")
            .field("kept", &self.kept.as_ref().map(Cache::entry_count))
            .finish_non_exhaustive()
    }
}

impl ReadReplies {
    pub(in crate::snowflake) fn new(cache: ReadCache) -> Self {
        let kept = match cache {
            ReadCache::Off => None,
            ReadCache::On {
                bytes,
                time_to_live,
            } => Some(
                Cache::builder()
                    .max_capacity(bytes)
                    .weigher(|question: &Question, rows: &Arc<Rows>| {
                        let bytes = question.text.len() + question.values.len();
                        u32::try_from(rows.bytes().saturating_add(bytes as u64)).unwrap_or(u32::MAX)
                    })
                    .time_to_live(time_to_live)
                    .build(),
            ),
        };
        Self {
            kept,
            writes: Arc::default(),
        }
    }

    /// The reply to a question, asked at most once at a time: who asks what is being asked
    /// waits for its reply. A failure is everybody's who waits, and is not kept.
    pub(in crate::snowflake) async fn get<F, Asked>(
        &self,
        statement: &Statement,
        ask: F,
    ) -> Result<Arc<Rows>>
    where
        F: FnOnce() -> Asked,
        Asked: Future<Output = Result<Rows>>,
    {
        let Some(kept) = &self.kept else {
            return ask().await.map(Arc::new);
        };
        let question = Question {
            writes: self.writes.load(Ordering::Acquire),
            statement: statement.name(),
            text: statement.text().as_str().to_owned(),
            values: values(statement.binds()),
        };
        let mut is_kept = true;
        let asking = async {
            is_kept = false;
            ask().await.map(Arc::new)
        };
        let reply = kept.try_get_with(question, asking).await;
        let outcome = if is_kept { "hit" } else { "miss" };
        table::CACHE.add(&["snowflake_reads", outcome], 1);
        reply.map_err(own)
    }

    /// Forgets everything once the guard is dropped.
    pub(in crate::snowflake) fn forget_when_done(&self) -> Forget<'_> {
        Forget(self)
    }
}

/// Makes every reply that was asked for until now one of the past.
pub(in crate::snowflake) struct Forget<'a>(&'a ReadReplies);

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.0.writes.fetch_add(1, Ordering::AcqRel);
        if let Some(kept) = &self.0.kept {
            kept.invalidate_all();
        }
    }
}

/// A failure that others may have been given too.
fn own(failure: Arc<Error>) -> Error {
    Arc::try_unwrap(failure).unwrap_or_else(|failure| {
        let mut copy =
            Error::new(failure.kind(), failure.message()).with_retry_after(failure.retry_after());
        if let Some(field) = failure.field() {
            copy = copy.with_field(field);
        }
        if resilience::Failure::is_exhausted(&*failure) {
            copy = copy.exhausted();
        }
        copy.with_source(failure)
    })
}

/// Values as text that is the same for the same values only: each with its kind and
/// length before it.
fn values(binds: &[Bind]) -> String {
    let mut text = String::new();
    for bind in binds {
        let (kind, value) = match bind {
            Bind::Null => ('n', String::new()),
            Bind::Text(value) => ('t', value.clone()),
            Bind::Integer(value) => ('i', value.to_string()),
            Bind::Float(value) => ('f', value.to_bits().to_string()),
            Bind::Decimal(value) => ('d', value.to_string()),
            Bind::Boolean(value) => ('b', value.to_string()),
            Bind::Timestamp(value) => ('s', value.to_string()),
            // A kind that is added later: its debug form does not show the value, so
            // such statements share nothing.
            _ => ('?', uuid::Uuid::now_v7().to_string()),
        };
        text.push(kind);
        text.push_str(&value.len().to_string());
        text.push(':');
        text.push_str(&value);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use snowflake_sql::SqlText;

    use super::*;

    fn replies() -> ReadReplies {
        ReadReplies::new(ReadCache::On {
            bytes: 1 << 20,
            time_to_live: Duration::from_secs(3_600),
        })
    }

    fn statement(value: &str) -> Statement {
        Statement::new("read", SqlText::fixed("SELECT ?")).bind(value)
    }

    fn rows(text: &str) -> Rows {
        Rows::new(["X"], vec![vec![Some(text.to_owned())]], None).unwrap()
    }

    async fn read(replies: &ReadReplies, value: &str, reply: &str) -> String {
        let rows = replies
            .get(&statement(value), || async { Ok(rows(reply)) })
            .await
            .unwrap();
        rows.first().unwrap().required_text("X").unwrap().to_owned()
    }

    #[tokio::test]
    async fn the_same_question_is_asked_once() {
        let replies = replies();
        assert_eq!(read(&replies, "a", "1").await, "1");
        assert_eq!(read(&replies, "a", "2").await, "1");
        assert_eq!(read(&replies, "b", "3").await, "3", "other values");
    }

    #[tokio::test]
    async fn the_same_question_at_the_same_time_is_asked_once() {
        let replies = replies();
        let asked = AtomicU64::new(0);
        let question = statement("a");
        let ask = || {
            replies.get(&question, || async {
                asked.fetch_add(1, Ordering::SeqCst);
                // The other one gets its turn before the reply is there.
                tokio::task::yield_now().await;
                Ok(rows("1"))
            })
        };
        let (first, second) = tokio::join!(ask(), ask());
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_failure_goes_to_all_who_wait_and_is_not_kept() {
        let replies = replies();
        let question = statement("a");
        let ask = || {
            replies.get(&question, || async {
                tokio::task::yield_now().await;
                let error = Error::new(resilience::ErrorKind::RateLimited, "later");
                Err(error.with_field("warehouse").exhausted())
            })
        };
        let (first, second) = tokio::join!(ask(), ask());
        for outcome in [first, second] {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), resilience::ErrorKind::RateLimited);
            assert_eq!(error.field(), Some("warehouse"));
            assert!(resilience::Failure::is_exhausted(&error));
        }
        assert_eq!(read(&replies, "a", "1").await, "1");
    }

    #[tokio::test]
    async fn who_gives_up_leaves_the_question_to_the_others() {
        let replies = replies();
        let question = statement("a");
        let never = replies.get(&question, || async {
            std::future::pending::<()>().await;
            Ok(rows("never"))
        });
        let mut never = Box::pin(never);
        std::future::poll_fn(|context| {
            assert!(never.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
        let other = async { read(&replies, "a", "1").await };
        let (other, ()) = tokio::join!(other, async {
            tokio::task::yield_now().await;
            drop(never);
        });
        assert_eq!(other, "1");
    }

    #[tokio::test]
    async fn a_write_makes_replies_old() {
        let replies = replies();
        assert_eq!(read(&replies, "a", "1").await, "1");
        drop(replies.forget_when_done());
        assert_eq!(read(&replies, "a", "2").await, "2");
    }

    #[tokio::test]
    async fn a_reply_that_a_write_overtook_is_not_kept_for_later() {
        let replies = replies();
        let slow = replies
            .get(&statement("a"), || async {
                drop(replies.forget_when_done());
                Ok(rows("before the write"))
            })
            .await;
        assert!(slow.is_ok());
        assert_eq!(read(&replies, "a", "after it").await, "after it");
    }

    #[tokio::test]
    async fn nothing_is_kept_when_it_is_off() {
        let replies = ReadReplies::new(ReadCache::Off);
        assert_eq!(read(&replies, "a", "1").await, "1");
        assert_eq!(read(&replies, "a", "2").await, "2");
    }

    #[test]
    fn values_are_told_apart() {
        let of = |binds: &[Bind]| values(binds);
        assert_ne!(of(&["a".into(), "b".into()]), of(&["ab".into(), "".into()]));
        assert_ne!(of(&["1".into()]), of(&[1_i64.into()]));
        assert_ne!(of(&[Bind::Null]), of(&["".into()]));
    }
}
