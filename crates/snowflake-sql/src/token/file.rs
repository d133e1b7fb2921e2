//! A token in a file that another program keeps current.

use std::path::PathBuf;

use async_trait::async_trait;
use outbound::{Error, Result, Token, TokenKind, TokenSource};

/// A token in a file that something else keeps fresh, such as `/snowflake/session/token`
/// in Snowpark Container Services, or what a sidecar writes. It is read whenever a token
/// is asked for; white space around it is left out.
#[derive(Debug, Clone)]
pub struct TokenFile {
    kind: TokenKind,
    path: PathBuf,
}

impl TokenFile {
    /// A file whose text is a token of a kind. Nothing is read yet.
    pub fn new(kind: TokenKind, path: impl Into<PathBuf>) -> Self {
        Self {
            kind,
            path: path.into(),
        }
    }
}

#[async_trait]
impl TokenSource for TokenFile {
    /// # Errors
    /// `Config` on the field `token_file` when there is no file or no token in it.
    async fn token(&self) -> Result<Token> {
        // A few hundred bytes: not worth a thread.
        let text = std::fs::read_to_string(&self.path)
            .map_err(|error| Error::config("token_file", format!("cannot be read: {error}")))?;
        Token::new(self.kind, text.trim()).map_err(|error| error.with_field("token_file"))
    }
}
