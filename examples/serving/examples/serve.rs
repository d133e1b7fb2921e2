//! Serves the tasks of the agents over HTTP.
//!
//! ```sh
//! export GONG_SNOWFLAKE_TOKEN=$(openssl rand -hex 32)
//! cargo run --release --example serve -- --store sqlite:calls.db
//! curl -H "Authorization: Bearer $GONG_SNOWFLAKE_TOKEN" -H 'Content-Type: application/json' \
//!   -d '{"task_type":"team_overview"}' http://127.0.0.1:8080/tasks
//! ```
//!
//! `GET /openapi.json` describes it all; docs/serving.md says how to run it. The first line on
//! stderr tells the address. SIGTERM and SIGINT let tasks under way finish.
//!
//! Exit codes: 0, stopped; 1, the address or the store failed, or answers were cut off; 2, a
//! setting is wrong.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use serving::{
    Failed, LimitArguments, Limits, Listening, Meters, StoreArguments, Tasks, TokenArguments,
};

/// Serves the tasks of the agents over HTTP. Callers show the token in GONG_SNOWFLAKE_TOKEN.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
    /// Address and port; port 0 takes any that is free. Default: 127.0.0.1:8080.
    #[arg(long)]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    limits: LimitArguments,
    #[command(flatten)]
    token: TokenArguments,
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
    let settings = arguments.limits.onto(arguments.store.settings());
    let settings = settings.with_option("serve.listen", arguments.listen, "--listen");
    let settings = serving::load(settings).await?;
    let limits = Limits::of(&settings);
    let bearer = arguments.token.bearer(&settings, settings.serve.listen)?;
    let tasks = Arc::new(Tasks::open(&settings).await?);
    let listening = Listening::on(settings.serve.listen).await?;
    let address = listening.address();
    let stop = serving::stop_signal();
    let _ = writeln!(std::io::stderr(), "listening on http://{address}");
    let router = serving::router(Arc::clone(&tasks), bearer, limits, Meters::install()?);
    listening.serve(router, stop, limits.grace()).await
}
