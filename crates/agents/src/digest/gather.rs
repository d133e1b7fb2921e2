//! The calls that a digest rests on, with their readings as the store keeps them.

use std::collections::HashMap;

use calls::reading::Reading;
use calls::{CallId, Provenance};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::SignedDuration;
use snowflake_store::{
    CallDetail, CallHeader, CallOrder, CallQuery, CallReader, CallReading, Period, Rep,
};

use crate::{CallAnalysisAgent, Result};

/// Days before the period whose calls may have left steps open, and tell what is new.
const DAYS_BEFORE: i64 = 60;

/// Calls that are listed at most, the newest.
const MOST_LISTED: usize = 1_000;

/// Calls of the period that are spoken of at most, the newest.
const MOST_SPOKEN_OF: usize = 150;

/// Calls that are read anew at most, where that costs no request to a model.
const MOST_NEWLY_READ: usize = 10;

/// Calls that are fetched at the same time.
const AT_A_TIME: usize = 8;

/// A call as it is in a list, and what people are shown of its reading.
pub(super) struct ReadCall {
    pub(super) header: CallHeader,
    pub(super) reading: Option<Reading>,
    /// Whose reading it is.
    pub(super) read_by: Option<Provenance>,
    pub(super) is_in_period: bool,
}

/// Calls of the period and before, newest first.
pub(super) struct Gathered {
    pub(super) calls: Vec<ReadCall>,
    /// Calls in full: those of the period that are spoken of, and others once wanted.
    pub(super) details: HashMap<CallId, CallDetail>,
    pub(super) not_read: usize,
    pub(super) left_out: usize,
}

pub(super) async fn gather(
    store: &dyn CallReader,
    analysis: &CallAnalysisAgent,
    (reader, reads_without_model): (&Provenance, bool),
    period: Period,
    rep: Option<&Rep>,
) -> Result<Gathered> {
    let before = SignedDuration::from_hours(24 * DAYS_BEFORE);
    let query = CallQuery {
        rep: rep.cloned(),
        period: Some(Period {
            from: period.from.checked_sub(before).unwrap_or(period.from),
            to: period.to,
        }),
        order: CallOrder::NewestFirst,
        limit: MOST_LISTED,
        ..CallQuery::default()
    };
    let headers = store.find_calls(&query).await?;
    let mut readings = kept(store, &headers, reader).await?;
    let is_in_period = |header: &CallHeader| header.started >= period.from;
    let unread = |header: &&CallHeader| {
        is_in_period(header) && header.has_transcript && !readings.contains_key(&header.id)
    };
    let unread: Vec<CallId> = headers
        .iter()
        .filter(unread)
        .map(|one| one.id.clone())
        .collect();
    let newly = if reads_without_model {
        MOST_NEWLY_READ
    } else {
        0
    };
    for id in unread.iter().take(newly) {
        if let Some(detail) = store.call_detail(id).await? {
            let read = analysis.read(&detail, &mut Vec::new()).await?;
            readings.insert(id.clone(), read.reading);
        }
    }
    let not_read = unread
        .iter()
        .filter(|id| !readings.contains_key(id))
        .count();
    let read = headers
        .iter()
        .filter(|one| is_in_period(one) && readings.contains_key(&one.id));
    let spoken_of: Vec<CallId> = read.map(|one| one.id.clone()).collect();
    let left_out = spoken_of.len().saturating_sub(MOST_SPOKEN_OF);
    let details = fetched(store, spoken_of.into_iter().take(MOST_SPOKEN_OF)).await?;
    let calls = headers.into_iter().map(|header| {
        let is_in_period = is_in_period(&header);
        let reading = readings.remove(&header.id);
        // What is not spoken of is as if it had not been read.
        let reading = reading.filter(|_| !is_in_period || details.contains_key(&header.id));
        ReadCall {
            reading: reading.as_ref().map(|one| one.reading.likely()),
            read_by: reading.map(|one| one.provenance),
            is_in_period,
            header,
        }
    });
    Ok(Gathered {
        calls: calls.collect(),
        details,
        not_read,
        left_out,
    })
}

/// The readings that the store keeps, by this reader where there is one.
async fn kept(
    store: &dyn CallReader,
    headers: &[CallHeader],
    reader: &Provenance,
) -> Result<HashMap<CallId, CallReading>> {
    let with_transcript = headers.iter().filter(|header| header.has_transcript);
    let ids: Vec<CallId> = with_transcript.map(|header| header.id.clone()).collect();
    let mut kept: HashMap<CallId, CallReading> = HashMap::new();
    for one in store.readings(&ids, None).await? {
        if one.provenance == *reader || !kept.contains_key(&one.call_id) {
            kept.insert(one.call_id.clone(), one);
        }
    }
    Ok(kept)
}

/// Calls in full; those that are gone since they were listed are left out.
pub(super) async fn fetched(
    store: &dyn CallReader,
    ids: impl Iterator<Item = CallId>,
) -> Result<HashMap<CallId, CallDetail>> {
    let ids: Vec<CallId> = ids.collect();
    let details = ids.into_iter().map(|id| async move {
        let detail = store.call_detail(&id).await?;
        Ok::<_, crate::Error>(detail.map(|detail| (id, detail)))
    });
    stream::iter(details)
        .buffered(AT_A_TIME)
        .try_filter_map(|one| async move { Ok(one) })
        .try_collect()
        .await
}
