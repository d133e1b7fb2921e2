//! Receives the webhooks of a Gong automation rule, and syncs each call at once.
//!
//! ```sh
//! export GONG_BASE_URL=… GONG_ACCESS_KEY=… GONG_ACCESS_KEY_SECRET=…
//! export GONG_WEBHOOK_PUBLIC_KEY=MIIBIjAN…   # as the rule's dialog shows it
//! cargo run --release --example webhook -- --store sqlite:calls.db \
//!   --webhook-url https://example.com/gong --listen 127.0.0.1:8081
//! ```
//!
//! The rule signs what it sends ("Signed JWT header") and sends it to the URL, which a proxy
//! with a certificate hands on. A scheduled sync still finds what no webhook told of.
//!
//! Exit codes: 0, stopped; 1, the address or the store failed; 2, a setting is wrong.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use gong_snowflake::StoreLocation;
use gong_snowflake::gong_client::GongClient;
use gong_snowflake::gong_client::webhooks::WebhookVerifier;
use serving::{Failed, Listening};

/// Receives the webhooks of a Gong automation rule, and syncs each call at once.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where calls are stored: sqlite:PATH or snowflake.
    #[arg(long, default_value = "sqlite:gong-snowflake.db")]
    store: StoreLocation,
    /// The address that the rule calls.
    #[arg(long)]
    webhook_url: String,
    /// Address and port; port 0 takes any that is free.
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    serving::start_logging();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => failed.say(),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failed> {
    let public_key = std::env::var("GONG_WEBHOOK_PUBLIC_KEY").unwrap_or_default();
    let verifier = WebhookVerifier::new(&public_key, &arguments.webhook_url);
    let verifier = verifier.map_err(|error| Failed::new(2, error))?;
    let gong = GongClient::from_env().map_err(|error| Failed::new(2, error))?;
    let store = arguments.store.open().await;
    let store = store.map_err(|error| Failed::new(1, error))?;
    let path = path_of(&arguments.webhook_url);
    let (router, told) = serving::webhook(&path, verifier);
    let listening = Listening::on(arguments.listen).await?;
    let address = listening.address();
    let _ = writeln!(std::io::stderr(), "listening on http://{address}{path}");
    let syncing = tokio::spawn(told.sync(Arc::new(gong), store));
    let grace = Duration::from_secs(10);
    let served = listening.serve(router, serving::stop_signal(), grace).await;
    // The router is gone, so what is waiting is all that there is.
    let _ = tokio::time::timeout(grace, syncing).await;
    served
}

/// The path of an address, by which the proxy hands requests on.
fn path_of(url: &str) -> String {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    let path = after.split(['?', '#']).next().unwrap_or_default();
    path.find('/').map_or("/", |at| &path[at..]).to_owned()
}
