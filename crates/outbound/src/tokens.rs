//! The token in use, and how it is replaced.

use std::sync::Arc;

use resilience::{ErrorKind, Failure};
use tokio::sync::Mutex;

use crate::{Error, Result, Token, TokenSource};

/// The token that all requests of a client carry, and where the next one comes from.
#[derive(Debug)]
pub struct Tokens {
    source: Arc<dyn TokenSource>,
    current: Mutex<Current>,
}

/// The token, and how many came before it: requests that were refused together replace
/// it once.
#[derive(Debug, Default)]
struct Current {
    token: Option<Token>,
    number: u64,
}

impl From<Token> for Tokens {
    /// One token for all requests.
    fn from(token: Token) -> Self {
        Self::from(Arc::new(token) as Arc<dyn TokenSource>)
    }
}

impl From<Arc<dyn TokenSource>> for Tokens {
    /// Tokens of a source, which is asked before the first request.
    fn from(source: Arc<dyn TokenSource>) -> Self {
        Self {
            source,
            current: Mutex::default(),
        }
    }
}

impl Tokens {
    /// Tokens of a source that is not asked before this one is refused.
    pub fn beginning_with(token: Token, source: Arc<dyn TokenSource>) -> Self {
        let current = Current {
            token: Some(token),
            number: 0,
        };
        Self {
            source,
            current: Mutex::new(current),
        }
    }

    /// One attempt, and a second one with another token when the first fails with
    /// [`Auth`](ErrorKind::Auth) and the source has another. A second refusal is final.
    ///
    /// # Errors
    /// The attempt's and the source's.
    pub async fn attempt<T, E, Attempt>(&self, send: impl Fn(Token) -> Attempt) -> Result<T, E>
    where
        E: Failure + From<Error>,
        Attempt: Future<Output = Result<T, E>>,
    {
        let (token, number) = self.current().await?;
        match send(token.clone()).await {
            Err(refused) if refused.kind() == ErrorKind::Auth => {
                match self.other_than(&token, number).await? {
                    Some(other) => send(other).await,
                    None => Err(refused),
                }
            }
            outcome => outcome,
        }
    }

    async fn current(&self) -> Result<(Token, u64)> {
        let mut current = self.current.lock().await;
        let token = match &current.token {
            Some(token) => token.clone(),
            None => current.token.insert(self.source.token().await?).clone(),
        };
        Ok((token, current.number))
    }

    /// Another token than the refused one; `None` when there is none.
    async fn other_than(&self, refused: &Token, number: u64) -> Result<Option<Token>> {
        // Current while the source is asked: of many requests that are refused at once, one asks.
        let mut current = self.current.lock().await;
        if current.number == number {
            let token = self.source.token().await;
            let token = token.map_err(|error| error.context("renewing the token"))?;
            if token.is_same(refused) {
                return Ok(None);
            }
            *current = Current {
                token: Some(token),
                number: number + 1,
            };
        }
        Ok(current.token.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;

    use super::*;
    use crate::TokenKind;

    #[derive(Debug, Default)]
    struct Numbered(AtomicUsize);

    #[async_trait]
    impl TokenSource for Numbered {
        async fn token(&self) -> Result<Token> {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            Token::new(TokenKind::OAuth, format!("token-{number}"))
        }
    }

    /// Refuses all tokens but one.
    async fn only(good: &str, token: Token) -> Result<String> {
        use secrecy::ExposeSecret;
        tokio::task::yield_now().await;
        let secret = token.secret().expose_secret().to_owned();
        match secret == good {
            true => Ok(secret),
            false => Err(Error::new(ErrorKind::Auth, "refused")),
        }
    }

    #[tokio::test]
    async fn requests_that_are_refused_together_renew_once() {
        let source = Arc::new(Numbered::default());
        let tokens = Tokens::from(source.clone() as Arc<dyn TokenSource>);
        let ask = || tokens.attempt(|token| only("token-1", token));
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
        assert_eq!(source.0.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_second_refusal_is_final() {
        let source = Arc::new(Numbered::default());
        let tokens = Tokens::from(source.clone() as Arc<dyn TokenSource>);
        let outcome = tokens.attempt(|token| only("none", token));
        assert_eq!(outcome.await.unwrap_err().kind(), ErrorKind::Auth);
        assert_eq!(source.0.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn the_refused_token_is_not_sent_again() {
        let sent = AtomicUsize::new(0);
        let tokens = Tokens::from(Token::new(TokenKind::Plain, "same").unwrap());
        let outcome = tokens.attempt(|token| {
            sent.fetch_add(1, Ordering::SeqCst);
            only("other", token)
        });
        assert_eq!(outcome.await.unwrap_err().kind(), ErrorKind::Auth);
        assert_eq!(sent.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_source_is_not_asked_while_the_first_token_is_good() {
        let source = Arc::new(Numbered::default());
        let first = Token::new(TokenKind::OAuth, "first").unwrap();
        let tokens = Tokens::beginning_with(first, source.clone());
        let outcome = tokens.attempt(|token| only("first", token));
        assert_eq!(outcome.await.unwrap(), "first");
        assert_eq!(source.0.load(Ordering::SeqCst), 0);
    }
}
