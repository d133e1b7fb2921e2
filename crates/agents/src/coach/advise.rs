//! Strengths, recommendations and calls to listen to, each with sentences as evidence.

use snowflake_store::{CallHeader, CallReader, CoachingCall, Period, RepIdentity};

use super::call_link::CallLink;
use super::examples::{Showing, show};
use super::model::{CoachingClaim, CoachingRecommendation, Confidence, ListeningPick, PeerExample};
use super::moment_advice::MomentAdvice;
use super::peers::{lookup_of, name_of};
use super::quotes::{Quotes, reading_of};
use super::standing::{Assessment, Course, MetricStanding};
use super::team_figures::TeamFigures;
use crate::targets::{CoachMetric, CoachingSettings, Targets};
use crate::{Basis, Claim, Evidence, Figure, Result};

const MOST_STRENGTHS: usize = 3;

/// Calls that one claim shows.
const CALLS_A_CLAIM: usize = 2;

/// A colleague's calls among which an example is looked for.
const CALLS_OF_A_PEER: usize = 50;

/// What the coach says about a rep.
#[derive(Debug, Default)]
pub(crate) struct Advised {
    pub(crate) strengths: Vec<CoachingClaim>,
    pub(crate) recommendations: Vec<CoachingRecommendation>,
}

/// Looks for the sentences behind a rep's figures.
pub(crate) struct Advice<'a, 'q> {
    pub(crate) store: &'a dyn CallReader,
    pub(crate) period: Period,
    pub(crate) rep: &'a RepIdentity,
    pub(crate) calls: &'a [CoachingCall],
    pub(crate) team: &'a TeamFigures,
    pub(crate) confidence: &'a Confidence,
    pub(crate) settings: &'a CoachingSettings,
    pub(crate) quotes: &'a mut Quotes<'q>,
}

impl Advice<'_, '_> {
    pub(crate) async fn on(mut self, metrics: &[MetricStanding]) -> Result<Advised> {
        let mut advised = Advised::default();
        let targets = &self.settings.targets;
        for standing in weakest_first(metrics, targets) {
            if advised.recommendations.len() == self.settings.most_recommendations {
                break;
            }
            advised
                .recommendations
                .extend(self.recommendation(standing).await?);
        }
        for standing in strongest_first(metrics, targets)
            .into_iter()
            .take(MOST_STRENGTHS)
        {
            advised.strengths.extend(self.strength(standing).await?);
        }
        Ok(advised)
    }

    pub(crate) async fn recommendation(
        &mut self,
        standing: &MetricStanding,
    ) -> Result<Option<CoachingRecommendation>> {
        let target = self.settings.targets.of(standing.metric);
        let is_high = target.is_above(standing.value);
        let showing = match is_high {
            true => Showing::TooHigh,
            false => Showing::TooLow,
        };
        let Some((evidence, calls)) = self.shown(standing.metric, showing).await? else {
            return Ok(None);
        };
        let text = format!(
            "{} {}",
            standing.metric.advice(is_high),
            self.comparison(standing)
        );
        let claim = self.claim("recommendation", text, standing, evidence)?;
        Ok(Some(CoachingRecommendation {
            metric: standing.metric,
            weight: weight_of(standing, &self.settings.targets),
            claim,
            calls,
            example: self.example(standing).await?,
        }))
    }

    async fn strength(&mut self, standing: &MetricStanding) -> Result<Option<CoachingClaim>> {
        let Some((evidence, calls)) = self.shown(standing.metric, Showing::Strength).await? else {
            return Ok(None);
        };
        let text = self.comparison(standing);
        let claim = self.claim("strength", text, standing, evidence)?;
        Ok(Some(CoachingClaim {
            metric: standing.metric,
            claim,
            calls,
        }))
    }

    fn claim(
        &self,
        kind: &str,
        text: String,
        standing: &MetricStanding,
        evidence: Vec<Evidence>,
    ) -> Result<Claim> {
        let figure = Figure::new(standing.label, standing.value, standing.unit);
        Ok(Claim::new(kind, text, Basis::Metric, evidence)?
            .with_figure(figure)
            .with_confidence(self.confidence.share()))
    }

    /// Sentences out of the rep's most telling calls, and the calls; `None` when
    /// no call shows the metric.
    async fn shown(
        &mut self,
        metric: CoachMetric,
        showing: Showing,
    ) -> Result<Option<(Vec<Evidence>, Vec<CallLink>)>> {
        let calls = self.calls;
        let (mut evidence, mut links) = (Vec::new(), Vec::new());
        for call in self.most_telling(metric, calls, showing) {
            if links.len() == CALLS_A_CLAIM {
                break;
            }
            let sentences = self.sentences(metric, &call.header, showing).await?;
            if !sentences.is_empty() {
                links.push(CallLink::from(&call.header));
                evidence.extend(sentences);
            }
        }
        Ok((!evidence.is_empty()).then_some((evidence, links)))
    }

    /// How the colleague with the best figure does it in their best call.
    async fn example(&mut self, standing: &MetricStanding) -> Result<Option<PeerExample>> {
        let metric = standing.metric;
        let target = self.settings.targets.of(metric);
        let own = target.badness(standing.value);
        let few = u64::try_from(self.settings.few_calls).unwrap_or(u64::MAX);
        let best = self
            .team
            .reps
            .iter()
            .filter(|peer| !peer.is_of(self.rep) && metric.measured(&peer.measured) >= few)
            .filter_map(|peer| Some((target.badness(metric.value(&peer.figures)?), peer)))
            .filter(|(badness, _)| *badness < own)
            .min_by(|a, b| {
                a.0.total_cmp(&b.0)
                    .then_with(|| a.1.rep.name.cmp(&b.1.rep.name))
            });
        let Some((_, peer)) = best else {
            return Ok(None);
        };
        let Some(lookup) = lookup_of(&peer.rep) else {
            return Ok(None);
        };
        let calls = self
            .store
            .calls_for_coaching(Some(&lookup), self.period, CALLS_OF_A_PEER)
            .await?;
        let best = self.most_telling(metric, &calls, Showing::Strength);
        let Some(call) = best.into_iter().next() else {
            return Ok(None);
        };
        let Some(value) = metric.value(&call.figures) else {
            return Ok(None);
        };
        let evidence = self
            .sentences(metric, &call.header, Showing::Strength)
            .await?;
        if evidence.is_empty() {
            return Ok(None);
        }
        let display = metric.display(value);
        let text = format!(
            "{} does it well: {} {display} in this call.",
            name_of(&peer.rep),
            metric.label().to_lowercase()
        );
        let claim = Claim::new("example", text, Basis::Metric, evidence)?.with_figure(Figure::new(
            metric.label(),
            value,
            metric.unit(),
        ));
        Ok(Some(PeerExample {
            rep: peer.rep.clone(),
            value,
            display,
            call: CallLink::from(&call.header),
            claim,
        }))
    }

    async fn sentences(
        &mut self,
        metric: CoachMetric,
        header: &CallHeader,
        showing: Showing,
    ) -> Result<Vec<Evidence>> {
        let Some(detail) = self.quotes.detail(&header.id).await? else {
            return Ok(Vec::new());
        };
        let reading = reading_of(&detail, self.quotes.reader);
        let choice = show(metric, &detail, reading, showing)?;
        Ok(self.quotes.take(choice))
    }

    /// Calls with the metric, worst or best first; among equals the newest.
    fn most_telling<'c>(
        &self,
        metric: CoachMetric,
        calls: &'c [CoachingCall],
        showing: Showing,
    ) -> Vec<&'c CoachingCall> {
        let target = self.settings.targets.of(metric);
        let mut measured: Vec<(f64, &CoachingCall)> = calls
            .iter()
            .filter_map(|call| Some((metric.value(&call.figures)?, call)))
            // What meets the target is no weakness of this call, and what misses it no strength.
            .filter(|(value, _)| match showing {
                Showing::Strength => target.is_met(*value),
                Showing::TooHigh => target.is_above(*value),
                Showing::TooLow => !target.is_met(*value) && !target.is_above(*value),
            })
            .map(|(value, call)| (target.badness(value), call))
            .collect();
        measured.sort_by(|a, b| match showing {
            Showing::Strength => a.0.total_cmp(&b.0),
            _ => b.0.total_cmp(&a.0),
        });
        measured.into_iter().map(|(_, call)| call).collect()
    }

    /// The figure beside the target and the team's, and where it goes.
    fn comparison(&self, standing: &MetricStanding) -> String {
        let metric = standing.metric;
        let target = self.settings.targets.of(metric);
        let mut text = format!("{}: {}", standing.label, standing.display);
        if let Some(team) = standing.team {
            text.push_str(&format!(
                "; the team's median is {}, its middle half {} to {}",
                metric.display(team.median),
                metric.display(team.p25),
                metric.display(team.p75)
            ));
        }
        text.push_str(&format!("; our target is {}.", metric.range(target)));
        match standing.trend.course {
            Course::Improving => text.push_str(" It is getting better."),
            Course::Declining => text.push_str(" It is getting worse."),
            Course::Steady | Course::Unknown => {}
        }
        text
    }
}

/// Metrics to work on, most effective first. A rep in the team's middle half on all of them
/// still gets the one that misses its target furthest on the wrong side of the median.
fn weakest_first<'m>(metrics: &'m [MetricStanding], targets: &Targets) -> Vec<&'m MetricStanding> {
    let mut behind: Vec<&MetricStanding> = metrics
        .iter()
        .filter(|standing| standing.gap > 0.0 && standing.assessment != Assessment::Strength)
        .collect();
    behind.sort_by(|a, b| {
        weight_of(b, targets)
            .total_cmp(&weight_of(a, targets))
            .then(a.metric.cmp(&b.metric))
    });
    let stands_out = |standing: &&MetricStanding| standing.assessment == Assessment::ToWorkOn;
    if behind.iter().any(stands_out) {
        behind.retain(stands_out);
    } else {
        behind.truncate(1);
    }
    behind
}

/// Strengths, most important first. Being like the team is none: praise for what is
/// ordinary tells a rep that nobody looked.
fn strongest_first<'m>(
    metrics: &'m [MetricStanding],
    targets: &Targets,
) -> Vec<&'m MetricStanding> {
    let importance = |standing: &MetricStanding| targets.of(standing.metric).importance;
    let mut strengths: Vec<&MetricStanding> = metrics
        .iter()
        .filter(|standing| standing.assessment == Assessment::Strength && standing.gap == 0.0)
        .collect();
    strengths.sort_by(|a, b| {
        importance(b)
            .total_cmp(&importance(a))
            .then(a.metric.cmp(&b.metric))
    });
    strengths
}

/// Gap times importance.
pub(crate) fn weight_of(standing: &MetricStanding, targets: &Targets) -> f64 {
    standing.gap * targets.of(standing.metric).importance
}

/// Calls worth listening to, each once: where the first advice shows, how colleagues do it,
/// and the best call of the first strength.
pub(crate) fn listening(
    rep: &RepIdentity,
    moments: &[MomentAdvice],
    advised: &Advised,
) -> Vec<ListeningPick> {
    let mut picks: Vec<ListeningPick> = Vec::new();
    let mut pick = |call: &CallLink, rep: &RepIdentity, reason: String| {
        if picks.iter().all(|known| known.call.id != call.id) {
            picks.push(ListeningPick {
                call: call.clone(),
                rep: rep.clone(),
                reason,
            });
        }
    };
    for advice in moments.iter().take(2) {
        let kind = advice.kind.replace('_', " ");
        if let Some(place) = advice.places.first() {
            pick(
                &place.call,
                rep,
                format!("shows best what to change: {kind}"),
            );
        }
        if let Some(example) = &advice.example {
            let reason = format!("how {} deals with it: {kind}", name_of(&example.rep));
            pick(&example.place.call, &example.rep, reason);
        }
    }
    for recommendation in advised.recommendations.iter().take(2) {
        let label = recommendation.metric.label().to_lowercase();
        if let Some(call) = recommendation.calls.first() {
            pick(call, rep, format!("shows best what to change: {label}"));
        }
        if let Some(example) = &recommendation.example {
            let reason = format!("how {} does it: {label}", name_of(&example.rep));
            pick(&example.call, &example.rep, reason);
        }
    }
    if let Some(strength) = advised.strengths.first()
        && let Some(call) = strength.calls.first()
    {
        let label = strength.metric.label().to_lowercase();
        pick(call, rep, format!("worth repeating: {label}"));
    }
    picks
}

#[cfg(test)]
mod tests {
    use snowflake_store::{Benchmark, Performance, RepFigures, Spread};

    use super::super::standing::standings;
    use super::*;

    #[test]
    fn being_like_the_team_is_no_strength() {
        let all = |value| Spread {
            min: value,
            p25: value - 1.0,
            median: value,
            p75: value + 1.0,
            max: value,
            mean: value,
        };
        let team = TeamFigures {
            reps: Vec::new(),
            benchmark: Benchmark {
                reps: 5,
                question_rate: Some(all(12.0)),
                ..Benchmark::default()
            },
            won: RepFigures::default(),
            lost: RepFigures::default(),
            winners: Vec::new(),
        };
        let strengths = |question_rate| {
            let own = RepFigures {
                figures: Performance {
                    question_rate: Some(question_rate),
                    ..Performance::default()
                },
                ..RepFigures::default()
            };
            let settings = CoachingSettings::default();
            let metrics = standings(&own, None, &team, &[], &settings);
            assert_eq!(metrics.len(), 1);
            strongest_first(&metrics, &settings.targets).len()
        };
        assert_eq!(strengths(12.0), 0);
        assert_eq!(strengths(2.0), 0);
        assert_eq!(strengths(30.0), 1);
    }
}
