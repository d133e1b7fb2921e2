//! A double of Cortex's functions: a pool of sessions that answers statements about
//! models, by the name of the statement and its values.
//!
//! It follows Snowflake's documentation in what makes naive clients fail: functions
//! that report bad rows separately, functions that raise on the first one, models
//! that answer every row with NULL, inputs too long for a function, and the
//! shapes of replies. Models are
//! [honest](crate::language_server::honest_answer). The texts of refusals are ours: the
//! documentation shows almost none.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use resilience::ErrorKind;
use serde_json::Value;
use snowflake_sql::{
    Error, Remedy, Result, Rows, SessionCapabilities, SqlFault, SqlPool, SqlSession, Statement,
};

mod functions;

use crate::language_server::{ChatRequest, ModelAnswer, honest_answer};
use functions::{Model, inputs, most_tokens, text_of, tokens, value};

/// What the account does to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CortexFault {
    /// Nothing: the statement is answered as usual.
    Passes,
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
pub struct CortexSqlDouble {
    statements: AtomicU64,
    refused: Option<String>,
    raises_always: bool,
    models: Vec<(String, String)>,
    allowlist: String,
    model: Mutex<Model>,
    faults: Mutex<Vec<CortexFault>>,
    log: Mutex<Vec<Statement>>,
}

impl Default for CortexSqlDouble {
    fn default() -> Self {
        let model = |name: &str, status: &str| (name.to_owned(), status.to_owned());
        Self {
            statements: AtomicU64::new(0),
            refused: None,
            raises_always: false,
            models: vec![
                model("LLAMA3.1-8B", "GA"),
                model("CLAUDE-HAIKU-4-5", "GA"),
                model("LLAMA3.3-70B", "GA"),
                model("SNOWFLAKE-ARCTIC-EMBED-L-V2.0", "GA"),
                model("E5-BASE-V2", "EOL"),
                model("MISTRAL-LARGE2", "LEGACY"),
                model("CLAUDE-4-SONNET", "EOL"),
            ],
            allowlist: "None".to_owned(),
            model: Mutex::new(Box::new(honest_answer)),
            faults: Mutex::default(),
            log: Mutex::default(),
        }
    }
}

impl fmt::Debug for CortexSqlDouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CortexSqlDouble")
            .field("statements", &self.statements)
            .finish_non_exhaustive()
    }
}

impl CortexSqlDouble {
    /// Answers everything that is not too long for its function.
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

    /// An account without the behaviour change of bundle 2026_02: every function but
    /// TRY_COMPLETE raises on the first bad row.
    #[must_use]
    pub fn raising(mut self) -> Self {
        self.raises_always = true;
        self
    }

    /// What `SHOW CORTEX BASE MODELS` lists: names and life cycles (`GA`, `PUPR`, `PRPR`, `LEGACY`,
    /// `EOL`).
    #[must_use]
    pub fn offering<'a>(mut self, models: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, status): (&str, &str)| (name.to_owned(), status.to_owned());
        self.models = models.into_iter().map(owned).collect();
        self
    }

    /// What `CORTEX_MODELS_ALLOWLIST` is: `All`, `None` (as it is by default here) or names with
    /// commas between them; an empty text where the role is not told.
    #[must_use]
    pub fn allowing(mut self, list: impl Into<String>) -> Self {
        self.allowlist = list.into();
        self
    }

    /// Who answers AI_COMPLETE and TRY_COMPLETE from now on.
    pub fn when_asked(&self, model: impl Fn(&ChatRequest) -> ModelAnswer + Send + Sync + 'static) {
        *self.model() = Box::new(model);
    }

    /// What befalls the next statements, one each; listing models is not among them.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = CortexFault>) {
        self.faults().extend(faults);
    }

    /// Statements so far that are paid for.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// All statements, in order.
    pub fn log(&self) -> Vec<Statement> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.clone()
    }

    /// The texts of the rows of the statements that are paid for, in order.
    pub fn asked(&self) -> Vec<String> {
        let log = self.log();
        let paid = log
            .iter()
            .filter(|statement| !statement.name().starts_with("models"));
        paid.flat_map(inputs).map(|input| text_of(&input)).collect()
    }

    fn faults(&self) -> MutexGuard<'_, Vec<CortexFault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why a function cannot do an input.
    fn complaint(&self, statement: &Statement, input: &str) -> Option<String> {
        let refused = self.refused.as_deref();
        if refused.is_some_and(|words| input.contains(words)) {
            return Some("the input is refused".to_owned());
        }
        let most = most_tokens(statement);
        let tokens = tokens(input);
        (tokens > most)
            .then(|| format!("input has {tokens} tokens and exceeds the limit of {most} tokens"))
    }

    fn answer(&self, statement: &Statement) -> Result<Rows> {
        let inputs = inputs(statement);
        let complaint = |input: &Value| self.complaint(statement, &text_of(input));
        if self.raises(statement.name()) && inputs.iter().any(|input| complaint(input).is_some()) {
            // What the session's errors keep: no words from the first colon on.
            let function = statement.name().to_uppercase();
            let words = format!(
                "Request failed for external function {function} with remote service error \u{2026}"
            );
            return Err(refusal(ErrorKind::InvalidInput, &words));
        }
        let row = |(position, input): (usize, &Value)| match complaint(input) {
            None => (
                position,
                Some(value(statement, input, &self.model()).to_string()),
                None,
            ),
            Some(_) if statement.name() == "legacy_complete" => (position, None, None),
            words => (position, None, words),
        };
        rows(inputs.iter().enumerate().map(row).collect())
    }

    /// Whether a function raises on the first bad row.
    fn raises(&self, name: &str) -> bool {
        match name {
            "legacy_complete" => false,
            "ai_sentiment" | "ai_complete" | "ai_complete_structured" | "ai_classify" => {
                self.raises_always
            }
            _ => true,
        }
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
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(statement.clone());
        drop(log);
        if statement.name() == "models" {
            // Elsewhere than in their schema, a session with a database is shown none.
            let text = statement.text().as_str();
            let are_shown = text.contains("IN SCHEMA SNOWFLAKE.MODELS");
            return models(if are_shown { &self.models } else { &[] });
        }
        if statement.name() == "models_allowlist" {
            let value = Some(self.allowlist.clone());
            return Rows::new(["value"], vec![vec![value]], None);
        }
        self.statements.fetch_add(1, Ordering::Relaxed);
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
                let row = |(at, input): (usize, &Value)| {
                    (
                        at,
                        Some(value(statement, input, &self.model()).to_string()),
                        None,
                    )
                };
                rows(kept.map(row).collect())
            }
            None | Some(CortexFault::Passes) => self.answer(statement),
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

type Cells = (usize, Option<String>, Option<String>);

fn rows(cells: Vec<Cells>) -> Result<Rows> {
    let rows = cells
        .into_iter()
        .map(|(position, value, error)| vec![Some(position.to_string()), value, error])
        .collect();
    Rows::new(["POSITION", "VALUE", "ERROR"], rows, Some("query-1".into()))
}

fn models(models: &[(String, String)]) -> Result<Rows> {
    let row = |(name, status): &(String, String)| {
        let end = (status != "GA").then(|| "2026-10-14".to_owned());
        vec![Some(name.clone()), Some(status.clone()), end]
    };
    Rows::new(
        ["name", "lifecycle_status", "eol_date"],
        models.iter().map(row).collect(),
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
