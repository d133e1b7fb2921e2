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
use std::time::Duration;

use clap::Parser;
use gong_snowflake::StoreOptions;
use gong_snowflake::gong_client::webhooks::WebhookVerifier;
use serving::{Failed, Listening, StorePlace};

/// Receives the webhooks of a Gong automation rule, and syncs each call at once.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    place: StorePlace,
    /// The address that the rule calls, instead of GONG_WEBHOOK_URL.
    #[arg(long)]
    webhook_url: Option<String>,
    /// Address and port; port 0 takes any that is free. Default: 127.0.0.1:8081.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let _telemetry = serving::start_logging();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => failed.say(),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failed> {
    let settings = arguments.place.settings();
    let settings = settings
        .with_option(
            "webhook.url",
            arguments.webhook_url.as_ref(),
            "--webhook-url",
        )
        .with_option("webhook.listen", arguments.listen, "--listen");
    let settings = serving::load(settings).await?;
    let missing = |what: &str| Failed::new(2, what);
    let public_key = settings.webhook.public_key.as_deref();
    let public_key = public_key.ok_or_else(|| missing("GONG_WEBHOOK_PUBLIC_KEY is not set"))?;
    let no_url = || missing("GONG_WEBHOOK_URL is not set, and no --webhook-url is given");
    let url = settings.webhook.url.as_deref().ok_or_else(no_url)?;
    let verifier = WebhookVerifier::new(public_key, url);
    let verifier = verifier.map_err(|error| Failed::new(2, error))?;
    let gong = settings
        .gong_client()
        .map_err(|error| Failed::new(2, error))?;
    let store = settings.open_store(&StoreOptions::new("webhook")).await;
    let store = store.map_err(|error| Failed::new(1, error))?;
    let path = path_of(url);
    let (router, told) = serving::webhook(&path, verifier);
    let listening = Listening::on(settings.webhook.listen).await?;
    let address = listening.address();
    let _ = writeln!(std::io::stderr(), "listening on http://{address}{path}");
    let syncing = tokio::spawn(told.sync(gong, store));
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
