//! Runs, checkpoints, watermark and positions: one row per committed step.

use calls::Timestamp;
use serde::Serialize;
use snowflake_sql::{Rows, Statement};

use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::{json, new_id, now, statements};
use crate::{
    Checkpoint, CheckpointStep, OpenRun, Result, RunCounts, RunFinish, RunStart, Stream, SyncMode,
    Watermark, Window, instant,
};

#[derive(Serialize)]
struct Step<'a> {
    state_id: String,
    correlation_id: &'a str,
    sync_mode: &'static str,
    stream: &'static str,
    step: &'static str,
    window_from: String,
    window_to: String,
    position: Option<&'a str>,
    last_sync_timestamp: Option<String>,
    #[serde(flatten)]
    counts: RunCounts,
    committed_at: String,
    settings: Option<&'a str>,
}

impl<'a> Step<'a> {
    fn new(run_id: &'a str, mode: SyncMode, step: &'static str, window: Window) -> Self {
        Self {
            state_id: new_id(),
            correlation_id: run_id,
            sync_mode: mode.as_str(),
            stream: Stream::Run.as_str(),
            step,
            window_from: instant::text(window.from),
            window_to: instant::text(window.to),
            position: None,
            last_sync_timestamp: None,
            counts: RunCounts::default(),
            committed_at: now(),
            settings: None,
        }
    }

    fn statement(&self) -> Result<Statement> {
        Ok(statements::RECORD_STATE.statement().bind(json(self)?))
    }
}

/// A run begins.
pub(super) fn started(run: &RunStart) -> Result<Statement> {
    Step {
        settings: Some(&run.settings),
        ..Step::new(&run.run_id, run.mode, "started", run.window)
    }
    .statement()
}

/// A run has ended.
pub(super) fn finished(run: &RunFinish) -> Result<Statement> {
    Step {
        last_sync_timestamp: run.watermark.map(instant::text),
        counts: run.counts,
        ..Step::new(&run.run_id, run.mode, "finished", run.window)
    }
    .statement()
}

/// How far a stream is, with the page it speaks of.
pub(super) fn checkpoint(checkpoint: &Checkpoint, counts: RunCounts) -> Result<Vec<Statement>> {
    let Window { from, to } = checkpoint.window;
    let is_done = checkpoint.step == CheckpointStep::WindowDone;
    let step = if is_done { "window_done" } else { "page" };
    let mut statements = Vec::new();
    if is_done && !checkpoint.stream.is_rolling() {
        statements.push(
            statements::CLEAR_DEAD_LETTERS_OF_WINDOW
                .statement()
                .bind(instant::text(from))
                .bind(instant::text(to))
                .bind(checkpoint.stream == Stream::Calls)
                .bind(checkpoint.run_id.as_str()),
        );
    }
    let step = Step {
        stream: checkpoint.stream.as_str(),
        position: checkpoint.position.as_deref(),
        counts,
        ..Step::new(&checkpoint.run_id, checkpoint.mode, step, checkpoint.window)
    };
    statements.push(step.statement()?);
    Ok(statements)
}

/// The run that `open_run` found.
pub(super) fn open(mode: SyncMode, rows: &Rows) -> Result<Option<OpenRun>> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let required = |instant: Option<Timestamp>, column| instant.ok_or_else(|| unreadable(column));
    let mut run = OpenRun {
        run_id: first
            .required_text("CORRELATION_ID")
            .map_err(of_sql)?
            .to_owned(),
        mode,
        window: Window {
            from: required(
                first.timestamp("WINDOW_FROM").map_err(of_sql)?,
                "WINDOW_FROM",
            )?,
            to: required(first.timestamp("WINDOW_TO").map_err(of_sql)?, "WINDOW_TO")?,
        },
        done: Vec::new(),
        settings: first.text("SETTINGS").map_err(of_sql)?.map(str::to_owned),
    };
    for row in rows.iter() {
        let from = row.timestamp("DONE_FROM").map_err(of_sql)?;
        let to = row.timestamp("DONE_TO").map_err(of_sql)?;
        run.done
            .extend(from.zip(to).map(|(from, to)| Window { from, to }));
    }
    Ok(Some(run))
}

/// The watermark that `watermark` found.
pub(super) fn watermark(rows: &Rows) -> Result<Option<Watermark>> {
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let instant = |column| {
        let found = row.timestamp(column).map_err(of_sql)?;
        found.ok_or_else(|| unreadable(column))
    };
    Ok(Some(Watermark {
        at: instant("LAST_SYNC_TIMESTAMP")?,
        set_at: instant("SET_AT")?,
    }))
}
