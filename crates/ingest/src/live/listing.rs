//! Lists of calls out of Gong's listings, which know a period and hosts and no order.

use std::collections::HashSet;

use calls::{Call, CallId, CrmObjectKind, RawDocument, UserId};
use futures_util::TryStreamExt;
use gong_client::{
    CallFilter, ContentSelector, GongApi, GongApiExt, Page, TranscriptFilter, items,
};
use jiff::SignedDuration;
use resilience::ErrorKind;
use snowflake_store::{
    CallDetail, CallHeader, CallOrder, CallQuery, Error, Period, Rep, RepIdentity, Result,
};

use super::{LiveCalls, of_gong, unsupported};

/// Calls of a period that are looked through at most: thirty requests.
const MOST_CALLS: usize = 3_000;

/// Calls whose transcripts are requested at once.
const TRANSCRIPT_BATCH: usize = 100;

/// Gong's filter goes by when a web conference was scheduled, a list by when it started.
const LATE_START: SignedDuration = SignedDuration::from_hours(12);

impl<G: GongApi> LiveCalls<G> {
    pub(super) async fn list(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
        if query.limit == 0 {
            return Ok(Vec::new());
        }
        let Some(period) = query.period else {
            return unsupported("calls of all time");
        };
        refuse_other_filters(query)?;
        let Some(hosts) = self.hosts(query.rep.as_ref()).await? else {
            return Ok(Vec::new());
        };
        let mut calls = self.calls_of(period, hosts).await?;
        if let Some(deal) = &query.deal_id {
            calls.retain(|call| {
                let mut deals = call.crm_of_kind(&CrmObjectKind::Deal);
                deals.any(|reference| reference.id == deal.as_str())
            });
        }
        calls.sort_by(|left, right| {
            let by_start = match query.order {
                CallOrder::NewestFirst => right.started.cmp(&left.started),
                CallOrder::OldestFirst => left.started.cmp(&right.started),
            };
            by_start.then_with(|| left.id.cmp(&right.id))
        });
        let mut headers = Vec::new();
        for batch in calls.chunks(TRANSCRIPT_BATCH) {
            let spoken = self.with_transcript(batch).await?;
            headers.extend(
                batch
                    .iter()
                    .map(|call| header(call, spoken.contains(&call.id))),
            );
            if query.with_transcript {
                headers.retain(|one| one.has_transcript);
            }
            if headers.len() >= query.limit {
                break;
            }
        }
        headers.truncate(query.limit);
        Ok(headers)
    }

    /// The calls of a period that a sync would choose.
    async fn calls_of(&self, period: Period, hosts: Vec<UserId>) -> Result<Vec<Call>> {
        let filter = CallFilter {
            from: period.from.checked_sub(LATE_START).ok(),
            to: period.to.checked_add(LATE_START).ok(),
            primary_user_ids: hosts,
            ..CallFilter::default()
        };
        let mut pages = self
            .gong
            .extensive_call_pages(filter, ContentSelector::default());
        let (mut calls, mut seen) = (Vec::new(), 0);
        while let Some(mut page) = pages.try_next().await.map_err(of_gong)? {
            seen += page.items.len();
            if seen > MOST_CALLS {
                return unsupported(&format!("a period with more than {MOST_CALLS} calls"));
            }
            whole(&page)?;
            self.chooser.take_unwanted(&mut page.items);
            // What cannot be read is in no list of a store either.
            let read = page.items.into_iter();
            let read = read.filter_map(|document| CallDetail::of_documents(document, None).ok());
            calls.extend(read.map(|detail| detail.call));
        }
        calls.retain(|call: &Call| period.from <= call.started && call.started < period.to);
        Ok(calls)
    }

    /// Whom to ask for; `None` when nobody is called so.
    async fn hosts(&self, rep: Option<&Rep>) -> Result<Option<Vec<UserId>>> {
        let wanted = match rep {
            None => return Ok(Some(Vec::new())),
            Some(Rep::Id(id)) => return Ok(Some(vec![id.clone()])),
            Some(Rep::AnyOf(ids)) => return Ok((!ids.is_empty()).then(|| ids.clone())),
            Some(Rep::Email(text) | Rep::Name(text)) => text.trim().to_lowercase(),
        };
        let users: Vec<_> = items(self.gong.user_pages())
            .try_collect()
            .await
            .map_err(of_gong)?;
        let named = users.into_iter().filter(|user| {
            let parts = [user.first_name.as_deref(), user.last_name.as_deref()];
            let parts: Vec<&str> = parts.into_iter().flatten().collect();
            let email = user.email.as_deref().map(str::to_lowercase);
            email.as_ref() == Some(&wanted) || parts.join(" ").to_lowercase() == wanted
        });
        let ids: Vec<UserId> = named.map(|user| user.id).collect();
        Ok((!ids.is_empty()).then_some(ids))
    }

    /// Which of some calls Gong has a transcript of.
    async fn with_transcript(&self, calls: &[Call]) -> Result<HashSet<CallId>> {
        let ids = calls.iter().map(|call| call.id.clone());
        let mut pages = self.gong.transcript_pages(TranscriptFilter::of_calls(ids));
        let mut spoken = HashSet::new();
        while let Some(page) = pages.try_next().await.map_err(of_gong)? {
            whole(&page)?;
            spoken.extend(page.items.into_iter().map(|document| document.call_id));
        }
        Ok(spoken)
    }
}

/// Without a record that cannot be read, a list would say that there is no such call.
fn whole(page: &Page<RawDocument>) -> Result<()> {
    match page.rejected.first() {
        None => Ok(()),
        Some(rejected) => {
            let message = format!(
                "a record of gong's list cannot be read: {}",
                rejected.reason
            );
            Err(Error::new(ErrorKind::Decode, message))
        }
    }
}

/// Refuses filters that are not applied here, whichever there are: without them a list
/// would hold calls that were not asked for.
fn refuse_other_filters(query: &CallQuery) -> Result<()> {
    let mut rest = query.clone();
    rest.period = None;
    rest.rep = None;
    rest.deal_id = None;
    rest.with_transcript = false;
    // Gong has no insights and no readings, so every call is without them.
    rest.without_insights = false;
    rest.without_reading_of = None;
    let none = CallQuery {
        order: query.order,
        limit: query.limit,
        ..CallQuery::default()
    };
    match rest == none {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Unsupported,
            "gong itself is asked for calls of a period, a rep and a deal only",
        )),
    }
}

fn header(call: &Call, has_transcript: bool) -> CallHeader {
    let host = call.primary_party();
    let deal = call.crm_of_kind(&CrmObjectKind::Deal).next();
    CallHeader {
        id: call.id.clone(),
        title: call.title.clone(),
        started: call.started,
        duration_seconds: call.duration_seconds,
        rep: RepIdentity {
            id: call.primary_user_id.clone(),
            email: host.and_then(|party| party.email.clone()),
            name: host.and_then(|party| party.name.clone()),
        },
        deal_id: deal.map(|reference| reference.id.as_str().into()),
        sentiment: None,
        has_transcript,
    }
}
