//! People who ask one thing after the other, and what they see.

use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;

use gong_snowflake::agents::task::Dispatcher;
use gong_snowflake::snowflake_store::{CallQuery, CallReader};
use serde_json::{Value, json};

use crate::shared::say;
use crate::stage::Stage;

/// The tasks that are asked, over and over.
pub(crate) struct Users {
    tasks: Vec<Value>,
}

/// What they saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    tasks: usize,
    answered: usize,
    degraded: usize,
    /// Answers by who gave them.
    by: BTreeMap<String, usize>,
    /// Errors by their code.
    errors: BTreeMap<String, usize>,
    slowest_ms: u64,
}

impl Users {
    pub(crate) async fn of(stage: &Stage) -> Result<Self, Box<dyn Error>> {
        let query = CallQuery {
            with_transcript: true,
            limit: 12,
            ..CallQuery::default()
        };
        let calls = stage.old.find_calls(&query).await?;
        let mut tasks = Vec::new();
        for call in &calls {
            let rep = call.rep.email.as_deref().unwrap_or("nobody");
            let question = "Who has to sign, and by when?";
            tasks.extend([
                json!({"task_type": "analyze_call", "call_id": call.id}),
                json!({"task_type": "coach_rep", "rep_email": rep, "days": 90}),
                json!({"task_type": "ask", "call_id": call.id, "question": question}),
                json!({"task_type": "find_similar_calls", "call_id": call.id, "limit": 3}),
                json!({"task_type": "list_calls", "rep_email": rep, "days": 90, "limit": 5}),
                json!({"task_type": "search_calls", "query": "price discount", "limit": 3}),
            ]);
        }
        Ok(Self { tasks })
    }

    /// Asks some of the tasks.
    pub(crate) async fn ask(&self, agents: &Dispatcher, which: Range<usize>) -> Seen {
        let mut seen = Seen::default();
        for task in self
            .tasks
            .iter()
            .cycle()
            .skip(which.start)
            .take(which.len())
        {
            let (reply, _) = agents.run_json(task.to_string().as_bytes()).await;
            seen.count(&reply);
        }
        seen
    }

    /// Asks some of the tasks and tells of each what came.
    pub(crate) async fn tell(&self, agents: &Dispatcher, which: Range<usize>) -> Seen {
        let mut seen = Seen::default();
        for task in self
            .tasks
            .iter()
            .cycle()
            .skip(which.start)
            .take(which.len())
        {
            let (reply, _) = agents.run_json(task.to_string().as_bytes()).await;
            let kind = task["task_type"].as_str().unwrap_or_default();
            let why = reply["degraded"][0].as_str().unwrap_or("as it should");
            let how = match reply["error"]["message"].as_str() {
                Some(message) => format!("not answered: {message}"),
                None => format!("answered: {why}"),
            };
            say(format!("  {kind:<20} {how}"));
            seen.count(&reply);
        }
        seen
    }
}

impl Seen {
    fn count(&mut self, reply: &Value) {
        let duration = reply["meta"]["duration_ms"].as_f64().unwrap_or_default();
        self.slowest_ms = self.slowest_ms.max(duration as u64);
        self.tasks += 1;
        let Some(code) = reply["error"]["code"].as_str() else {
            let by = reply["data_source"].as_str().unwrap_or_default();
            *self.by.entry(by.to_owned()).or_default() += 1;
            self.answered += 1;
            let degraded = reply["degraded"].as_array();
            self.degraded += usize::from(degraded.is_some_and(|why| !why.is_empty()));
            return;
        };
        *self.errors.entry(code.to_owned()).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.tasks += other.tasks;
        self.answered += other.answered;
        self.degraded += other.degraded;
        self.slowest_ms = self.slowest_ms.max(other.slowest_ms);
        for (by, count) in other.by {
            *self.by.entry(by).or_default() += count;
        }
        for (code, count) in other.errors {
            *self.errors.entry(code).or_default() += count;
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "tasks": self.tasks,
            "answered": self.answered,
            "degraded": self.degraded,
            "by": self.by,
            "errors": self.errors,
            "slowest_ms": self.slowest_ms,
        })
    }

    pub(crate) fn summary(&self) -> String {
        let counted = |counts: &BTreeMap<String, usize>| {
            let counts = counts
                .iter()
                .map(|(what, count)| format!("{count} by {what}"));
            counts.collect::<Vec<String>>().join(", ")
        };
        let errors = match self.errors.is_empty() {
            true => String::new(),
            false => format!("; errors: {:?}", self.errors),
        };
        format!(
            "{} of {} tasks answered, {}; {} marked as degraded; the slowest took {} ms{errors}",
            self.answered,
            self.tasks,
            counted(&self.by),
            self.degraded,
            self.slowest_ms,
        )
    }
}
