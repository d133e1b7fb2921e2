//! Models: one small prompt for each function.

use std::sync::Arc;

use gong_snowflake::Backend;
use gong_snowflake::cortex::{ClassifyRequest, CompletionRequest, Error, LanguageBackend, Outcome};

use super::report::{Checks, is_set};

const SENTENCE: &str = "We like it, but the price is above our budget.";

pub(super) async fn by_sql() -> Checks {
    let checks = Checks::new("cortex_sql");
    match is_set("SNOWFLAKE_ACCOUNT") {
        true => ask_all(Backend::CortexSql, checks).await,
        false => checks.without("SNOWFLAKE_ACCOUNT"),
    }
}

pub(super) async fn by_rest() -> Checks {
    let checks = Checks::new("endpoint");
    match is_set("CORTEX_BASE_URL") {
        true => ask_all(Backend::CortexRest, checks).await,
        false => checks.without("CORTEX_BASE_URL"),
    }
}

async fn ask_all(backend: Backend, mut checks: Checks) -> Checks {
    let backend: Arc<dyn LanguageBackend> = match backend.open() {
        Ok(backend) => backend,
        Err(error) => {
            checks.failed("settings", &error);
            return checks;
        }
    };
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
