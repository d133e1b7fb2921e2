//! Replies to reads, remembered by statement and values.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::future::Cache;
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

    /// The reply to a question, asked at most once at a time.
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
        if let Some(reply) = kept.get(&question).await {
            return Ok(reply);
        }
        let reply = Arc::new(ask().await?);
        kept.insert(question, Arc::clone(&reply)).await;
        Ok::<_, Error>(reply)
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
