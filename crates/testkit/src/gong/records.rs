//! Listings beside calls: settings, reviews, figures, the library.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::cursor::{Cursor, Position, fingerprint};
use super::exchange::Exchange;
use super::filter::BadRequest;
use super::reply::{PageTotals, PageWriter, Reply};
use super::state::SimulatorState;

/// The member of a record that says on which day it counts, for listings that are asked for
/// by days. It is not served.
const DAY: &str = "_day";

/// The member of a record that says whose workspace it is in. It is not served.
const WORKSPACE: &str = "_workspace";

/// A listing beside calls.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RecordsEndpoint {
    /// Under `/v2/`.
    pub(super) path: &'static str,
    pub(super) method: &'static str,
    pub(super) scope: &'static str,
    key: &'static str,
    asked: Asked,
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// In one reply.
    AtOnce,
    /// Of one workspace, in one reply.
    OfWorkspace,
    /// By pages of days, which the filter has under these names.
    ByDays(&'static str, &'static str),
    /// The same, for figures: until the company's present day, and with its zone.
    ByPastDays(&'static str, &'static str),
}

const ENDPOINTS: &[RecordsEndpoint] = &[
    RecordsEndpoint {
        path: "settings/scorecards",
        method: "GET",
        scope: "api:settings:scorecards:read",
        key: "scorecards",
        asked: Asked::AtOnce,
    },
    RecordsEndpoint {
        path: "settings/trackers",
        method: "GET",
        scope: "api:settings:trackers:read",
        key: "keywordTrackers",
        asked: Asked::AtOnce,
    },
    RecordsEndpoint {
        path: "library/folders",
        method: "GET",
        scope: "api:library:read",
        key: "folders",
        asked: Asked::OfWorkspace,
    },
    RecordsEndpoint {
        path: "stats/activity/scorecards",
        method: "POST",
        scope: "api:stats:scorecards",
        key: "answeredScorecards",
        asked: Asked::ByDays("reviewFromDate", "reviewToDate"),
    },
    RecordsEndpoint {
        path: "stats/interaction",
        method: "POST",
        scope: "api:stats:interaction",
        key: "peopleInteractionStats",
        asked: Asked::ByPastDays("fromDate", "toDate"),
    },
    RecordsEndpoint {
        path: "stats/activity/aggregate",
        method: "POST",
        scope: "api:stats:user-actions",
        key: "usersAggregateActivityStats",
        asked: Asked::ByPastDays("fromDate", "toDate"),
    },
];

/// The listing at a path.
pub(super) fn find(path: &str) -> Option<&'static RecordsEndpoint> {
    ENDPOINTS.iter().find(|one| one.path == path)
}

impl SimulatorState {
    /// Sets the records of a listing beside calls, by its path without `/v2/`, such as
    /// `settings/scorecards`. A record of a listing that is asked for by days says its day as
    /// `_day`, one of the library its workspace as `_workspace`; neither is served.
    pub fn set_records(&self, path: &str, records: impl IntoIterator<Item = Value>) {
        let records = records.into_iter().collect();
        self.shared.lock().records.insert(path.to_owned(), records);
    }
}

impl Exchange<'_> {
    pub(super) fn records(
        &self,
        endpoint: &RecordsEndpoint,
        query: &[(String, String)],
    ) -> Result<Reply, BadRequest> {
        let held = self.changing.records.get(endpoint.path);
        let held = held.map_or(&[][..], Vec::as_slice);
        match &endpoint.asked {
            Asked::AtOnce => Ok(self.record_page(endpoint, held.iter().collect(), None, 0)),
            Asked::OfWorkspace => {
                let workspace = query.iter().find(|(name, _)| name == "workspaceId");
                let Some((_, workspace)) = workspace else {
                    return Err(BadRequest("workspaceId: must not be null".to_owned()));
                };
                let is_there = |record: &&Value| record[WORKSPACE] == workspace.as_str();
                Ok(self.record_page(endpoint, held.iter().filter(is_there).collect(), None, 0))
            }
            Asked::ByDays(from, to) | Asked::ByPastDays(from, to) => {
                let body: Value = serde_json::from_str(&self.request.body)
                    .map_err(|_| BadRequest("the body is not valid JSON".to_owned()))?;
                self.records_of_days(endpoint, held, &body, [from, to])
            }
        }
    }

    fn records_of_days(
        &self,
        endpoint: &RecordsEndpoint,
        held: &[Value],
        body: &Value,
        [from, to]: [&str; 2],
    ) -> Result<Reply, BadRequest> {
        let filter = &body["filter"];
        let day = |name: &str| -> Result<Date, BadRequest> {
            let text = filter[name].as_str().unwrap_or_default();
            text.parse()
                .map_err(|_| BadRequest(format!("filter.{name}: is not a date")))
        };
        let (first, after) = (day(from)?, day(to)?);
        if matches!(endpoint.asked, Asked::ByPastDays(..)) && after > self.today() {
            let message = format!("filter.{to}: must not be after the current day");
            return Err(BadRequest(message));
        }
        // Gong leaves reviews by AI out unless it is asked for both.
        let method = filter["reviewMethod"].as_str().unwrap_or("MANUAL");
        let is_asked = |record: &&Value| {
            let day = record[DAY]
                .as_str()
                .and_then(|day| day.parse::<Date>().ok());
            let reviewed = record["reviewMethod"].as_str();
            day.is_some_and(|day| first <= day && day < after)
                && reviewed.is_none_or(|reviewed| method == "BOTH" || reviewed == method)
        };
        let asked: Vec<&Value> = held.iter().filter(is_asked).collect();
        if asked.is_empty() {
            let what = match endpoint.key {
                "answeredScorecards" => "answered scorecards",
                _ => "users",
            };
            let message = format!("No {what} found corresponding to the provided filters.");
            return Ok(Reply::error(self.request_id, 404, &message));
        }
        let request = fingerprint(&(endpoint.path, filter.to_string()));
        let (page, start) = match self.resume(body["cursor"].as_str(), request)? {
            Some(Cursor {
                page,
                position: Position::AtIndex(index),
                ..
            }) => (page, index),
            Some(_) => return Err(BadRequest("cursor: is not valid".to_owned())),
            None => (0, 0),
        };
        let end = asked.len().min(start + self.shared.page_size);
        let next =
            (end < asked.len()).then(|| self.cursor(Position::AtIndex(end), page + 1, request));
        let total = asked.len();
        let shown = asked.into_iter().skip(start).take(end - start).collect();
        Ok(self.record_page(endpoint, shown, Some((total, next)), page))
    }

    /// The company's.
    fn today(&self) -> Date {
        let now = self.changing.clock.now();
        self.changing.time_zone.1.to_datetime(now).date()
    }

    fn record_page(
        &self,
        endpoint: &RecordsEndpoint,
        shown: Vec<&Value>,
        rest: Option<(usize, Option<String>)>,
        page: usize,
    ) -> Reply {
        let (total, next) = rest.unwrap_or((shown.len(), None));
        let totals = PageTotals {
            total,
            size: shown.len(),
            page,
            cursor: next.as_deref(),
        };
        let mut writer = PageWriter::open(self.request_id, endpoint.key, totals);
        for (at, record) in shown.into_iter().enumerate() {
            let mut record = record.clone();
            if let Some(members) = record.as_object_mut() {
                members.remove(DAY);
                members.remove(WORKSPACE);
            }
            let text = record.to_string();
            writer.record(at.to_string(), |body| {
                body.extend_from_slice(text.as_bytes())
            });
        }
        let rest = match endpoint.asked {
            Asked::ByPastDays(..) => json!({ "timeZone": self.changing.time_zone.0 }),
            _ => json!({}),
        };
        writer.close_with(self.request_id, &rest)
    }
}
