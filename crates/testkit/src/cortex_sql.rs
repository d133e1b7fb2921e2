//! A double of Cortex's functions: a pool of sessions that answers statements about
//! models, by the name of the statement and its values.
//!
//! It follows Snowflake's documentation in what makes naive clients fail: functions
//! that report bad rows by themselves, functions that raise on the first one, models
//! that answer every row with NULL, and the shapes of replies. Models are
//! [honest](crate::language_server::honest_answer). Texts of refusals are ours: the
//! documentation shows almost none.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use resilience::ErrorKind;
use serde_json::{Value, json};
use snowflake_sql::{
    Bind, Error, Remedy, Result, Rows, SessionCapabilities, SqlFault, SqlPool, SqlSession,
    Statement,
};

use crate::language_server::{ChatRequest, honest_answer};

/// What the account does to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CortexFault {
    /// Every row is NULL and the statement succeeds, as with a model that is gone.
    AllNull,
    /// The statement fails with this kind and these words.
    Fails(ErrorKind, &'static str),
    /// Every row is refused with these words.
    RefusesRows(&'static str),
    /// Rows come back in reverse order, and one is missing.
    LosesARow,
}

/// A pool whose statements are Cortex's functions.
#[derive(Debug, Default)]
pub struct CortexSqlDouble {
    statements: AtomicU64,
    refused: Option<String>,
    faults: Mutex<Vec<CortexFault>>,
    log: Mutex<Vec<Statement>>,
}

impl CortexSqlDouble {
    /// Answers everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Refuses texts that hold these words: by themselves, or by raising, as the
    /// function does.
    #[must_use]
    pub fn refusing(mut self, words: impl Into<String>) -> Self {
        self.refused = Some(words.into());
        self
    }

    /// What befalls the next statements, one each.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = CortexFault>) {
        self.faults().extend(faults);
    }

    /// Statements so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The statements, in order.
    pub fn log(&self) -> Vec<Statement> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.clone()
    }

    fn faults(&self) -> MutexGuard<'_, Vec<CortexFault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_refused(&self, input: &str) -> bool {
        let refused = self.refused.as_deref();
        refused.is_some_and(|words| input.contains(words))
    }

    fn answer(&self, statement: &Statement) -> Result<Rows> {
        if statement.name() == "models" {
            return models();
        }
        let inputs = inputs(statement);
        let raises = raises(statement.name());
        if raises && inputs.iter().any(|input| self.is_refused(input)) {
            return Err(refusal(ErrorKind::InvalidInput, "the input is refused"));
        }
        if statement.name() == "ai_summarize_agg" {
            let all = Value::from(inputs.join(" "));
            return rows([(0, Some(all.to_string()), None)].into());
        }
        let row = |(position, input): (usize, &String)| {
            if self.is_refused(input) {
                let words = match statement.name() {
                    "legacy_complete" => None,
                    _ => Some("the input exceeds the context window".to_owned()),
                };
                return (position, None, words);
            }
            (position, Some(value(statement, input).to_string()), None)
        };
        rows(inputs.iter().enumerate().map(row).collect())
    }
}

#[async_trait]
impl SqlPool for CortexSqlDouble {
    fn capabilities(&self) -> SessionCapabilities {
        SessionCapabilities {
            binds: true,
            transactions: true,
            longest_statement: None,
            ordered_rows: true,
            vector_columns: true,
            cancels: true,
            query_ids: true,
        }
    }

    async fn session(&self) -> Result<Box<dyn SqlSession>> {
        Err(Error::new(ErrorKind::Unsupported, "this double has none"))
    }

    async fn query(&self, statement: &Statement) -> Result<Rows> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(statement.clone());
        drop(log);
        let fault = {
            let mut faults = self.faults();
            (!faults.is_empty()).then(|| faults.remove(0))
        };
        let nothing = |words: Option<&str>| {
            let inputs = 0..inputs(statement).len();
            rows(
                inputs
                    .map(|at| (at, None, words.map(str::to_owned)))
                    .collect(),
            )
        };
        match fault {
            Some(CortexFault::AllNull) => nothing(None),
            Some(CortexFault::RefusesRows(words)) => nothing(Some(words)),
            Some(CortexFault::Fails(kind, words)) => Err(refusal(kind, words)),
            Some(CortexFault::LosesARow) => {
                let inputs = inputs(statement);
                let kept = inputs.iter().enumerate().skip(1).rev();
                let row = |(at, input): (usize, &String)| {
                    (at, Some(value(statement, input).to_string()), None)
                };
                rows(kept.map(row).collect())
            }
            None => self.answer(statement),
        }
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        let mut all = Vec::with_capacity(statements.len());
        for statement in statements {
            all.push(self.query(statement).await?);
        }
        Ok(all)
    }
}

/// Functions that raise on the first bad row.
fn raises(name: &str) -> bool {
    let by_itself = [
        "ai_sentiment",
        "ai_complete",
        "ai_complete_structured",
        "ai_classify",
        "ai_extract",
        "legacy_complete",
    ];
    !by_itself.contains(&name)
}

/// The last value: a JSON array of texts.
fn inputs(statement: &Statement) -> Vec<String> {
    match statement.binds().last() {
        Some(Bind::Text(json)) => serde_json::from_str(json).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Another value, as JSON.
fn bound(statement: &Statement, place: usize) -> Value {
    match statement.binds().get(place) {
        Some(Bind::Text(json)) => serde_json::from_str(json).unwrap_or_default(),
        _ => Value::Null,
    }
}

fn value(statement: &Statement, input: &str) -> Value {
    match statement.name() {
        "ai_sentiment" => {
            json!({ "categories": [{ "name": "overall", "sentiment": tone(input).0 }] })
        }
        "legacy_sentiment" => json!(tone(input).1),
        "ai_classify" => json!({ "labels": [label(&bound(statement, 0), input)] }),
        "legacy_classify" => json!({ "label": label(&bound(statement, 0), input) }),
        "ai_complete" | "legacy_complete" | "ai_complete_structured" => complete(statement, input),
        "ai_extract" => {
            let questions = bound(statement, 0);
            let names = questions.as_object().into_iter().flatten();
            names
                .map(|(name, _)| (name.clone(), json!(input)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        "ai_redact" => json!(input.replace("Ada Park", "[NAME]")),
        "ai_embed" => json!(vector(input, dim(statement))),
        "legacy_embed_768" => json!(vector(input, 768)),
        _ => json!(vector(input, 1024)),
    }
}

fn dim(statement: &Statement) -> usize {
    match statement.binds().first() {
        Some(Bind::Text(model)) if model.contains("-m") || model.contains("e5-base") => 768,
        _ => 1024,
    }
}

/// A vector that is alike for alike texts: counts of letters.
fn vector(text: &str, dim: usize) -> Vec<f32> {
    let mut vector = vec![0.0; dim];
    for letter in text.to_lowercase().chars() {
        vector[letter as usize % dim] += 1.0;
    }
    vector
}

fn tone(text: &str) -> (&'static str, f64) {
    let request = json!({
        "model": "honest",
        "messages": [{ "role": "user", "content": format!("<data>\n{}\n</data>", json!({ "line": 0, "text": text })) }],
        "response_format": { "json_schema": { "schema": { "properties": { "readings": {} } } } },
    });
    let reply = honest_json(request);
    let reading = &reply["readings"][0];
    let label = match reading["label"].as_str() {
        Some("positive") => "positive",
        Some("negative") => "negative",
        Some("mixed") => "mixed",
        _ => "neutral",
    };
    (label, reading["score"].as_f64().unwrap_or_default())
}

fn label(labels: &Value, text: &str) -> Value {
    let request = json!({
        "model": "honest",
        "messages": [{ "role": "user", "content": format!("<data>\n{}\n</data>", json!({ "line": 0, "text": text })) }],
        "response_format": { "json_schema": { "schema": { "properties": { "scores": {
            "items": { "properties": { "label": { "enum": labels } } } } } } } },
    });
    let reply = honest_json(request);
    let scores = reply["scores"].as_array().cloned().unwrap_or_default();
    let score = |entry: &Value| entry["score"].as_f64().unwrap_or_default();
    let best = scores
        .iter()
        .rev()
        .max_by(|left, right| score(left).total_cmp(&score(right)));
    best.map(|entry| entry["label"].clone()).unwrap_or_default()
}

fn complete(statement: &Statement, prompt: &str) -> Value {
    let schema = match statement.name() {
        "ai_complete_structured" => bound(statement, 2)["schema"].take(),
        "legacy_complete" => bound(statement, 1)["response_format"]["schema"].take(),
        _ => Value::Null,
    };
    let mut request = json!({
        "model": "honest",
        "messages": [{ "role": "user", "content": prompt }],
    });
    let usage = json!({ "prompt_tokens": prompt.len() / 4, "completion_tokens": 12, "total_tokens": prompt.len() / 4 + 12 });
    if schema.is_null() {
        let text = honest_answer(&ChatRequest::new(request))
            .content()
            .to_owned();
        return json!({ "choices": [{ "messages": text }], "model": "honest", "usage": usage });
    }
    request["response_format"] = json!({ "json_schema": { "schema": schema } });
    let value = honest_json(request);
    json!({
        "structured_output": [{ "raw_message": value, "type": "json" }],
        "model": "honest",
        "usage": usage,
    })
}

fn honest_json(request: Value) -> Value {
    let answer = honest_answer(&ChatRequest::new(request));
    serde_json::from_str(answer.content()).unwrap_or_default()
}

type Cells = (usize, Option<String>, Option<String>);

fn rows(cells: Vec<Cells>) -> Result<Rows> {
    let rows = cells
        .into_iter()
        .map(|(position, value, error)| vec![Some(position.to_string()), value, error])
        .collect();
    Rows::new(["POSITION", "VALUE", "ERROR"], rows, Some("query-1".into()))
}

fn models() -> Result<Rows> {
    let model =
        |name: &str, status: &str| vec![Some(name.to_owned()), Some(status.to_owned()), None];
    Rows::new(
        ["name", "lifecycle_status", "eol_date"],
        vec![
            model("CLAUDE-HAIKU-4-5", "ACTIVE"),
            model("LLAMA3.3-70B", "ACTIVE"),
            model("SNOWFLAKE-ARCTIC-EMBED-L-V2.0", "ACTIVE"),
            model("MISTRAL-LARGE2", "LEGACY"),
            model("CLAUDE-4-SONNET", "EOL"),
        ],
        None,
    )
}

fn refusal(kind: ErrorKind, words: &str) -> Error {
    Error::of_fault(
        kind,
        SqlFault {
            code: Some("100351".to_owned()),
            query_id: Some("query-1".to_owned()),
            message: words.to_owned(),
            remedy: Remedy::GiveUp,
        },
    )
}
