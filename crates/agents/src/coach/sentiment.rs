//! How the tone of calls develops, from the scores that the store keeps.

use std::collections::HashSet;

use calls::CallId;
use serde::Serialize;
use snowflake_store::{CallQuery, CallReader, CoachingCall, Period, Rep};

use super::call_link::CallLink;
use super::examples::{Showing, show};
use super::history::{is_in, keep_comparable, parts};
use super::peers::name_of;
use super::period::{self, PeriodChoice};
use super::quotes::{Quotes, reading_of};
use super::standing::slope;
use super::{Compared, Course};
use crate::insights::{InsightBuilder, tone};
use crate::targets::CoachMetric;
use crate::{Basis, Claim, Error, ErrorCode, Figure, Result, prose};

/// Most calls of a period that are looked at, newest first.
const MOST_CALLS: usize = 10_000;

/// Parts with a tone below which nothing is said about a course.
const FEWEST_PARTS: usize = 3;

/// Whose calls are looked at.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum SentimentScope {
    /// Everybody's.
    #[default]
    Team,
    /// One rep's.
    Rep(Rep),
    /// Those with a company, by name or domain.
    Account(String),
}

/// How the tone of calls develops over a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SentimentTrends {
    /// Whose calls: a rep's or a company's name, or `the team`.
    pub of: String,
    /// The span of time; `None` when there is no such call at all.
    pub period: Option<Period>,
    /// Length of a part in days.
    pub bucket_days: u32,
    /// Calls with a transcript.
    pub calls: usize,
    /// Those that have a tone.
    pub scored: usize,
    /// Mean tone, -1 to 1.
    pub mean: Option<f64>,
    /// The parts of the period, those without calls included.
    pub buckets: Vec<SentimentBucket>,
    /// Where the tone goes.
    pub course: Course,
    /// Change per part by least squares, parts weighted by their calls; `None` with fewer
    /// than three parts that have a tone.
    pub per_bucket: Option<f64>,
    /// What it comes to, in sentences.
    pub summary: Vec<String>,
    /// The call of the lowest tone, with the customer's words; `None` where none is below 0.
    pub lowest: Option<Claim>,
    /// The call of the highest tone; `None` where none is above 0.
    pub highest: Option<Claim>,
    /// Whether a generative model told the tones, or read a call that is quoted.
    pub ai_enhanced: bool,
    /// What the reader should know about the limits of this answer, gaps among it.
    pub notes: Vec<String>,
}

/// The tone in one part of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SentimentBucket {
    /// The part.
    pub period: Period,
    /// Calls with a transcript.
    pub calls: usize,
    /// Those that have a tone.
    pub scored: usize,
    /// Their mean, -1 to 1.
    pub mean: Option<f64>,
    /// The call of the lowest tone.
    pub lowest: Option<CallLink>,
}

pub(crate) async fn trends(
    store: &dyn CallReader,
    scope: &SentimentScope,
    choice: PeriodChoice,
    bucket_days: u32,
    compared: &Compared,
) -> Result<SentimentTrends> {
    let rep = match scope {
        SentimentScope::Rep(rep) => Some(rep),
        _ => None,
    };
    let chosen = period::choose(store, rep, choice).await?;
    let Some(chosen) = chosen else {
        return match rep {
            Some(rep) => Err(super::no_such_rep(rep)),
            None => Ok(nothing(scope, bucket_days)),
        };
    };
    let period = chosen.period;
    let mut calls = store.calls_for_coaching(rep, period, MOST_CALLS).await?;
    let mut notes: Vec<String> = chosen.note.into_iter().collect();
    if calls.len() == MOST_CALLS {
        notes.push(format!("The {MOST_CALLS} newest calls are looked at."));
    }
    if let SentimentScope::Account(account) = scope {
        let with = ids_with(store, account, period).await?;
        calls.retain(|call| with.contains(&call.header.id));
    }
    let left_out = keep_comparable(&mut calls, compared.insights.as_ref());
    let buckets = buckets(&calls, period, bucket_days);
    let (course, per_bucket) = course(&buckets, compared);
    let mean = mean_of(calls.iter().filter_map(tone_of));
    let scored = calls.iter().filter_map(tone_of).count();
    notes.extend(gaps(&buckets, calls.len(), scored, left_out));
    let of = match scope {
        SentimentScope::Team => "the team".to_owned(),
        SentimentScope::Account(account) => account.clone(),
        SentimentScope::Rep(_) => calls
            .first()
            .map(|call| name_of(&call.header.rep).to_owned())
            .unwrap_or_default(),
    };
    let mut quotes = Quotes::new(store, compared.reader.as_ref());
    let lowest = extreme(&mut quotes, &calls, false).await?;
    let highest = extreme(&mut quotes, &calls, true).await?;
    let language = compared.language.as_ref();
    let is_told_by_model = language.is_some_and(InsightBuilder::tells_tones_by_model);
    let is_read = |claim: &Option<Claim>| {
        let claim = claim.as_ref();
        claim.is_some_and(|claim| quotes.are_read(claim.evidence()))
    };
    let is_quoted_from_model =
        compared.is_by_model(compared.reader.as_ref()) && (is_read(&lowest) || is_read(&highest));
    let ai_enhanced = is_quoted_from_model || (scored > 0 && is_told_by_model);
    Ok(SentimentTrends {
        ai_enhanced,
        lowest,
        highest,
        summary: summary(&of, &buckets, mean, scored, course, bucket_days),
        of,
        period: Some(period),
        bucket_days,
        calls: calls.len(),
        scored,
        mean,
        buckets,
        course,
        per_bucket,
        notes,
    })
}

fn nothing(scope: &SentimentScope, bucket_days: u32) -> SentimentTrends {
    SentimentTrends {
        of: match scope {
            SentimentScope::Account(account) => account.clone(),
            _ => "the team".to_owned(),
        },
        period: None,
        bucket_days,
        calls: 0,
        scored: 0,
        mean: None,
        buckets: Vec::new(),
        course: Course::Unknown,
        per_bucket: None,
        summary: Vec::new(),
        lowest: None,
        highest: None,
        ai_enhanced: false,
        notes: vec!["The store has no call.".to_owned()],
    }
}

async fn ids_with(
    store: &dyn CallReader,
    account: &str,
    period: Period,
) -> Result<HashSet<CallId>> {
    let query = CallQuery {
        account: Some(account.to_owned()),
        period: Some(period),
        with_transcript: true,
        limit: MOST_CALLS,
        ..CallQuery::default()
    };
    let found = store.find_calls(&query).await?;
    if found.is_empty() {
        let message = "no call with such a company, by name or domain, in the period";
        return Err(Error::new(ErrorCode::AccountNotFound, message).with_field("account"));
    }
    Ok(found.into_iter().map(|header| header.id).collect())
}

fn tone_of(call: &CoachingCall) -> Option<f64> {
    CoachMetric::Sentiment.value(&call.figures)
}

fn mean_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

fn buckets(calls: &[CoachingCall], period: Period, days: u32) -> Vec<SentimentBucket> {
    let parts = parts(period, days).into_iter();
    parts
        .map(|part| {
            let of_part = || calls.iter().filter(|call| is_in(part, call.header.started));
            let scored = || of_part().filter_map(|call| Some((tone_of(call)?, call)));
            let lowest = scored().min_by(|a, b| a.0.total_cmp(&b.0));
            SentimentBucket {
                period: part,
                calls: of_part().count(),
                scored: scored().count(),
                mean: mean_of(scored().map(|(tone, _)| tone)),
                lowest: lowest.map(|(_, call)| CallLink::from(&call.header)),
            }
        })
        .collect()
}

/// Where the tone goes: the change over all parts has to be one that somebody would notice.
fn course(buckets: &[SentimentBucket], compared: &Compared) -> (Course, Option<f64>) {
    let points: Vec<(f64, f64, f64)> = buckets
        .iter()
        .enumerate()
        .filter_map(|(at, bucket)| Some((at as f64, bucket.mean?, bucket.scored as f64)))
        .collect();
    if points.len() < FEWEST_PARTS {
        return (Course::Unknown, None);
    }
    let per_bucket = slope(&points);
    let target = compared.settings.targets.of(CoachMetric::Sentiment);
    let noticeable = 2.0 * target.just_noticeable;
    let change = per_bucket * (buckets.len() as f64 - 1.0);
    let course = if change >= noticeable {
        Course::Improving
    } else if change <= -noticeable {
        Course::Declining
    } else {
        Course::Steady
    };
    (course, Some(per_bucket))
}

fn gaps(buckets: &[SentimentBucket], calls: usize, scored: usize, left_out: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let day = |bucket: &SentimentBucket| prose::date(bucket.period.from);
    let empty: Vec<String> = buckets
        .iter()
        .filter(|bucket| bucket.calls == 0)
        .map(day)
        .collect();
    if !empty.is_empty() {
        notes.push(format!(
            "{} without a call, from {}.",
            prose::count(empty.len(), "part"),
            empty.join(", ")
        ));
    }
    let silent: Vec<String> = buckets
        .iter()
        .filter(|bucket| bucket.calls > 0 && bucket.scored == 0)
        .map(day)
        .collect();
    if !silent.is_empty() {
        notes.push(format!(
            "{} with calls and without a tone, from {}.",
            prose::count(silent.len(), "part"),
            silent.join(", ")
        ));
    }
    if left_out > 0 {
        notes.push(format!(
            "The tone of {} comes from another backend and is not compared.",
            prose::count(left_out, "call")
        ));
    }
    if scored + left_out < calls {
        notes.push(format!(
            "{} of {} were not analysed yet.",
            calls - scored - left_out,
            prose::count(calls, "call")
        ));
    }
    notes
}

fn summary(
    of: &str,
    buckets: &[SentimentBucket],
    mean: Option<f64>,
    scored: usize,
    course: Course,
    bucket_days: u32,
) -> Vec<String> {
    let Some(mean) = mean else {
        return vec!["No call of the period has a tone.".to_owned()];
    };
    let whose = match of {
        "the team" => "The team's calls".to_owned(),
        name => format!("The calls of {name}"),
    };
    let mut sentences = vec![format!(
        "{whose} sound {} on average ({mean:+.2} over {}).",
        tone::word(mean),
        prose::count(scored, "call")
    )];
    let with_tone = || {
        buckets
            .iter()
            .filter_map(|bucket| Some((bucket.mean?, bucket)))
    };
    let first = with_tone().next();
    let last = with_tone().next_back();
    if let (Some((first, _)), Some((last, _))) = (first, last) {
        let went = match course {
            Course::Improving => "The tone rises",
            Course::Declining => "The tone falls",
            Course::Steady => "The tone stays level",
            Course::Unknown => {
                sentences.push(format!(
                    "Fewer than three parts of {bucket_days} days have a tone: too few for a trend."
                ));
                return sentences;
            }
        };
        sentences.push(format!(
            "{went}: from {first:+.2} in the first part to {last:+.2} in the last."
        ));
    }
    sentences
}

/// The call of the lowest or the highest tone, with the customer's words about the deal.
async fn extreme(
    quotes: &mut Quotes<'_>,
    calls: &[CoachingCall],
    bright: bool,
) -> Result<Option<Claim>> {
    let scored = calls.iter().filter_map(|call| Some((tone_of(call)?, call)));
    let found = scored
        .filter(|(tone, _)| (*tone > 0.0) == bright && *tone != 0.0)
        .max_by(|a, b| match bright {
            true => a.0.total_cmp(&b.0),
            false => b.0.total_cmp(&a.0),
        });
    let Some((tone, call)) = found else {
        return Ok(None);
    };
    let Some(detail) = quotes.detail(&call.header.id).await? else {
        return Ok(None);
    };
    let reading = reading_of(&detail, quotes.reader);
    let showing = match bright {
        true => Showing::Strength,
        false => Showing::TooLow,
    };
    let evidence = quotes.take(show(CoachMetric::Sentiment, &detail, reading, showing)?);
    if evidence.is_empty() {
        return Ok(None);
    }
    let kind = if bright {
        "highest_tone"
    } else {
        "lowest_tone"
    };
    let text = format!(
        "{}: {} on {} ({tone:+.2}).",
        if bright {
            "Brightest call"
        } else {
            "Darkest call"
        },
        call.header
            .title
            .as_deref()
            .unwrap_or("a call without a title"),
        prose::date(call.header.started)
    );
    let claim = Claim::new(kind, text, Basis::Metric, evidence)?;
    Ok(Some(claim.with_figure(Figure::new("tone", tone, "score"))))
}
