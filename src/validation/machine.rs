//! Whether this machine is fit: its clock, its disk, and the store on it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use resilience::ErrorKind;
use snowflake_store::Upkeep;

use super::checked::{Check, Checked};
use crate::{Error, FallbackStore, Settings, StoreLocation, StoreOptions};

/// Signed logins are refused when clocks are a minute apart; ours has to keep some distance.
const MOST_SECONDS_APART: i64 = 30;

/// What the clocks of servers showed.
#[derive(Debug, Default)]
pub(super) struct Clocks(Mutex<Vec<Compared>>);

#[derive(Debug)]
struct Compared {
    is_wrong: bool,
    words: String,
}

impl Clocks {
    /// By how much a server's clock is ahead of this one.
    pub(super) fn note(&self, server: &str, ahead_ms: Option<i64>) {
        let Some(ahead_ms) = ahead_ms else { return };
        let seconds = ahead_ms / 1_000;
        let words = match seconds {
            0 => "less than a second apart".to_owned(),
            1.. => format!("this machine is {seconds} s behind"),
            _ => format!("this machine is {} s ahead", -seconds),
        };
        self.compared(server, seconds.abs() > MOST_SECONDS_APART, &words);
    }

    /// A comparison that somebody else made.
    pub(super) fn compared(&self, server: &str, is_wrong: bool, words: &str) {
        let words = format!("{server}: {words}");
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Compared { is_wrong, words });
    }

    pub(super) fn compare(&self) -> Checked {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.is_empty() {
            return Checked::not_configured(Check::Clock, "no server has told its time");
        }
        let words: Vec<&str> = all.iter().map(|one| one.words.as_str()).collect();
        let words = words.join("; ");
        if all.iter().all(|one| !one.is_wrong) {
            return Checked::passed(Check::Clock, words);
        }
        let remedy = "set this machine's clock, best by NTP: signed logins are refused when it is \
                      wrong, and syncs miss what they take for the future";
        Checked::failed(Check::Clock, &Error::new(ErrorKind::Config, words)).with_remedy(remedy)
    }
}

/// Room that a file needs at least: what 5,000 calls take.
const LEAST_BYTES: u64 = 512 << 20;

/// Free space for a store on this machine: as much as it takes already, which a migration may
/// need once more.
pub(super) fn disk(settings: &Settings) -> Checked {
    const CHECK: Check = Check::Disk;
    let StoreLocation::Sqlite(path) = &settings.store.location else {
        return Checked::not_configured(CHECK, "calls are not stored on this machine");
    };
    let folder = folder_of(path);
    let free = match fs4::available_space(folder) {
        Ok(free) => free,
        Err(error) => {
            let message = format!("cannot inspect {}: {error}", folder.display());
            return Checked::failed(CHECK, &of_store(ErrorKind::Config, message));
        }
    };
    let taken = std::fs::metadata(path).map_or(0, |file| file.len());
    let needed = LEAST_BYTES.max(taken);
    let megabytes = |bytes: u64| bytes >> 20;
    let found = format!("{} MB free in {}", megabytes(free), folder.display());
    if free >= needed {
        return Checked::passed(CHECK, found);
    }
    let needed = megabytes(needed);
    Checked::failed(CHECK, &of_store(ErrorKind::Config, found)).with_remedy(format!(
        "make room for {needed} MB, or store calls elsewhere"
    ))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn of_store(kind: ErrorKind, message: String) -> Error {
    Error::new(kind, message).with_field("store")
}

pub(super) async fn store(settings: &Settings) -> Checked {
    at(settings, Check::StoreSchema, &settings.store.location).await
}

/// The store that answers when the first does not.
pub(super) async fn fallback(settings: &Settings) -> Checked {
    const CHECK: Check = Check::FallbackStore;
    match &settings.store.fallback {
        FallbackStore::Store(location) => at(settings, CHECK, location).await,
        FallbackStore::Gong => Checked::not_configured(CHECK, "Gong itself: see gong_credentials"),
        FallbackStore::None => {
            Checked::not_configured(CHECK, "GONG_SNOWFLAKE_FALLBACK_STORE is none")
        }
    }
}

async fn at(settings: &Settings, check: Check, location: &StoreLocation) -> Checked {
    if let StoreLocation::Sqlite(path) = location
        && !path.exists()
    {
        return match can_be_made(path) {
            Ok(()) => Checked::passed(check, format!("{} will be made", path.display())),
            Err(error) => Checked::failed(check, &error),
        };
    }
    let options = StoreOptions::new("check").reading();
    let health = match settings.open(location, &options).await {
        Ok(store) => store.health().await.map_err(Error::from_below),
        Err(error) => Err(error),
    };
    match health {
        Ok(health) => {
            let (engine, version) = (health.engine, health.schema_version);
            Checked::passed(check, format!("{engine}, schema version {version}"))
        }
        Err(error) => {
            let checked = Checked::failed(check, &error);
            match (location, error.kind()) {
                (StoreLocation::Snowflake, ErrorKind::NotFound) => checked.with_remedy(
                    "make the tables: cargo run --example snowflake_setup -- apply, as their owner",
                ),
                _ => checked,
            }
        }
    }
}

/// Whether a file can be made where the store is to be.
fn can_be_made(path: &Path) -> Result<(), Error> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        let message = format!("the folder {} does not exist", folder.display());
        return Err(of_store(ErrorKind::NotFound, message));
    }
    let name = format!(".gong-snowflake-check-{}", std::process::id());
    let trial = folder.join(name);
    let made = std::fs::File::create_new(&trial).map(drop);
    let made = made.and_then(|()| std::fs::remove_file(&trial));
    made.map_err(|error| {
        let message = format!("no file can be made in {}: {error}", folder.display());
        of_store(ErrorKind::Permission, message)
    })
}
