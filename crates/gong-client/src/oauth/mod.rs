//! Access by OAuth. For callers whose program acts for other companies.
//!
//! 1. Send an administrator of the company to [`OAuthApp::authorization_url`].
//! 2. Gong sends them back to your redirect address with a code, good for ten minutes:
//!    [`OAuthApp::exchange`] makes a [`Grant`] of it.
//! 3. Keep the grant in a [`TokenStore`] and let [`OAuthTokens`] renew it.
//!
//! An access token is good for a day. The token that renews it is good **once**: two tasks or
//! processes that use it at the same time lose the grant, and an administrator has to give it
//! again. That is why renewal happens under the store's lock, after another look at what is
//! stored, and why what is new is stored before it is used, even when the request that asked for
//! it is dropped meanwhile.
//!
//! Gong has no PKCE: the client secret, which never leaves your server, is what binds the code.
//!
//! ```no_run
//! # async fn example() -> gong_client::Result<()> {
//! use std::sync::Arc;
//! use gong_client::GongClient;
//! use gong_client::oauth::{FileTokenStore, OAuthApp, OAuthTokens};
//!
//! let app = OAuthApp::new("CLIENT_ID", "CLIENT_SECRET", "https://example.com/back")?;
//! println!("{}", app.authorization_url(&["api:calls:read:basic"], "STATE-OF-THIS-SESSION"));
//! let store = FileTokenStore::new("gong-tokens.json");
//! let tokens = Arc::new(OAuthTokens::new(app, store));
//! tokens.authorize("CODE").await?;
//! let gong = GongClient::new(tokens.config().await?)?;
//! # drop(gong);
//! # Ok(())
//! # }
//! ```

mod app;
mod grant;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod tokens;

pub use app::OAuthApp;
pub use grant::Grant;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteTokenStore;
pub use store::{FileTokenStore, MemoryTokenStore, TokenLock, TokenStore};
pub use tokens::OAuthTokens;
