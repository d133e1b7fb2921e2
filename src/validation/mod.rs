//! Tries settings for real: logs in, asks and looks, before work rests on them.
//!
//! ```
//! use gong_snowflake::Settings;
//! use gong_snowflake::validation::{Outcome, validate};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), gong_snowflake::Error> {
//! let settings = Settings::builder().load().await?;
//! let checked = validate(&settings).await;
//! assert!(checked.iter().any(|one| one.outcome == Outcome::NotConfigured));
//! # Ok(())
//! # }
//! ```

mod checked;
mod machine;
mod named;
mod outside;

use std::time::Duration;

use futures_util::future::join_all;
use resilience::ErrorKind;

pub use checked::{Check, Checked, Outcome};
use machine::Clocks;

use crate::{Error, Settings};

/// How long a check may take: a warehouse that sleeps wakes up meanwhile.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Tries everything that settings ask for, all at once, each for a minute at most.
///
/// Nothing is written, but for a file that is removed again and a row that the store takes back.
/// `cortex_functions` asks a model for one word.
pub async fn validate(settings: &Settings) -> Vec<Checked> {
    attempt_all(settings, &Check::ALL, Depth::Thorough).await
}

/// Tries what a bulk load rests on. Nothing should be loaded when one of these has
/// [failed](Checked::error).
pub async fn validate_before_load(settings: &Settings) -> Vec<Checked> {
    attempt_all(settings, &Check::before_load(settings), Depth::Quick).await
}

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// One request each.
    Quick,
    /// Every right that is needed.
    Thorough,
}

async fn attempt_all(settings: &Settings, checks: &[Check], depth: Depth) -> Vec<Checked> {
    let clocks = Clocks::default();
    let others = checks.iter().filter(|check| **check != Check::Clock);
    let trying = others.map(|check| attempt(settings, *check, depth, &clocks));
    let mut done: Vec<Checked> = join_all(trying).await;
    if let Some(at) = checks.iter().position(|check| *check == Check::Clock) {
        // It goes by what the servers said meanwhile.
        done.insert(at.min(done.len()), clocks.compare());
    }
    done
}

async fn attempt(settings: &Settings, check: Check, depth: Depth, clocks: &Clocks) -> Checked {
    let trying = async {
        match check {
            Check::GongCredentials => outside::gong(settings, depth, clocks).await,
            Check::SnowflakeConnection => outside::snowflake(settings, clocks).await,
            Check::GongShare => outside::gong_share(settings, depth).await,
            Check::HubspotShare => outside::hubspot_share(settings).await,
            Check::HubspotApi => outside::hubspot_api(settings, clocks).await,
            Check::CortexFunctions => outside::cortex(settings).await,
            Check::StoreSchema => machine::store(settings).await,
            Check::FallbackStore => machine::fallback(settings).await,
            Check::Settings => named::settings(settings),
            Check::Clock => clocks.compare(),
            Check::Disk => machine::disk(settings),
        }
    };
    let done = tokio::time::timeout(TIME_LIMIT, trying).await;
    done.unwrap_or_else(|_| {
        let seconds = TIME_LIMIT.as_secs();
        let error = Error::new(
            ErrorKind::Transient,
            format!("no answer within {seconds} s"),
        );
        Checked::failed(check, &error)
    })
}
