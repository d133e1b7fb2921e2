//! A simulated Gong for any program: prints its URL and serves until standard
//! input closes.
//!
//! ```text
//! cargo run --release --example gong_simulator -- --synthetic 7
//! {"url":"http://127.0.0.1:40123","access_key":"simulator-key",…}
//! ```

use std::error::Error as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use resilience::ErrorKind;
use testkit::Error;
use testkit::gong::{
    BulkCalls, CursorKind, DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongLimits,
    GongSimulator, RandomFaults,
};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// Serves simulated Gong calls over HTTP on 127.0.0.1 until standard input closes.
#[derive(Parser)]
struct Arguments {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Calls from a file of {"call", "transcript"} lines, plain or gzip.
    #[arg(long, group = "source")]
    file: Option<PathBuf>,
    /// Synthetic sales calls with this seed (the default, with seed 1).
    #[arg(long, group = "source")]
    synthetic: Option<u64>,
    /// This many calls for load tests.
    #[arg(long, group = "source")]
    bulk: Option<usize>,
    /// Sentences of each bulk call.
    #[arg(long, default_value_t = 300, requires = "bulk")]
    sentences: usize,
    /// The instant that stands for now in synthetic and bulk calls, ISO 8601.
    #[arg(long)]
    anchor: Option<jiff::Timestamp>,
    /// Requests a second before 429; no limit by default.
    #[arg(long)]
    rate: Option<f64>,
    /// Requests a day before 429; no limit by default.
    #[arg(long)]
    daily: Option<u64>,
    /// Share of requests that fail, 0 to 1.
    #[arg(long)]
    fault_share: Option<f64>,
    /// Records a page.
    #[arg(long, default_value_t = 100)]
    page_size: usize,
    /// Cursors are page numbers, as Gong's are: calls that come or go shift pages.
    #[arg(long)]
    page_numbers: bool,
    /// Never compress replies.
    #[arg(long)]
    no_gzip: bool,
    /// Accepted access key.
    #[arg(long, default_value = DEFAULT_ACCESS_KEY)]
    key: String,
    /// Secret of the access key.
    #[arg(long, default_value = DEFAULT_ACCESS_KEY_SECRET)]
    secret: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match serve(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let cause = error
                .source()
                .map(|cause| format!(": {cause}"))
                .unwrap_or_default();
            eprintln!("gong_simulator: {error}{cause}");
            ExitCode::from(2)
        }
    }
}

async fn serve(arguments: &Arguments) -> Result<(), Error> {
    let simulator = start(arguments).await?;
    let ready = serde_json::json!({
        "url": simulator.url(),
        "access_key": arguments.key,
        "calls": arguments.bulk.unwrap_or_else(|| simulator.state().call_count()),
    });
    println!("{ready}");
    // On a thread of its own: reading standard input blocks.
    let closed =
        tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    let failed = |source: std::io::Error| {
        Error::new(ErrorKind::Internal, "cannot read standard input").with_source(source)
    };
    closed
        .await
        .map_err(std::io::Error::other)
        .and_then(|read| read)
        .map_err(failed)?;
    Ok(())
}

async fn start(arguments: &Arguments) -> Result<GongSimulator, Error> {
    let mut builder = GongSimulator::builder()
        .port(arguments.port)
        .access_key(&arguments.key, &arguments.secret)
        .page_size(arguments.page_size)
        .limits(GongLimits {
            requests_per_second: arguments.rate,
            requests_per_day: arguments.daily,
            ..GongLimits::default()
        });
    if arguments
        .rate
        .is_some_and(|rate| rate.is_nan() || rate <= 0.0)
    {
        return Err(Error::new(ErrorKind::Config, "must be above 0").with_field("rate"));
    }
    if let Some(share) = arguments.fault_share {
        if !(0.0..=1.0).contains(&share) {
            return Err(Error::new(ErrorKind::Config, "must be 0 to 1").with_field("fault-share"));
        }
        builder = builder.random_faults(RandomFaults::new(share, 1));
    }
    if arguments.page_numbers {
        builder = builder.cursor_kind(CursorKind::PageNumber);
    }
    let anchor = arguments.anchor.unwrap_or_else(jiff::Timestamp::now);
    if arguments.no_gzip || arguments.bulk.is_some() {
        builder = builder.gzip_from_bytes(None);
    }
    if let Some(path) = &arguments.file {
        builder = builder.calls(testkit::recorded::read_calls(path)?);
    } else if let Some(count) = arguments.bulk {
        let bulk = BulkCalls {
            anchor,
            ..BulkCalls::new(count, arguments.sentences)
        };
        builder = builder.bulk(bulk);
    } else {
        let seed = arguments.synthetic.unwrap_or(1);
        let config = SyntheticConfig {
            seed,
            anchor,
            ..SyntheticConfig::default()
        };
        builder = builder.org(&SyntheticOrg::generate(&config));
    }
    builder.start().await
}
