//! Both backends over HTTP keep the contract of `LanguageBackend`, on doubles with an
//! honest model.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::endpoint;

use std::sync::Arc;

use cortex::rest::{CortexRest, OpenAiCompatible};
use cortex::{LanguageBackend, ReadingSettings};
use testkit::conformance::language::LanguageFixture;
use testkit::language_server::LanguageServer;

/// Small limits, so that the suite crosses them with few requests.
fn fixture<B: LanguageBackend>(
    server: LanguageServer,
    make: impl FnOnce(cortex::rest::EndpointConfig) -> B,
) -> (LanguageFixture, ()) {
    server.refuse_text("#invalid");
    let config = endpoint::config(&server)
        .with_embedding_texts(7)
        .with_texts_per_prompt(4);
    let server = Arc::new(server);
    let fixture = LanguageFixture::new(make(config))
        .counting(move || server.requests().len() as u64)
        .failing_on("#invalid")
        .with_longest_text(60_000);
    (fixture, ())
}

async fn cortex_rest() -> (LanguageFixture, ()) {
    fixture(endpoint::snowflake().await, |config| {
        CortexRest::new(config).unwrap()
    })
}

async fn openai_compatible() -> (LanguageFixture, ()) {
    fixture(endpoint::openai().await, |config| {
        let reading = ReadingSettings::default().with_context_tokens(20_000);
        let config = config.with_streaming(false).with_chunk_tokens(500);
        OpenAiCompatible::new(config.with_reading(reading)).unwrap()
    })
}

testkit::language_backend_suite!(cortex_over_rest, cortex_rest);
testkit::language_backend_suite!(compatible_endpoint, openai_compatible);
