//! A batch in statements of bounded size, so that one bad row does no harm and
//! nothing that was paid for is lost.

use std::ops::Range;
use std::sync::Arc;

use resilience::ErrorKind;
use snowflake_sql::{Bind, SqlPool};

use super::failure::{concerns_one_row, not_asked, of_raised};
use super::input::{Input, array, parts};
use super::rows::{Reply, read};
use super::statements::Text;
use crate::Error;
use crate::outcomes::copy_of;

/// So many rows may be refused alone, have neither value nor reason, or statements fail
/// for now, before it is clear that the others would fare no better.
const ENOUGH: usize = 3;

/// Asks about rows of input.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    pub(super) pool: Arc<dyn SqlPool>,
    pub(super) rows_per_statement: usize,
}

impl Asker {
    /// Everything that one call of a method asks.
    pub(super) fn batch(&self) -> Batch<'_> {
        Batch {
            asker: self,
            stopped_by: None,
        }
    }
}

/// What one call asks, perhaps by several different statements.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    asker: &'a Asker,
    /// What will fail everything that is still to come.
    stopped_by: Option<Error>,
}

impl Batch<'_> {
    /// A reply to each of `inputs`. `binds` come before them; they are the last value.
    ///
    /// A statement that raises may do so for one of its rows: it is asked again in
    /// halves until that row stands alone. It is not where its words speak of something
    /// else, nor once [`ENOUGH`] rows were refused alone and none was answered.
    pub(super) async fn ask(
        &mut self,
        text: &Text,
        binds: &[Bind],
        inputs: &[Input],
    ) -> Vec<Reply> {
        let mut round = Round::new(
            parts(inputs, self.asker.rows_per_statement, binds),
            inputs.len(),
        );
        if let Some(error) = &self.stopped_by {
            round.stop(|| Reply::Refused(copy_of(error)));
        }
        while let Some(part) = round.next() {
            let rows = text
                .statement()
                .bind_all(binds.iter().cloned())
                .bind(array(&inputs[part.clone()]));
            match self.asker.pool.query(&rows).await {
                Ok(rows) => match read(text.name(), &rows, part.len()) {
                    Ok(replies) => round.answered(text.name(), part, replies),
                    Err(error) => round.refused(text.name(), part, error),
                },
                Err(error) => round.refused(text.name(), part, of_raised(text.name(), error)),
            }
        }
        self.stopped_by = self.stopped_by.take().or(round.stopped_by);
        round.replies
    }
}

/// Statements of one kind under way.
struct Round {
    replies: Vec<Reply>,
    /// What is still to be asked, the first rows last.
    waiting: Vec<Range<usize>>,
    has_answer: bool,
    has_reason: bool,
    /// Rows that raised by themselves.
    alone: usize,
    looks_elsewhere: bool,
    /// Transient failures in a row.
    failures: usize,
    stopped_by: Option<Error>,
}

impl Round {
    fn new(mut parts: Vec<Range<usize>>, rows: usize) -> Self {
        parts.reverse();
        let mut replies = Vec::new();
        replies.resize_with(rows, || Reply::Nothing);
        Self {
            replies,
            waiting: parts,
            has_answer: false,
            has_reason: false,
            alone: 0,
            looks_elsewhere: false,
            failures: 0,
            stopped_by: None,
        }
    }

    /// The next rows in order. After a row was refused alone and none was answered, it is
    /// the most at once: an answer among them tells soonest that the row is at fault.
    fn next(&mut self) -> Option<Range<usize>> {
        if !std::mem::take(&mut self.looks_elsewhere) || self.has_answer {
            return self.waiting.pop();
        }
        let lengths = self.waiting.iter().enumerate();
        let (longest, _) = lengths.max_by_key(|(_, part)| part.len())?;
        Some(self.waiting.remove(longest))
    }

    fn answered(&mut self, name: &str, part: Range<usize>, replies: Vec<Reply>) {
        let is_answer = |reply: &Reply| matches!(reply, Reply::Value(_));
        let has_answer = replies.iter().any(is_answer);
        let for_all = replies.iter().filter_map(Reply::refused_for_all);
        let all_refused = for_all.count() == replies.len();
        let reason = replies.iter().find_map(Reply::refused_for_all).map(copy_of);
        self.has_answer |= has_answer;
        self.has_reason |= replies
            .iter()
            .any(|reply| matches!(reply, Reply::Refused(_)));
        let asked = part.end;
        for (place, reply) in part.zip(replies) {
            self.replies[place] = reply;
        }
        match reason {
            Some(error) if all_refused => self.failed(&error),
            _ => self.failures = 0,
        }
        // An account that answers nothing and says nothing is not asked on.
        if !self.has_answer && !self.has_reason && self.alone == 0 && asked >= ENOUGH {
            tracing::debug!(name, rows = asked, "nothing is answered");
            self.stop(|| Reply::Nothing);
        }
    }

    fn refused(&mut self, name: &str, part: Range<usize>, error: Error) {
        let is_rows_own = concerns_one_row(error.kind());
        if is_rows_own && part.len() > 1 {
            let middle = part.start + part.len() / 2;
            self.waiting.push(middle..part.end);
            self.waiting.push(part.start..middle);
            return;
        }
        self.has_reason = true;
        if !is_rows_own {
            for place in part {
                self.replies[place] = Reply::Refused(copy_of(&error));
            }
            self.failed(&error);
            return;
        }
        self.replies[part.start] = Reply::Refused(error);
        self.alone += 1;
        self.looks_elsewhere = true;
        if self.alone >= ENOUGH && !self.has_answer {
            let alone = self.alone;
            self.stop(|| Reply::Refused(not_asked(name, alone)));
        }
    }

    /// A statement failed for something that no row is at fault for.
    fn failed(&mut self, error: &Error) {
        self.failures += 1;
        if error.kind() != ErrorKind::Transient || self.failures >= ENOUGH {
            self.stop(|| Reply::Refused(copy_of(error)));
            self.stopped_by = Some(copy_of(error));
        }
    }

    /// Asks no more: what is waiting has this reply.
    fn stop(&mut self, reply: impl Fn() -> Reply) {
        for place in std::mem::take(&mut self.waiting).into_iter().flatten() {
            self.replies[place] = reply();
        }
    }
}
