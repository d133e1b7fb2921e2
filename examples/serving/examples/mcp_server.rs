//! Serves the tasks of the agents as tools of the Model Context Protocol.
//!
//! ```sh
//! cargo run --release --example mcp_server -- --store sqlite:calls.db
//! ```
//!
//! On stdio by default: a client starts the program, and stdout carries the protocol alone.
//! `--http ADDRESS` serves streamable HTTP at `/mcp` for those who show the token in
//! `GONG_SNOWFLAKE_TOKEN`; the first line on stderr tells the address then. docs/serving.md
//! has the settings of clients.
//!
//! Exit codes: 0, stopped, or the client is gone; 1, the address or the store failed, or
//! answers were cut off; 2, a setting is wrong.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use gong_snowflake::Settings;
use rmcp::service::serve_server_with_ct;
use rmcp::transport::stdio_pipes;
use serving::{
    Failed, LimitArguments, Limits, Listening, StoreArguments, Tasks, TokenArguments, Tools,
};
use tokio_util::sync::CancellationToken;

/// Serves the tasks of the agents as tools of the Model Context Protocol.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
    /// Serves streamable HTTP on this address, at /mcp, in place of stdio.
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,
    /// A name under which clients reach this service, such as calls.example.com; loopback
    /// names when none is given.
    #[arg(long, value_name = "NAME", requires = "http")]
    allow_host: Vec<String>,
    /// The origin of a page that may use this service, such as https://chat.example.com:443;
    /// none when none is given.
    #[arg(long, value_name = "ORIGIN", requires = "http")]
    allow_origin: Vec<String>,
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
    let settings = serving::load(settings).await?;
    match arguments.http {
        Some(address) => on_http(arguments, &settings, address).await,
        None => on_stdio(&settings).await,
    }
}

async fn on_stdio(settings: &Settings) -> Result<(), Failed> {
    let tasks = Arc::new(Tasks::open(settings).await?);
    let tools = Tools::new(Arc::clone(&tasks));
    let stop = CancellationToken::new();
    let serving = async {
        let service = serve_server_with_ct(tools, stdio_pipes(), stop.clone()).await;
        let service = service.map_err(|error| Failed::new(1, error))?;
        service
            .waiting()
            .await
            .map_err(|error| Failed::new(1, error))
    };
    let served = tokio::select! {
        ended = serving => ended.map(drop),
        () = serving::stop_signal() => Ok(()),
    };
    tasks.shutdown().await;
    served
}

async fn on_http(
    arguments: &Arguments,
    settings: &Settings,
    address: SocketAddr,
) -> Result<(), Failed> {
    if arguments.allow_host.is_empty() && !address.ip().is_loopback() {
        let advice = "--allow-host must say under which name clients reach this service";
        return Err(Failed::new(2, advice));
    }
    let limits = Limits::of(settings);
    let bearer = arguments.token.bearer(settings, address)?;
    let tasks = Arc::new(Tasks::open(settings).await?);
    let listening = Listening::on(address).await?;
    let address = listening.address();
    let signal = serving::stop_signal();
    let _ = writeln!(std::io::stderr(), "listening on http://{address}/mcp");
    let stop = CancellationToken::new();
    let tools = Tools::new(Arc::clone(&tasks));
    let (hosts, origins) = (arguments.allow_host.clone(), arguments.allow_origin.clone());
    let router = serving::mount(tools, bearer, hosts, origins, stop.clone());
    let asked_to_stop = async {
        signal.await;
        // Streams would stay open until their clients go.
        stop.cancel();
    };
    let served = listening.serve(router, asked_to_stop, limits.grace()).await;
    tasks.shutdown().await;
    served
}
