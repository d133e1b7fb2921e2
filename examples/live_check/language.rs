//! Models: one small prompt for each function.

use std::sync::Arc;

use gong_snowflake::Settings;
use gong_snowflake::cortex::rest::{CortexRest, EndpointConfig};
use gong_snowflake::cortex::sql::{CortexSql, CortexSqlConfig};
use gong_snowflake::cortex::{ClassifyRequest, CompletionRequest, Error, LanguageBackend, Outcome};
use gong_snowflake::snowflake_sql::SnowflakePool;

use super::report::{Checks, is_set};

const SENTENCE: &str = "We like it, but the price is above our budget.";

pub(super) async fn by_sql(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("cortex_sql");
    if !is_set(&settings, "SNOWFLAKE_ACCOUNT") {
        return checks.without("SNOWFLAKE_ACCOUNT");
    }
    let Ok(config) = super::snowflake::config(&settings) else {
        return checks; // `snowflake.settings` has said it.
    };
    let pool = Arc::new(SnowflakePool::new(config));
    let functions = CortexSqlConfig::from_variables(|name| Ok(settings.variable(name)));
    match functions.and_then(|functions| CortexSql::new(pool, functions)) {
        Ok(backend) => ask_all(&backend, checks).await,
        Err(error) => {
            checks.failed("settings", &error);
            checks
        }
    }
}

pub(super) async fn by_rest(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("endpoint");
    if !is_set(&settings, "CORTEX_BASE_URL") {
        return checks.without("CORTEX_BASE_URL");
    }
    let endpoint = EndpointConfig::from_variables(|name| Ok(settings.variable(name)));
    match endpoint.and_then(CortexRest::new) {
        Ok(backend) => ask_all(&backend, checks).await,
        Err(error) => {
            checks.failed("settings", &error);
            checks
        }
    }
}

async fn ask_all(backend: &dyn LanguageBackend, mut checks: Checks) -> Checks {
    let texts = [SENTENCE.to_owned()];
    let model = backend.provenance().model;
    let tone = one(backend.sentiment(&texts).await);
    checks.tell("sentiment", tone, |tone| {
        format!("{:.2} by {}", tone.sentiment.score, tone.by.model)
    });
    let vector = one(backend.embed(&texts).await);
    checks.tell("embed", vector, |vector| {
        format!("{} numbers by {}", vector.dim(), vector.model)
    });
    let labels = ["price", "timing"].map(str::to_owned).to_vec();
    let request = ClassifyRequest {
        text: SENTENCE.to_owned(),
        labels,
    };
    let label = one(backend.classify(&[request]).await);
    checks.tell("classify", label, |label| label.label.clone());
    let prompt = CompletionRequest {
        prompt: "Answer with the word yes.".to_owned(),
        system: None,
        schema: None,
        max_tokens: Some(16),
    };
    let free = one(backend.complete(std::slice::from_ref(&prompt)).await);
    checks.tell("complete", free, |free| {
        format!("{} characters by {model}", free.text.chars().count())
    });
    let structured = CompletionRequest {
        schema: Some(serde_json::json!({
            "type": "object",
            "properties": {"word": {"type": "string"}},
            "required": ["word"],
            "additionalProperties": false,
        })),
        max_tokens: Some(64),
        ..prompt
    };
    let structured = one(backend.complete(&[structured]).await);
    checks.tell("complete_structured", structured, |answer| {
        format!("a value of the schema: {}", answer.value.is_some())
    });
    checks
}

/// The outcome of a batch of one.
fn one<T>(outcomes: Result<Vec<Outcome<T>>, Error>) -> Result<T, Error> {
    let missing = || {
        let kind = gong_snowflake::resilience::ErrorKind::Decode;
        Error::new(kind, "no answer came")
    };
    outcomes?.pop().ok_or_else(missing)?
}
