//! Settings that contradict each other, or that a sync refuses: better said at the start than
//! guessed at later.

use std::num::NonZeroUsize;

use ingest::SyncSettings;
use snowflake_store::SyncMode;

use super::problem::Problem;
use super::values::Values;

/// The logins to Snowflake, of which one is to be set.
const SNOWFLAKE_LOGINS: [&str; 7] = [
    "SNOWFLAKE_PRIVATE_KEY_PATH",
    "SNOWFLAKE_PRIVATE_KEY",
    "SNOWFLAKE_TOKEN",
    "SNOWFLAKE_OAUTH_TOKEN",
    "SNOWFLAKE_OAUTH_TOKEN_FILE",
    "SNOWFLAKE_OAUTH_TOKEN_URL",
    "SNOWFLAKE_PASSWORD",
];

/// The second of each pair has no effect without the first.
const NEEDS: [(&str, &[&str]); 10] = [
    (
        "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
        &["SNOWFLAKE_PRIVATE_KEY_PATH", "SNOWFLAKE_PRIVATE_KEY"],
    ),
    ("SNOWFLAKE_SEARCH_TOKEN", &["SNOWFLAKE_SEARCH_SERVICE"]),
    (
        "SNOWFLAKE_OAUTH_TOKEN_HEADER",
        &["SNOWFLAKE_OAUTH_TOKEN_URL"],
    ),
    (
        "SNOWFLAKE_OAUTH_TOKEN_FIELD",
        &["SNOWFLAKE_OAUTH_TOKEN_URL"],
    ),
    ("GONG_SHARE_SCHEMA", &["GONG_SHARE_DATABASE"]),
    ("HUBSPOT_SHARE_SCHEMA", &["HUBSPOT_SHARE_DATABASE"]),
    ("HUBSPOT_SHARE_TIMEOUT", &["HUBSPOT_SHARE_DATABASE"]),
    ("HUBSPOT_SHARE_TIMEOUT", &["HUBSPOT_TOKEN"]),
    ("CORTEX_TOKEN_TYPE", &["CORTEX_API_KEY"]),
    (
        "GONG_SNOWFLAKE_ESC_VALUES",
        &["GONG_SNOWFLAKE_ESC_ENVIRONMENT"],
    ),
];

pub(super) fn contradictions(values: &Values) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(only_one_of(values, &SNOWFLAKE_LOGINS));
    problems.extend(only_one_of(
        values,
        &["GONG_BEARER_TOKEN", "GONG_ACCESS_KEY"],
    ));
    problems.extend(NEEDS.iter().filter_map(|(one, needed)| {
        let is_alone = needed.iter().all(|other| !values.is_set(other));
        let message = format!("has no effect without {}", needed.join(" or "));
        let problem = wrong(values, one, message).filter(|_| is_alone)?;
        Some(problem.advise("set that, or unset this"))
    }));
    problems.extend(stores(values));
    problems.extend(readers(values));
    problems.extend(users(values));
    problems.extend(sync(values));
    problems.extend(chosen(values));
    problems
}

/// A problem on a setting that somebody set.
fn wrong(values: &Values, variable: &str, message: impl Into<String>) -> Option<Problem> {
    let given = values.given(variable).filter(|_| values.is_set(variable))?;
    Some(Problem::new(values.name(variable), message).at(&given.origin))
}

fn only_one_of(values: &Values, names: &[&'static str]) -> Option<Problem> {
    let mut given = names.iter().filter(|name| values.is_set(name));
    let (first, second) = (given.next()?, given.next()?);
    let origin = &values.given(first)?.origin;
    let first = values.name(first);
    let problem = wrong(values, second, format!("is set as well as {first}"))?;
    Some(problem.advise(format!("unset one of them; {first} is from: {origin}")))
}

fn stores(values: &Values) -> Option<Problem> {
    const FALLBACK: &str = "GONG_SNOWFLAKE_FALLBACK_STORE";
    let fallback = values.text(FALLBACK)?.trim();
    if fallback == values.text("GONG_SNOWFLAKE_STORE")?.trim() {
        let problem = wrong(values, FALLBACK, "is the store itself")?;
        return Some(problem.advise("name another one, gong or none"));
    }
    if fallback != "none" {
        return None;
    }
    let of_use = [
        ("GONG_SNOWFLAKE_PRIMARY_SHARE", "100"),
        ("GONG_SNOWFLAKE_SHADOW_SHARE", "0"),
    ];
    let of_use = of_use
        .into_iter()
        .filter(|(name, unused)| values.text(name).is_some_and(|text| text.trim() != *unused));
    let message = format!("has no effect without {FALLBACK}");
    of_use
        .map(|(name, _)| wrong(values, name, &message))
        .next()?
}

/// Calls that nobody would read.
fn readers(values: &Values) -> Option<Problem> {
    const SHARE: &str = "GONG_SNOWFLAKE_READER_SHARE";
    let is_whole = values.text(SHARE)?.trim() == "100";
    let has_fallback = values.text("GONG_SNOWFLAKE_FALLBACK")?.trim() != "none";
    let fallback = values.name("GONG_SNOWFLAKE_FALLBACK");
    let message = format!("leaves calls to a fallback, and {fallback} is none");
    let problem = wrong(values, SHARE, message).filter(|_| !is_whole && !has_fallback)?;
    Some(problem.advise("name a fallback, or unset this"))
}

/// A host who is both chosen and left out.
fn users(values: &Values) -> Option<Problem> {
    const EXCLUDE: &str = "GONG_INGESTION_EXCLUDE_USERS";
    const ONLY: &str = "GONG_INGESTION_ONLY_USERS";
    let chosen: Vec<String> = values.read(ONLY).ok()?;
    let left_out: Vec<String> = values.read(EXCLUDE).ok()?;
    let both = left_out.iter().find(|user| chosen.contains(user))?;
    let message = format!("leaves out {both}, whom {} chooses", values.name(ONLY));
    Some(wrong(values, EXCLUDE, message)?.advise("name each host in one of them"))
}

/// What a sync would refuse.
fn sync(values: &Values) -> Option<Problem> {
    const BATCH: &str = "GONG_INGESTION_BATCH_SIZE";
    const LOOKBACK: &str = "GONG_INGESTION_LOOKBACK_DAYS";
    const FIRST: &str = "GONG_INGESTION_FIRST_SYNC_DAYS";
    const TITLES: &str = "GONG_INGESTION_EXCLUDE_TITLES";
    let mut settings = SyncSettings::new(SyncMode::Incremental);
    settings.max_calls_per_window = values.read::<NonZeroUsize>(BATCH).ok()?.get() as u64;
    settings.lookback_days = values.read(LOOKBACK).ok()?;
    settings.first_sync_days = values.read(FIRST).ok()?;
    settings.choice.exclude_titles = values.read(TITLES).ok()?;
    let error = settings.validate().err()?;
    let variable = match error.field()? {
        "max_calls_per_window" => BATCH,
        "lookback_days" => LOOKBACK,
        "first_sync_days" => FIRST,
        _ => TITLES,
    };
    wrong(values, variable, error.message())
}

/// An environment that cannot be opened.
pub(super) fn esc(values: &Values) -> Option<Problem> {
    if values.is_set("PULUMI_ACCESS_TOKEN") {
        return None;
    }
    let message = "cannot be opened without PULUMI_ACCESS_TOKEN";
    let problem = wrong(values, "GONG_SNOWFLAKE_ESC_ENVIRONMENT", message)?;
    Some(problem.advise("set it, or run the program under `esc run`"))
}

/// What is chosen, and lacks what it needs.
fn chosen(values: &Values) -> Vec<Problem> {
    const BACKEND: &str = "GONG_SNOWFLAKE_BACKEND";
    const ACCOUNT: &[&str] = &["SNOWFLAKE_ACCOUNT"];
    const ENDPOINT: &[&str] = &["CORTEX_BASE_URL", "CORTEX_MODEL"];
    let is = |variable: &str, choice: &str| {
        let text = values.text(variable).unwrap_or_default();
        text.trim().eq_ignore_ascii_case(choice)
    };
    let share = values.text("HUBSPOT_SHARE_DATABASE").unwrap_or_default();
    let choices = [
        ("GONG_SNOWFLAKE_STORE", "snowflake", ACCOUNT),
        ("GONG_SNOWFLAKE_FALLBACK_STORE", "snowflake", ACCOUNT),
        (BACKEND, "cortex-sql", ACCOUNT),
        ("HUBSPOT_SHARE_DATABASE", share.trim(), ACCOUNT),
        (BACKEND, "cortex-rest", ENDPOINT),
        (BACKEND, "openai", ENDPOINT),
    ];
    let problem = |(variable, choice, needed): (&str, &str, &[&str])| {
        let given = values.given(variable).filter(|_| is(variable, choice))?;
        let missing: Vec<&str> = needed
            .iter()
            .copied()
            .filter(|name| !values.is_set(name))
            .collect();
        let first = missing.first()?;
        let chooser = values.name(variable);
        let message = format!("is not set, and {chooser}={choice} needs it");
        let problem = Problem::new(*first, message).at(&given.origin);
        Some(problem.advise(format!("set {}", missing.join(" and "))))
    };
    choices.into_iter().filter_map(problem).collect()
}
