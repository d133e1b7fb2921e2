//! What a model writes for the caller's own prompts.

use boon::{Compiler, SchemaIndex, Schemas, UrlLoader};
use resilience::ErrorKind;
use serde_json::Value;

use super::answers::{Problem, ask, complete as complete_prompts};
use super::fence::json_line;
use super::schema::closed;
use super::text_model::{Answer, Prompt, TextModel};
use crate::{Completion, CompletionRequest, Error, Method, Outcome, Result};

/// The name under which a caller's schema is compiled; it leads nowhere.
const SCHEMA_LOCATION: &str = "cortex:///schema.json";

/// What the model writes for each prompt.
///
/// The prompt is the caller's and is sent as it is; who puts call text into it must
/// mark it as data. With a schema, the schema is added to the prompt, for the models
/// that are not held to one, and the answer is checked against it.
///
/// # Errors
/// For an item: `InvalidInput` on `schema` when it cannot be
/// [closed](super::schema::closed) or is not a valid schema, on `prompt` when it is blank.
/// `Decode` when it is left without a word, or with none that satisfies the schema;
/// `Config` on `max_tokens` when the limit of tokens left no room for one.
pub(crate) async fn complete(
    model: &dyn TextModel,
    requests: &[CompletionRequest],
) -> Result<Vec<Outcome<Completion>>> {
    let mut outcomes: Vec<Option<Outcome<Completion>>> = requests.iter().map(|_| None).collect();
    let (mut free, mut structured) = (Vec::new(), Vec::new());
    for (item, request) in requests.iter().enumerate() {
        match Asked::new(item, request) {
            Ok(asked) if asked.schema.is_none() => free.push(asked),
            Ok(asked) => structured.push(asked),
            Err(error) => outcomes[item] = Some(Err(error)),
        }
    }
    let prompts: Vec<Prompt> = free.iter().map(|asked| asked.prompt.clone()).collect();
    // An outer error means that nothing was answered, so it cannot wait for the others.
    let free_answers = complete_prompts(model, &prompts).await?;
    for (asked, answer) in free.into_iter().zip(free_answers) {
        outcomes[asked.item] = Some(answer.and_then(|answer| free_text(model, answer)));
    }
    let prompts: Vec<Prompt> = structured
        .iter()
        .map(|asked| asked.prompt.clone())
        .collect();
    let read = |at: usize, value: Value| {
        let schema = structured.get(at).and_then(|asked| asked.schema.as_ref());
        schema.map_or(Ok(()), |schema| schema.check(&value))?;
        Ok(value)
    };
    let values = ask(model, prompts, read).await;
    let values = match values {
        Ok(values) => values,
        Err(error) if outcomes.iter().flatten().any(Result::is_ok) => structured
            .iter()
            .map(|_| Err(crate::outcomes::copy_of(&error)))
            .collect(),
        Err(error) => return Err(error),
    };
    for (asked, value) in structured.iter().zip(values) {
        outcomes[asked.item] = Some(value.map(|value| Completion {
            text: value.to_string(),
            value: Some(value),
        }));
    }
    Ok(outcomes
        .into_iter()
        .map(|outcome| {
            let message = "a prompt was left out";
            outcome.unwrap_or_else(|| Err(Error::new(ErrorKind::Internal, message)))
        })
        .collect())
}

/// Up to the limit of tokens, a text is what was asked for; nothing at all is not.
fn free_text(model: &dyn TextModel, answer: Answer) -> Outcome<Completion> {
    if !answer.is_blank() {
        return Ok(Completion {
            text: answer.text,
            value: None,
        });
    }
    let name = model.name();
    Err(match answer.cut_off {
        true => {
            let message =
                format!("{name} used up its token limit on thinking before it wrote anything");
            Error::new(ErrorKind::Config, message).with_field("max_tokens")
        }
        false => Error::new(ErrorKind::Decode, format!("{name} wrote nothing")),
    })
}

struct Asked {
    item: usize,
    prompt: Prompt,
    schema: Option<Checker>,
}

impl Asked {
    fn new(item: usize, request: &CompletionRequest) -> Outcome<Self> {
        if request.prompt.trim().is_empty() {
            return Err(Error::new(ErrorKind::InvalidInput, "is blank").with_field("prompt"));
        }
        let mut user = request.prompt.clone();
        let (mut sent, mut schema) = (None, None);
        if let Some(original) = &request.schema {
            let closed = closed(original)?;
            user.push_str(
                "\n\nAnswer with one JSON object that satisfies this schema, and with \
                           nothing before or after it: ",
            );
            user.push_str(&json_line(&closed));
            schema = Some(Checker::new(original)?);
            sent = Some(closed);
        }
        Ok(Self {
            item,
            prompt: Prompt {
                method: Method::Complete,
                items: 1,
                system: request.system.clone(),
                user,
                schema: sent,
                max_tokens: request.max_tokens,
                correction: None,
            },
            schema,
        })
    }
}

/// The caller's schema, compiled.
struct Checker {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Checker {
    fn new(schema: &Value) -> Outcome<Self> {
        let refused = || {
            Error::new(ErrorKind::InvalidInput, "is not a valid JSON schema").with_field("schema")
        };
        let mut compiler = Compiler::new();
        compiler.use_loader(Box::new(NoDocuments));
        compiler
            .add_resource(SCHEMA_LOCATION, schema.clone())
            .map_err(|_| refused())?;
        let mut schemas = Schemas::new();
        let index = compiler
            .compile(SCHEMA_LOCATION, &mut schemas)
            .map_err(|_| refused())?;
        Ok(Self { schemas, index })
    }

    fn check(&self, value: &Value) -> Result<(), Problem> {
        self.schemas.validate(value, self.index).map_err(|error| {
            Problem::new("it does not satisfy the schema").told_to_model(error.to_string())
        })
    }
}

/// A schema refers to itself alone: nothing is read from files or the network.
struct NoDocuments;

impl UrlLoader for NoDocuments {
    fn load(&self, _: &str) -> Result<Value, Box<dyn std::error::Error>> {
        Err("a schema must not refer to other documents".into())
    }
}
