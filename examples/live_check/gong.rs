//! Gong: credentials, a page of calls, transcripts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gong_snowflake::Settings;
use gong_snowflake::calls::gong::{decode_call, decode_transcript};
use gong_snowflake::calls::{CallId, Timestamp};
use gong_snowflake::gong_client::{
    CallFilter, ContentSelector, GongApi, GongClient, GongConfig, TranscriptFilter,
};

use super::report::{Checks, is_set};

/// The span that one page is read of.
const SPAN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Calls whose transcripts are read.
const TRANSCRIPTS: usize = 10;

pub(super) async fn check(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("gong");
    if !is_set(&settings, "GONG_BASE_URL") {
        return checks.without("GONG_BASE_URL");
    }
    let gong: Box<dyn GongApi> =
        match GongConfig::from_variables(|name| Ok(settings.variable(name)))
            .and_then(GongClient::new)
        {
            Ok(gong) => Box::new(gong),
            Err(error) => {
                checks.failed("settings", &error);
                return checks;
            }
        };
    checks.tell("credentials", gong.workspaces().await, |workspaces| {
        format!("{} workspaces", workspaces.len())
    });
    checks.tell("users", gong.users(None).await, |page| {
        format!(
            "a page of {}, {} malformed",
            page.items.len(),
            page.rejected.len()
        )
    });
    let now = Timestamp::now();
    let filter = CallFilter::between(now - SPAN, now);
    let page = gong
        .extensive_calls(&filter, &ContentSelector::default(), None)
        .await;
    let page = checks.tell("calls", page, |page| {
        let behind = page.served_at.map_or("no clock".to_owned(), |at| {
            format!("clock {} s off", (at - now).as_secs())
        });
        let (calls, malformed) = (page.items.len(), page.rejected.len());
        let total = page.total_records.unwrap_or_default();
        format!("a page of {calls} out of {total} in 30 days, {malformed} malformed; {behind}")
    });
    let Some(page) = page else {
        return checks;
    };
    // Reasons name the field and not what stands in it.
    let mut unread: BTreeMap<String, usize> = BTreeMap::new();
    for error in page
        .items
        .iter()
        .filter_map(|call| decode_call(call.text()).err())
    {
        *unread.entry(error.to_string()).or_default() += 1;
    }
    match unread.is_empty() {
        true => checks.passed("calls_read", format!("{} calls", page.items.len())),
        false => checks.add(
            "calls_read",
            super::report::Outcome::Failed,
            format!("not read, by reason: {unread:?}"),
            None,
        ),
    }
    let ids: Vec<CallId> = page.items.iter().map(|call| call.call_id.clone()).collect();
    let some = TranscriptFilter::of_calls(ids.into_iter().take(TRANSCRIPTS));
    if some.call_ids.is_empty() {
        return checks;
    }
    let asked = some.call_ids.len();
    let transcripts = gong.transcripts(&some, None).await;
    checks.tell("transcripts", transcripts, |page| {
        let read = page.items.iter().map(|one| decode_transcript(one.text()));
        let (read, unread): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
        let sentences = read.iter().flatten().map(|one| one.sentences.len());
        format!(
            "{} of {asked} calls have one, {} not read; {} sentences",
            page.items.len(),
            unread.len(),
            sentences.sum::<usize>()
        )
    });
    checks
}
