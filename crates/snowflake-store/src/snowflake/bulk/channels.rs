//! The two channels, and the offsets that their rows carry.

use resilience::ErrorKind;
use serde::Serialize;
use snowflake_streaming::{Row, RowChannel};

use crate::page::PreparedPage;
use crate::snowflake::landing::streamed::News;
use crate::snowflake::now;
use crate::snowflake::streamed::{StreamedCall, StreamedTranscript};
use crate::{Error, Result};

/// Bytes of rows that one append carries at most, about.
const APPEND_BYTES: usize = 8 << 20;

#[derive(Debug)]
pub(super) struct Channels {
    calls: Numbered,
    transcripts: Numbered,
}

/// A channel with the last offset that was given out.
#[derive(Debug)]
struct Numbered {
    channel: Box<dyn RowChannel>,
    last: u64,
}

impl Channels {
    /// Rows are numbered behind what is committed, and behind what checkpoints know of:
    /// a channel that was dropped and made again starts with nothing committed.
    pub(super) fn new(
        calls: Box<dyn RowChannel>,
        transcripts: Box<dyn RowChannel>,
        reached: Option<&str>,
    ) -> Self {
        let (of_calls, of_transcripts) = reached.and_then(read).unwrap_or_default();
        Self {
            calls: Numbered::behind(calls, of_calls),
            transcripts: Numbered::behind(transcripts, of_transcripts),
        }
    }

    /// Sends the documents of a page that are news.
    pub(super) async fn send(&mut self, page: &PreparedPage, news: &News) -> Result<()> {
        let (run, now) = (page.run_id.as_str(), now());
        let calls = page.calls.iter().filter(|call| {
            let id = &call.prepared.document.call_id;
            news.calls.contains(id)
        });
        let calls = calls.map(|call| StreamedCall::prepared(call, run, &now));
        self.calls.append(calls).await?;
        let transcripts = page
            .transcripts
            .iter()
            .filter(|transcript| news.transcripts.contains(&transcript.document.call_id));
        let transcripts = transcripts.map(|found| StreamedTranscript::prepared(found, run, &now));
        self.transcripts.append(transcripts).await
    }

    /// Waits until all rows are committed.
    pub(super) async fn flush(&mut self) -> Result<()> {
        self.calls.flush().await?;
        self.transcripts.flush().await
    }

    /// The last offsets, as a checkpoint keeps them.
    pub(super) fn position(&self) -> String {
        format!(
            "calls={} transcripts={}",
            self.calls.last, self.transcripts.last
        )
    }
}

/// Reads [`Channels::position`].
fn read(position: &str) -> Option<(u64, u64)> {
    let (calls, transcripts) = position.split_once(' ')?;
    Some((
        calls.strip_prefix("calls=")?.parse().ok()?,
        transcripts.strip_prefix("transcripts=")?.parse().ok()?,
    ))
}

impl Numbered {
    fn behind(channel: Box<dyn RowChannel>, reached: u64) -> Self {
        let committed = channel.committed().unwrap_or(0);
        Self {
            channel,
            last: committed.max(reached),
        }
    }

    async fn append<R: Serialize>(&mut self, rows: impl Iterator<Item = R>) -> Result<()> {
        let mut numbered = Vec::new();
        let mut bytes = 0;
        for row in rows {
            self.last += 1;
            let row = Row::new(self.last, &row).map_err(of_channel)?;
            bytes += row.json().len();
            numbered.push(row);
            if bytes >= APPEND_BYTES {
                self.send(&std::mem::take(&mut numbered)).await?;
                bytes = 0;
            }
        }
        if !numbered.is_empty() {
            self.send(&numbered).await?;
        }
        Ok(())
    }

    async fn send(&mut self, rows: &[Row]) -> Result<()> {
        match self.channel.append(rows).await {
            Err(error) if is_about_a_row(&error) => {
                tracing::warn!(%error, "rows are landed by SQL");
                Ok(())
            }
            other => other.map(drop).map_err(of_channel),
        }
    }

    async fn flush(&mut self) -> Result<()> {
        loop {
            match self.channel.flush().await {
                // Told once a time; the next call waits for the rest.
                Err(error) if is_about_a_row(&error) => {
                    tracing::warn!(%error, "rows are landed by SQL");
                }
                other => return other.map(drop).map_err(of_channel),
            }
        }
    }
}

/// Whether rows are too large or do not fit the table: what is missing after the merge
/// is landed by SQL.
fn is_about_a_row(error: &snowflake_streaming::Error) -> bool {
    error.kind() == ErrorKind::InvalidInput && error.field() == Some("row")
}

pub(super) fn of_channel(error: snowflake_streaming::Error) -> Error {
    let field = error.field().map(str::to_owned);
    let wrapped = Error::new(error.kind(), format!("streaming: {}", error.message()))
        .with_retry_after(error.retry_after())
        .with_source(error)
        .exhausted();
    match field {
        Some(field) => wrapped.with_field(field),
        None => wrapped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snowflake_streaming::InMemoryChannel;

    #[test]
    fn rows_are_numbered_behind_what_a_checkpoint_knows_of() {
        let channel = || Box::new(InMemoryChannel::default());
        let before = Channels::new(channel(), channel(), Some("calls=12 transcripts=7"));
        assert_eq!((before.calls.last, before.transcripts.last), (12, 7));
        assert_eq!(read(&before.position()), Some((12, 7)));
        let none = Channels::new(channel(), channel(), Some("7782342274025937895"));
        assert_eq!((none.calls.last, none.transcripts.last), (0, 0));
    }
}
