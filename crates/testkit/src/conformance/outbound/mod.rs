//! What every HTTP client of this workspace does the same way, whatever it requests.
//!
//! A client describes itself as an [`OutboundClient`], and [`run`] checks that it follows no
//! redirects, limits endless replies, retries truncated ones, gives up on silence,
//! survives any `Retry-After`, trusts a private certificate authority if its settings or
//! `SSL_CERT_FILE` name one, otherwise says what is wrong with a certificate, repeats no
//! secret, sends its user agent, puts a span around each request, and bypasses proxies on
//! loopback only.
#![allow(clippy::expect_used, clippy::panic)] // a suite fails as tests do

mod authority;
mod bodies;
mod echoes;
mod proxy;
mod replies;
mod server;
mod spans;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use outbound::HttpSettings;
use resilience::{ErrorKind, Failure, RetryPolicy};

pub use server::Asked;

/// An error of any client.
pub type AnyFailure = Box<dyn Failure + Send + Sync>;

/// A client that the suite puts to the test.
#[async_trait]
pub trait OutboundClient: Send + Sync + 'static {
    /// What its spans call it.
    fn name(&self) -> &'static str;

    /// The secrets that it sends, and what they are made of: of 12 characters or more.
    fn secrets(&self) -> Vec<String>;

    /// What it asks for or where a listing goes on: no span and no log may hold it.
    fn private_words(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether it asks again after what passes; not what is used up by being asked for.
    fn retries(&self) -> bool {
        true
    }

    /// What a refusal with this status is, 400 or 403.
    fn refusal(&self, status: u16) -> ErrorKind {
        match status {
            400 => ErrorKind::InvalidInput,
            _ => ErrorKind::Permission,
        }
    }

    /// The body of the reply that it hopes for. `host` is where it asked, with the port.
    fn good_reply(&self, request: &Asked, host: &str) -> String;

    /// Makes a client with these settings, with [`retry_policy`] and without limits on its
    /// own side, and asks what takes a few requests at most.
    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure>;
}

/// Three attempts without noticeable waits; a longer `Retry-After` than a second is not
/// waited for.
pub fn retry_policy() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(3)
        .with_base(Duration::from_millis(1))
        .with_cap(Duration::from_millis(4))
        .with_longest_retry_after(Duration::from_secs(1))
        .with_total_budget(Duration::from_secs(5))
}

type Client = Arc<dyn OutboundClient>;

/// Runs the suite, in its own process whose variables name a proxy. `test` is the name
/// of the test that calls it, by which that process finds it again.
///
/// # Panics
/// As a test does.
pub async fn run(client: impl OutboundClient, test: &str) {
    let client: &Client = &(Arc::new(client) as Client);
    if let Some(trusted) = proxy::trusted_server() {
        replies::check(client).await;
        bodies::check(client).await;
        trust::check(client, &trusted).await;
        echoes::check(client).await;
        spans::check(client).await;
        proxy::leave_the_machine(client).await;
    } else {
        proxy::run_behind_one(client, test).await;
    }
}

/// Limits that no case waits for.
fn settings() -> HttpSettings {
    HttpSettings::default()
}

/// The error of a request that must fail.
async fn failure(
    client: &Client,
    base_url: &str,
    settings: HttpSettings,
    case: &str,
) -> AnyFailure {
    match client.ask(base_url, settings).await {
        Ok(()) => panic!("{}: {case}: must fail", client.name()),
        Err(error) => error,
    }
}

/// Runs a request that must succeed.
async fn success(client: &Client, base_url: &str, settings: HttpSettings, case: &str) {
    if let Err(error) = client.ask(base_url, settings).await {
        panic!("{}: {case}: {error:?}", client.name());
    }
}

/// An error with its causes, as it is shown and as it is debugged.
fn everything(error: &AnyFailure) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(&format!(" {next} {next:?}"));
        cause = next.source();
    }
    text
}
