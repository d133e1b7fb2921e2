//! A named channel that survives transient failures.

use std::collections::VecDeque;
use std::fmt;

use async_trait::async_trait;
use outbound::{Attempts, HttpClient};
use resilience::ErrorKind;
use tokio::time::{Instant, sleep};

use crate::batch::{Batch, batches, in_order};
use crate::endpoint::{ChannelStatus, Ingest, discover};
use crate::{ChannelConfig, Error, Result, Row, RowChannel};

/// Batches that may wait for their commit before `append` waits with them, so that
/// memory is bounded by about as many times 2 MB.
const MOST_UNCOMMITTED: usize = 16;

/// A named channel of Snowpipe Streaming.
pub struct SnowpipeChannel {
    config: ChannelConfig,
    http: HttpClient,
    ingest: Ingest,
    /// What the next rows have to say; `None` when the channel must be opened again.
    continuation_token: Option<String>,
    committed: Option<u64>,
    /// The highest offset that was appended here or is committed.
    appended: Option<u64>,
    uncommitted: VecDeque<Batch>,
    /// How many of `uncommitted`, from the front, this opening has sent.
    sent: usize,
    /// Rejected rows that the caller knows of, or that were there before it came.
    rejected_before: u64,
}

impl fmt::Debug for SnowpipeChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnowpipeChannel")
            .field("table", &self.config.table)
            .field("channel", &self.config.channel)
            .field("committed", &self.committed)
            .field("appended", &self.appended)
            .field("uncommitted_batches", &self.uncommitted.len())
            .finish_non_exhaustive()
    }
}

impl SnowpipeChannel {
    /// Opens the channel, making it when it does not exist.
    ///
    /// # Errors
    /// `Config` naming the field, `Auth`, `Permission`, `NotFound`, or what did not
    /// pass in time.
    pub async fn open(config: ChannelConfig) -> Result<Self> {
        config.validate()?;
        let http = HttpClient::new("snowflake-streaming", &config.account_url, &config.http)?;
        let ingest = Self::discover(&http, &config).await?;
        let mut channel = Self {
            config,
            http,
            ingest,
            continuation_token: None,
            committed: None,
            appended: None,
            uncommitted: VecDeque::new(),
            sent: 0,
            rejected_before: 0,
        };
        let status = channel.take_over().await?;
        channel.rejected_before = status.rows_error_count.unwrap_or(0);
        channel.appended = channel.committed;
        Ok(channel)
    }

    async fn discover(http: &HttpClient, config: &ChannelConfig) -> Result<Ingest> {
        let attempts = Attempts::of("asking for the ingest host");
        let discover = || discover(http, config, &attempts);
        http.retry(&config.retry, &attempts, discover).await
    }

    /// Opens the channel again, and refuses rows that were rejected since it was last
    /// looked at: what is committed behind them does not say that they are there.
    async fn reopen(&mut self) -> Result<()> {
        let status = self.take_over().await?;
        self.refuse_rejected(&status)
    }

    /// Opens the channel. What was sent and not committed is discarded by that, so it is
    /// sent again behind what is committed.
    async fn take_over(&mut self) -> Result<ChannelStatus> {
        let opened = match self.try_open().await {
            // The scoped token lives for a while only.
            Err(error) if error.kind() == ErrorKind::Auth => {
                self.ingest = Self::discover(&self.http, &self.config).await?;
                self.try_open().await?
            }
            other => other?,
        };
        self.continuation_token = Some(opened.next_continuation_token);
        self.sent = 0;
        self.note(&opened.channel_status)?;
        Ok(opened.channel_status)
    }

    async fn try_open(&self) -> Result<crate::endpoint::Opened> {
        let attempts = Attempts::of("opening the channel");
        let open = || self.ingest.open(&self.http, &self.config, &attempts);
        let retried = self.http.retry(&self.config.retry, &attempts, open);
        retried.await
    }

    /// Takes in how far the channel is.
    fn note(&mut self, status: &ChannelStatus) -> Result<()> {
        if let Some(token) = status.last_committed_offset_token.as_deref() {
            let committed: u64 = token.parse().map_err(|_| {
                Error::new(
                    ErrorKind::Corrupt,
                    "the channel's offset is not a number: somebody else has written to it",
                )
                .with_field("channel")
            })?;
            self.committed = Some(committed);
            while self
                .uncommitted
                .front()
                .is_some_and(|batch| batch.last <= committed)
            {
                self.uncommitted.pop_front();
                self.sent = self.sent.saturating_sub(1);
            }
        }
        Ok(())
    }

    /// Sends what has not been sent since the channel was opened, opening it again
    /// when the order of tokens is lost.
    async fn send(&mut self) -> Result<()> {
        let sent = Attempts::of("appending rows");
        let mut attempts = 1;
        while self.sent < self.uncommitted.len() {
            let Err(error) = self.send_next(&sent).await else {
                continue;
            };
            // A reply that never came may have been a success: only opening tells.
            let again = error.is_retryable() || error.kind() == ErrorKind::Auth;
            if !again || attempts >= self.config.retry.max_attempts {
                return Err(error.exhausted());
            }
            let wait = error
                .retry_after()
                .unwrap_or(self.config.retry.base * attempts);
            tracing::debug!(%error, ?wait, "reopening the channel after a failure");
            attempts += 1;
            sleep(wait.min(self.config.retry.longest_retry_after)).await;
            self.reopen().await?;
        }
        Ok(())
    }

    async fn send_next(&mut self, attempts: &Attempts<'_>) -> Result<()> {
        let Some(batch) = self.uncommitted.get(self.sent) else {
            return Ok(());
        };
        // Taken: when this future is dropped in the middle, nobody knows what the
        // next token is, and the channel must be reopened.
        let Some(token) = self.continuation_token.take() else {
            return Err(Error::new(
                ErrorKind::Transient,
                "the channel must be reopened",
            ));
        };
        let taken = self
            .ingest
            .append(&self.http, &self.config, attempts, &token, batch)
            .await?;
        self.continuation_token = Some(taken.next_continuation_token);
        self.sent += 1;
        Ok(())
    }

    /// Waits until at most `most` batches are not committed.
    async fn settle(&mut self, most: usize) -> Result<()> {
        let deadline = Instant::now() + self.config.commit_timeout;
        loop {
            self.send().await?;
            if self.uncommitted.len() <= most {
                return Ok(());
            }
            let status = match self.status().await {
                // The scoped token ends also while nothing is sent.
                Err(error) if error.kind() == ErrorKind::Auth => {
                    self.ingest = Self::discover(&self.http, &self.config).await?;
                    self.status().await?
                }
                other => other?,
            };
            self.note(&status)?;
            self.refuse_rejected(&status)?;
            if self.uncommitted.len() <= most {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(Error::new(
                    ErrorKind::Transient,
                    format!(
                        "rows are not committed within {:?}",
                        self.config.commit_timeout
                    ),
                ));
            }
            sleep(self.config.poll).await;
        }
    }

    async fn status(&self) -> Result<ChannelStatus> {
        let attempts = Attempts::of("asking how far the channel is");
        let ask = || self.ingest.status(&self.http, &self.config, &attempts);
        let status = self.http.retry(&self.config.retry, &attempts, ask).await?;
        Ok(status.unwrap_or_default())
    }

    /// Tells of rejected rows, once.
    fn refuse_rejected(&mut self, status: &ChannelStatus) -> Result<()> {
        let Some(rejected) = status.rows_error_count else {
            return Ok(());
        };
        // Fewer than before: the count has begun anew.
        let new = rejected
            .checked_sub(self.rejected_before)
            .unwrap_or(rejected);
        self.rejected_before = rejected;
        if new == 0 {
            return Ok(());
        }
        let until = status.last_error_offset_upper_bound.as_deref();
        Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "{new} rows do not fit the table; the last is at or before offset {}",
                until.unwrap_or("(not told)"),
            ),
        )
        .with_field("row"))
    }
}

#[async_trait]
impl RowChannel for SnowpipeChannel {
    fn committed(&self) -> Option<u64> {
        self.committed
    }

    async fn append(&mut self, rows: &[Row]) -> Result<usize> {
        let new = in_order(rows, self.appended)?;
        let batches = batches(new)?;
        if let Some(last) = new.last() {
            self.appended = Some(last.offset());
        }
        self.uncommitted.extend(batches);
        self.send().await?;
        self.settle(MOST_UNCOMMITTED).await?;
        Ok(new.len())
    }

    async fn flush(&mut self) -> Result<Option<u64>> {
        self.settle(0).await?;
        Ok(self.committed)
    }
}
