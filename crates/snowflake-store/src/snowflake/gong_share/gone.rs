//! What the share no longer has.

use calls::{CallId, Timestamp};
use snowflake_sql::{Bind, Statement};

use super::{GongShareConfig, GongShareReport, texts};
use crate::snowflake::failure::of_sql;
use crate::snowflake::json;
use crate::snowflake::store::SnowflakeStore;
use crate::{Landing, LandingPage, Result, instant};

/// Rows without which a share may be at any time.
const BELIEVED: usize = 20;

#[derive(Default)]
struct Gone {
    /// Deleted, or become private: the share says so.
    said: Vec<CallId>,
    /// Their row is not there, and nothing says why.
    unsaid: Vec<CallId>,
}

impl Gone {
    /// Takes those without a row where they are few enough; how many are withheld.
    fn believe(&mut self, live: usize) -> u64 {
        let believed = self.unsaid.len() <= BELIEVED.max(live / 10);
        let unsaid = std::mem::take(&mut self.unsaid);
        match believed {
            true => {
                self.said.extend(unsaid);
                0
            }
            false => unsaid.len() as u64,
        }
    }
}

impl SnowflakeStore {
    /// Deletes and withdraws as a page of the API does, and remembers it.
    pub(super) async fn remove_gone(
        &self,
        share: &GongShareConfig,
        run_id: &str,
        now: Timestamp,
        report: &mut GongShareReport,
    ) -> Result<()> {
        let statement = texts::gone(share)?.bind(share.wants_private_calls());
        let rows = self.ask(&statement).await?;
        let (mut calls, mut transcripts) = (Gone::default(), Gone::default());
        for row in rows.iter() {
            let id = CallId::new(row.required_text("CALL_ID").map_err(of_sql)?);
            let kind = match row.required_text("WHAT").map_err(of_sql)? {
                "call" => &mut calls,
                _ => &mut transcripts,
            };
            match row.boolean("IS_SAID").map_err(of_sql)? {
                Some(true) => kind.said.push(id),
                _ => kind.unsaid.push(id),
            }
        }
        if calls.said.len() + calls.unsaid.len() + transcripts.said.len() + transcripts.unsaid.len()
            == 0
        {
            return Ok(());
        }
        let live = usize::try_from(self.count_live_calls().await?).unwrap_or(usize::MAX);
        report.removals_withheld = calls.believe(live) + transcripts.believe(live);
        let (calls, transcripts) = (calls.said, transcripts.said);
        let at = instant::text(now);
        let (of_calls, of_transcripts) = (json(&calls)?, json(&transcripts)?);
        let with_call = json(&calls)?;
        let page = LandingPage::new(run_id)
            .with_deleted(calls)
            .with_withdrawn(transcripts);
        let landed = self.land(page).await?;
        report.calls_deleted = landed.deleted;
        report.transcripts_withdrawn = landed.withdrawn;
        let record = |statement: Statement, ids: Bind| statement.bind(at.as_str()).bind(ids);
        self.write(&[
            record(texts::record_gone_calls(), of_calls),
            record(texts::record_gone_transcripts(), of_transcripts),
            record(texts::record_gone_transcripts(), with_call),
        ])
        .await
        .map(drop)
    }
}
