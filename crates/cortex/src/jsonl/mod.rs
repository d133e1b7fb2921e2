//! A backend served over lines of JSON: one object in, one object out, in order.
//!
//! | task | in | out |
//! |---|---|---|
//! | `sentiment` | `{text}` | `{score, label, raw}` |
//! | `embed` | `{text}` | `{model, dim, vector}` |
//! | `summarize` | `{turns: [{speaker?, text}], max_words?}` | `{summary, sentences: [{turn, text}]}` |
//! | `questions`, `commitments` | `{text}` | `{score, is}` |
//! | `classify` | `{text, labels}` | `{label, scores: [{label, score}]}` |
//! | `search` | `{query, windows: [text], k?}` | `{ranked: [index]}` |
//! | `complete` | `{prompt, schema?}` | `{text}`, or `{value}` with a schema |
//! | `read` | a [`CallToRead`](calls::reading::CallToRead) | its [`Reading`](calls::reading::Reading), and `requests`, how many were sent for it |
//!
//! `id` may be any JSON value and comes back as it was written; without one it is
//! `null`. A line that cannot be done gives `{id, error: {code, message, field?}}`,
//! and the others are done all the same. `max_words` is 150 and `k` is 10 when left
//! out.

mod answer;
mod line;
mod request;
mod turns;

use crate::LanguageBackend;

/// What is asked of every line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Task {
    /// The tone of a text.
    Sentiment,
    /// The vector of a text.
    Embed,
    /// A summary of turns.
    Summarize,
    /// Whether a text is a question.
    Questions,
    /// Whether a text is a commitment.
    Commitments,
    /// The label that fits a text.
    Classify,
    /// The windows that a question is about.
    Search,
    /// What a generative model writes.
    Complete,
    /// What a call says.
    Read,
}

impl Task {
    /// Every task.
    pub const ALL: [Self; 9] = [
        Self::Sentiment,
        Self::Embed,
        Self::Summarize,
        Self::Questions,
        Self::Commitments,
        Self::Classify,
        Self::Search,
        Self::Complete,
        Self::Read,
    ];

    /// The task's name in the shell.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sentiment => "sentiment",
            Self::Embed => "embed",
            Self::Summarize => "summarize",
            Self::Questions => "questions",
            Self::Commitments => "commitments",
            Self::Classify => "classify",
            Self::Search => "search",
            Self::Complete => "complete",
            Self::Read => "read",
        }
    }

    /// Reads [`as_str`](Self::as_str)'s spelling.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.as_str() == name)
    }
}

/// Answers a batch of lines: one JSON object each, without a line end, in the order
/// of the lines. Never fails as a whole; what goes wrong is in the answers.
///
/// ```
/// use cortex::LocalLanguage;
/// use cortex::jsonl::{Task, answer_lines};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let lines = [r#"{"id":[1.0],"text":"Can you send it?"}"#, "{"];
/// let answers = answer_lines(&LocalLanguage::new(), Task::Questions, &lines).await;
/// assert_eq!(answers[0], r#"{"id":[1.0],"score":0.97,"is":true}"#);
/// assert!(answers[1].starts_with(r#"{"id":null,"error":{"code":"invalid_input","#));
/// # }
/// ```
pub async fn answer_lines<L: AsRef<[u8]>>(
    backend: &dyn LanguageBackend,
    task: Task,
    lines: &[L],
) -> Vec<String> {
    let lines: Vec<line::Line<'_>> = lines
        .iter()
        .map(|line| line::Line::read(line.as_ref()))
        .collect();
    match task {
        Task::Sentiment => answer::sentiment(backend, &lines).await,
        Task::Embed => answer::embed(backend, &lines).await,
        Task::Summarize => answer::summarize(backend, &lines).await,
        Task::Questions => answer::find(backend, &lines, crate::FindingKind::Question).await,
        Task::Commitments => answer::find(backend, &lines, crate::FindingKind::Commitment).await,
        Task::Classify => answer::classify(backend, &lines).await,
        Task::Search => answer::search(backend, &lines).await,
        Task::Complete => answer::complete(backend, &lines).await,
        Task::Read => answer::read(backend, &lines).await,
    }
}
