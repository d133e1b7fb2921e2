//! Records beside calls: users, workspaces, scorecards, reviews, trackers, figures, folders.
//!
//! Gong has no filter by time of change for any of them. So each run lists a stream as a
//! whole, or the days that can still change, and compares: what is there already costs no
//! write, and what was stored and is listed no more is gone. Streams differ in no more than
//! their [`Shape`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::TryStreamExt;
use gong_client::{GongApi, GongApiExt, Listing, WorkspaceId};
use jiff::civil::Date;
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ToSpan};
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::Value;
use snowflake_store::{GongRecord, RecordPage, RecordQuery, RecordStream, Records};

use crate::{RemovalLimits, Result};

/// Which streams beside calls are synced, and how far back.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StreamSettings {
    /// The streams, in this order. Default: none.
    pub streams: Vec<RecordStream>,
    /// First day of reviews and figures. Default: a year back in a store that has none of
    /// the stream, else the look-back.
    pub from: Option<Date>,
    /// How many days of reviews and figures each run reads again. Default 30.
    pub lookback_days: u32,
    /// The company's time zone, which days of reviews are days of. Default UTC. Figures go by
    /// the zone that Gong says with them.
    pub time_zone: TimeZone,
    /// How many removals of a stream a run applies.
    pub removals: RemovalLimits,
    /// The present, for tests and reproducible runs. Default: the clock.
    pub now: Option<Timestamp>,
}

impl StreamSettings {
    /// Settings for some streams.
    pub fn new(streams: impl IntoIterator<Item = RecordStream>) -> Self {
        Self {
            streams: streams.into_iter().collect(),
            from: None,
            lookback_days: 30,
            time_zone: TimeZone::UTC,
            removals: RemovalLimits::default(),
            now: None,
        }
    }

    fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }

    fn today(&self) -> Date {
        self.time_zone.to_datetime(self.now()).date()
    }
}

resilience::setters! {
    StreamSettings {
        /// Sets [`from`](StreamSettings::from).
        with_from(from: Option<Date>);
        /// Sets [`lookback_days`](StreamSettings::lookback_days).
        with_lookback_days(lookback_days: u32);
        /// Sets [`time_zone`](StreamSettings::time_zone).
        with_time_zone(time_zone: TimeZone);
        /// Sets [`removals`](StreamSettings::removals).
        with_removals(removals: RemovalLimits);
        /// Sets [`now`](StreamSettings::now).
        with_now(now: Option<Timestamp>);
    }
}

/// What a run did with one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StreamReport {
    /// The stream.
    pub stream: &'static str,
    /// Records that Gong delivered.
    pub seen: u64,
    /// Records new to the store.
    pub inserted: u64,
    /// Records that changed.
    pub updated: u64,
    /// Records marked deleted.
    pub deleted: u64,
    /// Records that are listed no more and were kept: too many at once, or the listing held
    /// records that could not be read.
    pub withheld: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// The company's time zone, where Gong said it.
    pub time_zone: Option<String>,
    /// Why the stream was not synced, such as the scope that the key lacks.
    pub error: Option<String>,
}

impl StreamReport {
    fn new(stream: RecordStream) -> Self {
        Self {
            stream: stream.as_str(),
            seen: 0,
            inserted: 0,
            updated: 0,
            deleted: 0,
            withheld: 0,
            rejected: 0,
            time_zone: None,
            error: None,
        }
    }

    /// Whether the store has what Gong serves.
    pub fn is_complete(&self) -> bool {
        self.error.is_none() && self.withheld == 0 && self.rejected == 0
    }
}

/// How a stream is listed, told apart and missed.
#[derive(Debug, Clone, Copy)]
struct Shape {
    stream: RecordStream,
    /// The member of a record that tells it from others.
    key: &'static str,
    span: Span,
}

/// What one listing covers.
#[derive(Debug, Clone, Copy)]
enum Span {
    /// Everything.
    Whole(fn() -> Listing),
    /// Everything of a workspace.
    Workspace(fn(WorkspaceId) -> Listing),
    /// Days, each record on one of them.
    Days(fn(Date, Date) -> Listing),
    /// A month, whose records are figures of that month.
    Month(fn(Date, Date) -> Listing),
}

const SHAPES: [Shape; 8] = [
    Shape {
        stream: RecordStream::Users,
        key: "id",
        span: Span::Whole(|| Listing::Users),
    },
    Shape {
        stream: RecordStream::Workspaces,
        key: "id",
        span: Span::Whole(|| Listing::Workspaces),
    },
    Shape {
        stream: RecordStream::Scorecards,
        key: "scorecardId",
        span: Span::Whole(|| Listing::Scorecards),
    },
    Shape {
        stream: RecordStream::AnsweredScorecards,
        key: "answeredScorecardId",
        span: Span::Days(|from, to| Listing::AnsweredScorecards { from, to }),
    },
    Shape {
        stream: RecordStream::Trackers,
        key: "trackerId",
        span: Span::Whole(|| Listing::Trackers),
    },
    Shape {
        stream: RecordStream::InteractionStats,
        key: "userId",
        span: Span::Month(|from, to| Listing::InteractionStats { from, to }),
    },
    Shape {
        stream: RecordStream::ActivityStats,
        key: "userId",
        span: Span::Month(|from, to| Listing::ActivityStats { from, to }),
    },
    Shape {
        stream: RecordStream::LibraryFolders,
        key: "id",
        span: Span::Workspace(Listing::LibraryFolders),
    },
];

/// Days back to which a store without reviews or figures is filled.
const FIRST_DAYS: i64 = 365;

/// Syncs streams beside calls. It may run at any time, before or after a sync of calls.
#[derive(Debug)]
pub struct StreamSync<G, S: ?Sized> {
    gong: G,
    store: Arc<S>,
    settings: StreamSettings,
    run_id: String,
}

impl<G: GongApi, S: Records + ?Sized> StreamSync<G, S> {
    /// A sync of streams from Gong into a store.
    pub fn new(gong: G, store: Arc<S>, settings: StreamSettings) -> Self {
        Self {
            gong,
            store,
            settings,
            run_id: uuid::Uuid::new_v4().to_string(),
        }
    }

    /// Writes this correlation id with every row.
    #[must_use]
    pub fn with_run_id(mut self, run_id: impl Into<String>) -> Self {
        self.run_id = run_id.into();
        self
    }

    /// Syncs the streams one after the other. One that Gong refuses (a scope that the key
    /// lacks, a request that it does not understand) says so in its report, and the others
    /// go on.
    ///
    /// # Errors
    /// What stops the run, such as an exhausted quota or a failed store. What was landed
    /// before is stored.
    pub async fn run(&self) -> Result<Vec<StreamReport>> {
        let mut reports = Vec::new();
        for stream in &self.settings.streams {
            let shapes = SHAPES.iter().filter(|shape| shape.stream == *stream);
            for shape in shapes {
                let mut report = StreamReport::new(*stream);
                match self.sync(shape, &mut report).await {
                    Ok(()) => {}
                    Err(error) if is_of_the_stream(error.kind()) => {
                        report.error = Some(error.to_string());
                    }
                    Err(error) => return Err(error),
                }
                reports.push(report);
            }
        }
        Ok(reports)
    }

    async fn sync(&self, shape: &Shape, report: &mut StreamReport) -> Result<()> {
        let stream = shape.stream;
        match shape.span {
            Span::Whole(listing) => {
                let read = self.list(shape, [listing()], None, report).await?;
                self.land(RecordQuery::all(stream), read, report).await
            }
            Span::Workspace(listing) => {
                let workspaces = self.gong.workspaces().await?;
                let listings = workspaces.into_iter().map(|one| listing(one.id));
                let read = self.list(shape, listings, None, report).await?;
                self.land(RecordQuery::all(stream), read, report).await
            }
            Span::Days(listing) => {
                let (first, today) = (self.first_day(stream).await?, self.settings.today());
                // A day more on either side: a clock or a zone that differs hides no review.
                let wide = listing(plus(first, -1), plus(today, 2));
                let read = self.list(shape, [wide], None, report).await?;
                let span = RecordQuery {
                    stream,
                    from: Some(first),
                    to: Some(today),
                };
                self.land(span, read, report).await
            }
            Span::Month(listing) => {
                let mut month = self.first_day(stream).await?.first_of_month();
                loop {
                    // Gong takes no day to come, by the company's clock.
                    let today = self.begun(report);
                    if month >= today {
                        break;
                    }
                    let next = month.last_of_month().tomorrow().unwrap_or(Date::MAX);
                    let of_month = listing(month, next.min(today));
                    let read = self.list(shape, [of_month], Some(month), report).await?;
                    let span = RecordQuery {
                        stream,
                        from: Some(month),
                        to: Some(next),
                    };
                    self.land(span, read, report).await?;
                    month = next;
                }
                Ok(())
            }
        }
    }

    /// The company's present day; until Gong has said its zone, the day that has begun in all.
    fn begun(&self, report: &StreamReport) -> Date {
        let zone = report.time_zone.as_deref();
        let zone = zone.and_then(|zone| TimeZone::get(zone).ok());
        let zone = zone.unwrap_or_else(|| TimeZone::fixed(tz::offset(-12)));
        zone.to_datetime(self.settings.now()).date()
    }

    /// Where reviews and figures are read from.
    async fn first_day(&self, stream: RecordStream) -> Result<Date> {
        if let Some(from) = self.settings.from {
            return Ok(from);
        }
        let is_new = self
            .store
            .records(&RecordQuery::all(stream))
            .await?
            .is_empty();
        let days = if is_new {
            FIRST_DAYS
        } else {
            i64::from(self.settings.lookback_days)
        };
        Ok(plus(self.settings.today(), -days))
    }

    /// Reads listings to their end. Figures of a month are told apart by it too.
    async fn list(
        &self,
        shape: &Shape,
        listings: impl IntoIterator<Item = Listing>,
        month: Option<Date>,
        report: &mut StreamReport,
    ) -> Result<BTreeMap<String, GongRecord>> {
        let mut read = BTreeMap::new();
        for listing in listings {
            let mut pages = self.gong.record_pages(listing);
            while let Some(page) = pages.try_next().await? {
                report.rejected += page.rejected.len() as u64;
                report.time_zone = page.time_zone.or(report.time_zone.take());
                for raw in page.items {
                    match self.record(shape, raw.get(), month) {
                        Some(record) => drop(read.insert(record.key.clone(), record)),
                        None => report.rejected += 1,
                    }
                }
            }
        }
        report.seen += read.len() as u64;
        Ok(read)
    }

    /// `None` for what has no key.
    fn record(&self, shape: &Shape, json: &str, month: Option<Date>) -> Option<GongRecord> {
        let value: Value = serde_json::from_str(json).ok()?;
        let key = match value.get(shape.key)? {
            Value::String(key) if !key.is_empty() => key.clone(),
            Value::Number(key) if !key.is_f64() => key.to_string(),
            _ => return None,
        };
        let reviewed = || {
            let at: Timestamp = value.get("reviewTime")?.as_str()?.parse().ok()?;
            Some(self.settings.time_zone.to_datetime(at).date())
        };
        Some(GongRecord {
            key: month.map_or(key.clone(), |month| {
                format!("{key} {}", month.strftime("%Y-%m"))
            }),
            day: match shape.span {
                Span::Days(_) => reviewed(),
                _ => month,
            },
            json: json.to_owned(),
        })
    }

    /// Lands what was read, and marks what is stored of the span and was not read.
    async fn land(
        &self,
        span: RecordQuery,
        read: BTreeMap<String, GongRecord>,
        report: &mut StreamReport,
    ) -> Result<()> {
        let stored = self.store.records(&span).await?;
        let stored: BTreeSet<String> = stored.into_iter().map(|record| record.key).collect();
        let gone: Vec<String> = stored
            .iter()
            .filter(|key| !read.contains_key(*key))
            .cloned()
            .collect();
        let (removals, live) = (gone.len() as u64, stored.len() as u64);
        // A key that sees nothing any more gets an empty list, and no error.
        let is_believed = !read.is_empty()
            && report.rejected == 0
            && self.settings.removals.allow(removals, live, live);
        if !is_believed {
            report.withheld += removals;
        }
        let page = RecordPage {
            stream: span.stream,
            run_id: self.run_id.clone(),
            records: read.into_values().collect(),
            gone: if is_believed { gone } else { Vec::new() },
        };
        let landed = self.store.land_records(&page).await?;
        report.inserted += landed.inserted;
        report.updated += landed.updated;
        report.deleted += landed.deleted;
        Ok(())
    }
}

/// Whether an error says something of one stream only.
fn is_of_the_stream(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Permission
            | ErrorKind::InvalidInput
            | ErrorKind::NotFound
            | ErrorKind::Decode
            | ErrorKind::Unsupported
    )
}

fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}
