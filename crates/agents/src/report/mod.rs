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
mod team_view;
mod tracks;
mod view;

use calls::Timestamp;
use minijinja::value::Serde;
use minijinja::{Environment, Error as TemplateError};
use serde::Serialize;

use crate::{
    CallAnalysis, CoachingReport, Error, ErrorCode, FoundCall, Result, TeamOverview, prose,
};

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
    totals: Vec<Total>,
    analysis: Option<&'a CallAnalysis>,
    similar: &'a [FoundCall],
    coaching: Option<&'a CoachingReport>,
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
            totals: Vec::new(),
            analysis: None,
            similar: &[],
            coaching: None,
            team: None,
        }
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
        self.analysis = Some(analysis);
        self
    }

    /// Adds calls that resemble the call.
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
        let environment = environment().map_err(|error| broken(&error))?;
        let template = environment
            .get_template("report.html")
            .map_err(|error| broken(&error))?;
        let context = view::Page {
            title: &self.title,
            made_at: day_and_time(self.made_at),
            totals: &self.totals,
            analysis: self.analysis.map(view::AnalysisView::of),
            similar: self.similar.iter().map(view::SimilarView::of).collect(),
            coaching: self.coaching.map(view::CoachingView::of),
            team: self.team.map(team_view::TeamView::of),
        };
        template
            .render(Serde(context))
            .map_err(|error| broken(&error))
    }
}

fn environment() -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    environment.add_filter("clock", |ms: i64| prose::clock(ms));
    environment.add_filter("cut", |text: &str| prose::shortened_to(text, 420));
    environment.add_filter("grouped", |count: u64| prose::grouped(&count.to_string()));
    environment.add_filter("spell", |name: &str| name.replace('_', " "));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

const TEMPLATES: [(&str, &str); 7] = [
    ("report.html", include_str!("../../templates/report.html")),
    ("style.html", include_str!("../../templates/style.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    (
        "analysis.html",
        include_str!("../../templates/analysis.html"),
    ),
    ("similar.html", include_str!("../../templates/similar.html")),
    (
        "coaching.html",
        include_str!("../../templates/coaching.html"),
    ),
    ("team.html", include_str!("../../templates/team.html")),
];

/// `2026-02-03 09:00 UTC`.
pub(crate) fn day_and_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// `3 Feb 2026`.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

fn broken(error: &TemplateError) -> Error {
    Error::new(
        ErrorCode::Internal,
        format!("the report's template is broken: {}", error.kind()),
    )
}
