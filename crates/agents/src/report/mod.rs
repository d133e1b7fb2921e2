//! A report for people: one HTML file that needs nothing else.
//!
//! No script, no font and no image is fetched, so the file can be mailed,
//! archived and printed; it follows the reader's light or dark setting. Text is
//! escaped by the template engine (the template is HTML, so every value is).
//!
//! The charts are SVG written by the template from coordinates that
//! `charts` and `tracks` compute. A plotting library (such as plotters) bakes
//! fixed colours and measured text into the picture, which neither follows dark
//! mode nor wraps; charts made of bars, lines and dots need less code than its
//! styling would.

mod charts;
mod dates;
mod digest_view;
mod links;
mod team_view;
mod tracks;
mod view;

use std::collections::HashSet;
use std::sync::Arc;

use calls::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use minijinja::value::Serde;
use minijinja::{Environment, Error as TemplateError};
use serde::Serialize;

pub use links::CallLinks;

use self::dates::Dates;
use self::digest_view::DigestView;
use crate::{
    CallAnalysis, CoachingReport, DealOverview, Digest, Error, ErrorCode, FoundCall, Result,
    TeamOverview, prose,
};

/// Similar calls that are shown.
const MOST_SIMILAR: usize = 5;

/// A report, part by part. Parts that are not given are left out.
///
/// ```
/// use agents::report::Report;
///
/// let html = Report::new("Sales calls", "2026-02-03T09:00:00Z".parse()?)
///     .with_total("Calls <stored>", "93")
///     .to_html()?;
/// assert!(html.contains("Calls &lt;stored&gt;"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Report<'a> {
    title: String,
    made_at: Timestamp,
    dates: Dates,
    links: CallLinks,
    totals: Vec<Total>,
    analysis: Option<&'a CallAnalysis>,
    similar: &'a [FoundCall],
    coaching: Option<&'a CoachingReport>,
    deal: Option<&'a DealOverview>,
    digest: Option<&'a Digest>,
    team: Option<&'a TeamOverview>,
}

#[derive(Debug, Clone, Serialize)]
struct Total {
    label: String,
    value: String,
}

impl<'a> Report<'a> {
    /// An empty report. `made_at` is printed at the top.
    pub fn new(title: impl Into<String>, made_at: Timestamp) -> Self {
        Self {
            title: title.into(),
            made_at,
            dates: Dates(TimeZone::UTC),
            links: CallLinks::default(),
            totals: Vec::new(),
            analysis: None,
            similar: &[],
            coaching: None,
            deal: None,
            digest: None,
            team: None,
        }
    }

    /// Writes times as a clock in this zone shows them; in UTC otherwise.
    #[must_use]
    pub fn in_time_zone(mut self, zone: TimeZone) -> Self {
        self.dates = Dates(zone);
        self
    }

    /// Leads from quotes and calls to where they are heard.
    #[must_use]
    pub fn with_links(mut self, links: CallLinks) -> Self {
        self.links.extend(links);
        self
    }

    /// Adds a figure to the head, such as the calls that a sync stored.
    #[must_use]
    pub fn with_total(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        let is_count = value.bytes().all(|byte| byte.is_ascii_digit());
        self.totals.push(Total {
            label: label.into(),
            value: if is_count {
                prose::grouped(&value)
            } else {
                value
            },
        });
        self
    }

    /// Adds one call.
    #[must_use]
    pub fn with_analysis(mut self, analysis: &'a CallAnalysis) -> Self {
        if let Some(url) = &analysis.call.url {
            self.links.insert(&analysis.call.id, url);
        }
        self.analysis = Some(analysis);
        self
    }

    /// Adds calls that resemble the call, best first; of each deal the best is shown.
    #[must_use]
    pub fn with_similar_calls(mut self, calls: &'a [FoundCall]) -> Self {
        self.similar = calls;
        self
    }

    /// Adds a rep beside the team.
    #[must_use]
    pub fn with_coaching(mut self, coaching: &'a CoachingReport) -> Self {
        self.coaching = Some(coaching);
        self
    }

    /// Adds a deal over its calls.
    #[must_use]
    pub fn with_deal(mut self, overview: &'a DealOverview) -> Self {
        self.deal = Some(overview);
        self
    }

    /// Adds a period's deals, steps and risks.
    #[must_use]
    pub fn with_digest(mut self, digest: &'a Digest) -> Self {
        self.digest = Some(digest);
        self
    }

    /// Adds the team.
    #[must_use]
    pub fn with_team(mut self, team: &'a TeamOverview) -> Self {
        self.team = Some(team);
        self
    }

    /// The report as one HTML file.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`]: the template and this crate do not fit together.
    pub fn to_html(&self) -> Result<String> {
        let environment = environment(self.links.clone(), self.dates.clone())
            .map_err(|error| template_error(&error))?;
        let template = environment
            .get_template("report.html")
            .map_err(|error| template_error(&error))?;
        let dates = &self.dates;
        let mut deals = HashSet::new();
        let mut similar: Vec<&FoundCall> = self.similar.iter().collect();
        similar.retain(|found| found.deal.as_ref().is_none_or(|deal| deals.insert(deal)));
        similar.truncate(MOST_SIMILAR);
        let context = view::Page {
            title: &self.title,
            made_at: dates.day_and_time(self.made_at),
            totals: &self.totals,
            analysis: self.analysis.map(|one| view::AnalysisView::of(one, dates)),
            similar: similar
                .into_iter()
                .map(|one| view::SimilarView::of(one, dates))
                .collect(),
            coaching: self.coaching.map(|one| view::CoachingView::of(one, dates)),
            deal: self.deal,
            digest: self.digest.map(|one| DigestView::of(one, dates)),
            team: self.team.map(|one| team_view::TeamView::of(one, dates)),
        };
        template
            .render(Serde(context))
            .map_err(|error| template_error(&error))
    }
}

fn environment(links: CallLinks, dates: Dates) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    let links = Arc::new(links);
    let of_moment = Arc::clone(&links);
    environment.add_function("moment", move |call_id: &str, start_ms: i64| {
        of_moment.moment(call_id, start_ms)
    });
    environment.add_function("page", move |call_id: &str| {
        links.call(call_id).map(str::to_owned)
    });
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    environment.add_filter("clock", |ms: i64| prose::clock(ms));
    environment.add_filter("cut", |text: &str| prose::shortened_to(text, 420));
    environment.add_filter("grouped", |count: u64| prose::grouped(&count.to_string()));
    // Of a date, or of the midnight in UTC that stands for one.
    environment.add_filter("date", |date: &str| {
        let parsed = date.get(..10).and_then(|date| date.parse::<Date>().ok());
        parsed.map_or(date.to_owned(), |date| {
            date.strftime("%-d %b %Y").to_string()
        })
    });
    environment.add_filter("money", |amount: &str| match amount.parse() {
        Ok(amount) => prose::money(amount, None),
        Err(_) => amount.to_owned(),
    });
    environment.add_filter("day", move |at: &str| match at.parse() {
        Ok(at) => dates.day(at),
        Err(_) => at.to_owned(),
    });
    environment.add_filter("spell", |name: &str| name.replace('_', " "));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

const TEMPLATES: [(&str, &str); 11] = [
    ("report.html", include_str!("../../templates/report.html")),
    ("style.html", include_str!("../../templates/style.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    ("moments.html", include_str!("../../templates/moments.html")),
    ("deal.html", include_str!("../../templates/deal.html")),
    ("digest.html", include_str!("../../templates/digest.html")),
    (
        "analysis.html",
        include_str!("../../templates/analysis.html"),
    ),
    ("gong.html", include_str!("../../templates/gong.html")),
    ("similar.html", include_str!("../../templates/similar.html")),
    (
        "coaching.html",
        include_str!("../../templates/coaching.html"),
    ),
    ("team.html", include_str!("../../templates/team.html")),
];

fn template_error(error: &TemplateError) -> Error {
    Error::new(
        ErrorCode::Internal,
        format!("the report's template is broken: {}", error.kind()),
    )
}
