//! HTTP as every client of an outside system needs it, written once.
//!
//! Each client keeps the content of its requests and the meaning of a status. What all of
//! them share is here, so it cannot drift apart:
//!
//! - [`HttpSettings`]: timeouts, the largest reply, user agent, private certificate
//!   authorities; [`http_settings!`] gives a configuration the setters.
//! - [`HttpClient`]: no redirects, no proxy on loopback, bounded [replies](Reply),
//!   a [`tracing`] span per request, [`ClientStats`], errors that say
//!   what is wrong with a certificate.
//! - [`Token`], [`TokenSource`], [`Tokens`]: how a request authenticates, where the
//!   next token comes from, and keeping tokens out of a server's echoed words.
//! - [`parse_base_url`]: which addresses may receive a token.
//! - [`Variables`]: settings from the environment.
//!
//! ```no_run
//! use outbound::{Attempts, Error, HttpClient, HttpSettings, Result, Token, TokenKind, Tokens};
//! use resilience::{ErrorKind, RetryPolicy};
//!
//! # async fn example() -> Result<()> {
//! let base = outbound::parse_base_url("https://api.example.com", "https://api.example.com")
//!     .map_err(|why| Error::config("base_url", why.to_string()))?;
//! let http = HttpClient::new("example", &base, &HttpSettings::default())?;
//! let tokens = Tokens::from(Token::new(TokenKind::Plain, "SECRET")?);
//! let attempts = Attempts::of("/things");
//! let attempt = || tokens.attempt(|token| things(&http, &base, &attempts, token));
//! let things = http.retry(&RetryPolicy::default(), &attempts, attempt).await?;
//! # drop(things);
//! # Ok(())
//! # }
//!
//! async fn things(
//!     http: &HttpClient,
//!     base: &url::Url,
//!     attempts: &Attempts<'_>,
//!     token: Token,
//! ) -> Result<Vec<u8>> {
//!     let request = http.get(outbound::address(base, "/things"));
//!     let request = request.header("authorization", token.header()?);
//!     let mut reply = http.send(attempts, request).await?;
//!     match reply.status() {
//!         200 => reply.whole().await,
//!         401 => Err(Error::new(ErrorKind::Auth, "the token is refused")),
//!         _ => Err(Error::new(ErrorKind::Transient, "try again")),
//!     }
//! }
//! ```
//!
//! | feature | what it adds |
//! |---|---|
//! | `http` (default) | the client; without it no HTTP library is compiled |
//! | `uploads` | bodies that are streamed, and forms with files |
//! | `aws-lc` | TLS by aws-lc in place of ring; a program can also install a provider of its own |
//! | `mocks` | a `mockall` mock of [`TokenSource`], for the tests of other crates |
#![warn(missing_docs)]

mod address;
#[cfg(feature = "http")]
mod client;
#[cfg(feature = "http")]
mod connection_failure;
#[cfg(feature = "http")]
mod counters;
#[cfg(feature = "http")]
mod cryptography;
mod echo;
#[cfg(feature = "http")]
mod reply;
#[cfg(feature = "http")]
mod retry_after;
#[cfg(feature = "http")]
mod settings;
mod text;
mod token;
mod tokens;
mod variables;

pub use address::{BaseUrlError, address, check_base_url, is_loopback, parse_base_url};
#[cfg(feature = "http")]
pub use client::{Attempts, HttpClient};
#[cfg(feature = "http")]
pub use counters::ClientStats;
pub use echo::gives_away;
#[cfg(feature = "http")]
pub use reply::Reply;
#[cfg(feature = "http")]
pub use settings::HttpSettings;
pub use text::{identifier, printable};
#[cfg(feature = "mocks")]
pub use token::MockTokenSource;
pub use token::{Token, TokenKind, TokenSource};
pub use tokens::Tokens;
pub use variables::{Variables, found, variable};
#[cfg(feature = "http")]
pub use {bytes, reqwest};

// What signatures here show, so that a program needs no other crate for it.
pub use resilience::{self, ErrorKind, RetryPolicy};
pub use secrecy::{self, SecretString};
pub use url::{self, Url};

resilience::error_type! {
    /// What went wrong with a request, a token or a setting.
    pub struct Error;
}

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;
