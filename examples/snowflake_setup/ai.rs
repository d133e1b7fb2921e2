//! Has calls read within Snowflake: the same question as a client's, by the same settings.

use std::process::ExitCode;

use gong_snowflake::Settings;
use gong_snowflake::cortex::sql::CortexSqlConfig;
use gong_snowflake::snowflake_sql::Identifier;
use gong_snowflake::snowflake_store::{ReaderInDatabase, SnowflakeStore};

use super::shared;

/// Makes the reader that `CORTEX_…` describes the one that is on.
pub(super) async fn apply(store: &SnowflakeStore, settings: &Settings) -> ExitCode {
    let warehouse = settings
        .snowflake
        .warehouse
        .as_deref()
        .map(str::parse::<Identifier>);
    let warehouse = match warehouse {
        Some(Ok(warehouse)) => warehouse,
        Some(Err(error)) => return shared::fail(&error, 2),
        None => {
            eprintln!("SNOWFLAKE_WAREHOUSE is not set: the task that asks needs one");
            return ExitCode::from(2);
        }
    };
    let config = CortexSqlConfig::from_variables(|name| Ok(settings.variable(name)));
    let question = config.and_then(|config| config.question_in_database());
    let question = match question {
        Ok(question) => question,
        Err(error) => return shared::fail(&error, 2),
    };
    let reader = ReaderInDatabase {
        reader: question.reader,
        before: question.before,
        after: question.after,
        parameters: question.parameters,
        response_format: question.response_format,
        pending: question.pending,
        most_sentences: question.most_sentences,
    };
    if let Err(error) = store.set_reader_in_database(&reader, &warehouse).await {
        return shared::fail(&error, 1);
    }
    shared::say(format_args!(
        "calls are read by {} as {}, up to {} sentences, once somebody runs\n\
         ALTER TASK GONG_AI_READ_TASK RESUME;",
        reader.reader.model, reader.reader.backend, reader.most_sentences
    ));
    ExitCode::SUCCESS
}
