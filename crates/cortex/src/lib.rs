//! Language backends behind one trait: sentiment, summaries, vectors, labels, findings.
//!
//! The rest of the workspace calls [`LanguageBackend`]. Its implementations are
//! interchangeable, and [`Hybrid`] combines two into one.
//!
//! | backend | needs | cannot |
//! |---|---|---|
//! | [`LocalLanguage`] | nothing | write text |
//! | [`sql::CortexSql`] | a Snowflake account and a warehouse | |
//! | [`rest::CortexRest`] | a Snowflake account | |
//! | [`rest::OpenAiCompatible`] | an endpoint, such as Ollama's | |
//! | [`Hybrid`] | two backends | what neither can |
//!
//! [`grounding`] checks what a generative model says against the conversation.
//! [`search`] ranks passages of a transcript for a question. [`jsonl`] serves a backend
//! over lines of JSON.
//!
//! ```
//! use cortex::{ExtractRequest, FindingKind, LanguageBackend, LocalLanguage, Utterance};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> cortex::Result<()> {
//! let language = LocalLanguage::new();
//! let request = ExtractRequest {
//!     utterances: vec![
//!         Utterance::of("Could you send us the proposal?"),
//!         Utterance::of("Sure, I'll email it to you by Friday."),
//!     ],
//!     wanted: vec![FindingKind::Commitment],
//!     competitors: Vec::new(),
//! };
//! for outcome in language.extract(&[request]).await? {
//!     let found = outcome?.findings;
//!     assert_eq!((found[0].utterance, found[0].phrase.as_str()), (1, "I'll email"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! | feature | default | what |
//! |---|---|---|
//! | `local` | yes | [`LocalLanguage`] |
//! | `rest` | no | [`rest`]: Cortex over REST, and endpoints in OpenAI's shape |
//! | `sql` | no | [`sql`]: Cortex's functions in SQL |
//! | `generative` | with `rest` and `sql` | [`grounding`] and the prompts |
//! | `model2vec` | no | `Model2Vec`: vectors of model2vec files that the user brings |
//! | `mocks` | no | `MockLanguageBackend`, for the tests of other crates |
#![warn(missing_docs)]
// What backends share has callers in the full build, where the lints look.
#![cfg_attr(
    not(all(feature = "local", feature = "rest", feature = "sql")),
    allow(dead_code, unused_imports)
)]

#[cfg(feature = "local")]
pub mod answering;
mod backend;
mod capabilities;
mod embedding;
#[cfg(feature = "generative")]
mod embedding_models;
mod encoder;
mod error;
#[cfg(feature = "generative")]
mod generative;
mod hybrid;
pub mod jsonl;
#[cfg(feature = "local")]
mod local;
mod model;
mod outcomes;
pub mod redaction;
#[cfg(feature = "rest")]
pub mod rest;
pub mod search;
mod single;
#[cfg(feature = "sql")]
pub mod sql;
mod text;
pub mod usage;
#[cfg(any(feature = "local", feature = "generative"))]
mod version;

pub use backend::LanguageBackend;
#[cfg(feature = "mocks")]
pub use backend::MockLanguageBackend;
pub use capabilities::{Capabilities, Method};
pub use embedding::Embedding;
pub use error::{Error, Outcome, Result};
#[cfg(feature = "generative")]
pub use generative::{ReadingCriteria, ReadingSettings, grounding};
pub use hybrid::{Attributed, AttributedMethods, Hybrid};
#[cfg(feature = "model2vec")]
pub use local::Model2Vec;
#[cfg(feature = "local")]
pub use local::{
    DetectedLanguage, LocalLanguage, ReadingModel, TextEncoder, detect_language, trackers,
};
pub use model::{
    Classification, ClassifyRequest, Completion, CompletionRequest, ExtractRequest, Extraction,
    Finding, FindingKind, LabelScore, Summary, SummaryRequest, TextSentiment, Utterance,
};
pub use single::LanguageBackendExt;

// What signatures here show, so that a program needs no other crate for it.
pub use calls;
#[cfg(feature = "generative")]
pub use outbound;
pub use resilience::{self, ErrorKind, RetryPolicy};
#[cfg(feature = "sql")]
pub use snowflake_sql;
