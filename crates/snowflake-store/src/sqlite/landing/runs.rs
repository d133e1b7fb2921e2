//! Runs, checkpoints, watermark and positions: one row per committed step.

use calls::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::dead_letters;
use crate::page::PreparedPage;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{freeing, instant, statements};
use crate::stored::counts_of_page;
use crate::{
    Checkpoint, CheckpointStep, Landed, OpenRun, RunCounts, RunFinish, RunStart, Stream, SyncMode,
    Watermark, Window,
};

struct Step<'a> {
    run_id: &'a str,
    mode: SyncMode,
    stream: Stream,
    step: &'static str,
    window: Window,
    position: Option<&'a str>,
    watermark: Option<Timestamp>,
    counts: RunCounts,
    settings: Option<&'a str>,
}

fn record(transaction: &Transaction<'_>, step: &Step<'_>) -> JobResult<()> {
    // Counts beyond 2^63 do not occur; saturating keeps the cast honest.
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(statements::RECORD_STATE)?
        .execute(params![
            step.run_id,
            step.mode.as_str(),
            step.stream.as_str(),
            step.step,
            instant::text(step.window.from),
            instant::text(step.window.to),
            step.position,
            step.watermark.map(instant::text),
            count(step.counts.calls_seen),
            count(step.counts.calls_inserted),
            count(step.counts.calls_updated),
            count(step.counts.calls_deleted),
            count(step.counts.transcripts_inserted),
            count(step.counts.transcripts_missing),
            count(step.counts.dead_letters),
            instant::stamp(Timestamp::now()),
            step.settings,
        ])?;
    Ok(())
}

/// Records how far a stream is, with the page it speaks of.
pub(super) fn record_checkpoint(
    transaction: &Transaction<'_>,
    checkpoint: &Checkpoint,
    page: &PreparedPage,
    landed: &Landed,
) -> JobResult<()> {
    let step = match checkpoint.step {
        CheckpointStep::Page => "page",
        CheckpointStep::WindowDone => {
            dead_letters::clear_of_window(transaction, checkpoint)?;
            "window_done"
        }
    };
    let counts = counts_of_page(page.calls.len(), landed);
    record(
        transaction,
        &Step {
            run_id: &checkpoint.run_id,
            mode: checkpoint.mode,
            stream: checkpoint.stream,
            step,
            window: checkpoint.window,
            position: checkpoint.position.as_deref(),
            watermark: None,
            counts,
            settings: None,
        },
    )
}

pub(super) fn start(connection: &mut Connection, run: &RunStart) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    record(
        &transaction,
        &Step {
            run_id: &run.run_id,
            mode: run.mode,
            stream: Stream::Run,
            step: "started",
            window: run.window,
            position: None,
            watermark: None,
            counts: RunCounts::default(),
            settings: Some(&run.settings),
        },
    )?;
    transaction.commit()?;
    Ok(())
}

/// Ends a run. The log is one file: syncing this commit syncs all before it.
pub(super) fn finish(connection: &mut Connection, run: &RunFinish) -> JobResult<()> {
    let usual: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    let must_sync = usual > 0;
    if must_sync {
        connection.pragma_update(None, "synchronous", "FULL")?;
    }
    let result = record_finish(connection, run);
    if must_sync {
        connection.pragma_update(None, "synchronous", usual)?;
    }
    result?;
    freeing::give_back(connection);
    Ok(())
}

fn record_finish(connection: &mut Connection, run: &RunFinish) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    record(
        &transaction,
        &Step {
            run_id: &run.run_id,
            mode: run.mode,
            stream: Stream::Run,
            step: "finished",
            window: run.window,
            position: None,
            watermark: run.watermark,
            counts: run.counts,
            settings: None,
        },
    )?;
    transaction.commit()?;
    Ok(())
}

pub(super) fn open(connection: &Connection, mode: SyncMode) -> JobResult<Option<OpenRun>> {
    let mut statement = connection.prepare_cached(statements::OPEN_RUN)?;
    let mut rows = statement.query([mode.as_str()])?;
    let mut open: Option<OpenRun> = None;
    while let Some(row) = rows.next()? {
        let window = |from: usize| -> JobResult<Option<Window>> {
            let from_to = instant::parse_optional(row.get(from)?, "WINDOW_FROM")?
                .zip(instant::parse_optional(row.get(from + 1)?, "WINDOW_TO")?);
            Ok(from_to.map(|(from, to)| Window { from, to }))
        };
        let run = match &mut open {
            Some(run) => run,
            None => {
                let Some(window) = window(1)? else { break };
                open.insert(OpenRun {
                    run_id: row.get(0)?,
                    mode,
                    window,
                    done: Vec::new(),
                    settings: row.get(5)?,
                })
            }
        };
        run.done.extend(window(3)?);
    }
    Ok(open)
}

pub(super) fn watermark(connection: &Connection) -> JobResult<Option<Watermark>> {
    let found: Option<(String, String)> = connection
        .prepare_cached(statements::WATERMARK)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((at, set_at)) = found else {
        return Ok(None);
    };
    Ok(Some(Watermark {
        at: instant::parse(&at, "LAST_SYNC_TIMESTAMP")?,
        set_at: instant::parse(&set_at, "COMMITTED_AT")?,
    }))
}

pub(super) fn position(connection: &Connection, stream: Stream) -> JobResult<Option<String>> {
    Ok(connection
        .prepare_cached(statements::POSITION)?
        .query_row([stream.as_str()], |row| row.get(0))
        .optional()?)
}
