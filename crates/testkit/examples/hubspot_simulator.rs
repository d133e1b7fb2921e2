//! A simulated HubSpot for any program: prints its URL and serves until standard
//! input closes.
//!
//! ```text
//! cargo run --release --example hubspot_simulator -- --synthetic 7
//! {"base_url":"http://127.0.0.1:40123","token":"pat-na1-…","deals":60,…}
//! ```

use std::error::Error as _;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use resilience::ErrorKind;
use testkit::Error;
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotLimits, HubSpotSimulator, ObjectType};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// Serves a simulated CRM over HTTP on 127.0.0.1 until standard input closes.
#[derive(Parser)]
struct Arguments {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Records of the synthetic company with this seed, the same as in
    /// `gong_simulator` (the default, with seed 1).
    #[arg(long, group = "source")]
    synthetic: Option<u64>,
    /// The records of the conformance suite.
    #[arg(long, group = "source")]
    fixture: bool,
    /// The instant that stands for now in synthetic records, ISO 8601.
    #[arg(long)]
    anchor: Option<jiff::Timestamp>,
    /// Limits on requests; none by default.
    #[arg(long, value_enum)]
    limits: Option<Limits>,
    /// Accepted token.
    #[arg(long, default_value = DEFAULT_TOKEN)]
    token: String,
}

/// Whose limits apply.
#[derive(Clone, Copy, ValueEnum)]
enum Limits {
    /// 100 requests per 10 seconds, 250,000 per day.
    Free,
    /// 190 requests per 10 seconds, 650,000 per day.
    Professional,
    /// 110 requests in 10 seconds.
    Oauth,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let cause = error
                .source()
                .map(|cause| format!(": {cause}"))
                .unwrap_or_default();
            eprintln!("hubspot_simulator: {error}{cause}");
            ExitCode::from(2)
        }
    }
}

async fn serve(arguments: &Arguments) -> Result<(), Error> {
    let limits = match arguments.limits {
        None => HubSpotLimits::default(),
        Some(Limits::Free) => HubSpotLimits::free(),
        Some(Limits::Professional) => HubSpotLimits::professional(),
        Some(Limits::Oauth) => HubSpotLimits::oauth(),
    };
    let builder = HubSpotSimulator::builder()
        .port(arguments.port)
        .token(&arguments.token)
        .limits(limits);
    let builder = if arguments.fixture {
        builder.fixture(&CrmFixture::new())
    } else {
        builder.org(&SyntheticOrg::generate(&SyntheticConfig {
            seed: arguments.synthetic.unwrap_or(1),
            anchor: arguments.anchor.unwrap_or_else(jiff::Timestamp::now),
            ..SyntheticConfig::default()
        }))
    };
    let simulator = builder.start().await?;
    let state = simulator.state();
    let ready = serde_json::json!({
        "base_url": simulator.base_url(),
        "token": arguments.token,
        "deals": state.count(ObjectType::Deal),
        "contacts": state.count(ObjectType::Contact),
        "companies": state.count(ObjectType::Company),
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
