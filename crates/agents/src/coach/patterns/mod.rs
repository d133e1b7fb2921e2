//! What recurs over the calls of a period, and what tells won deals from lost ones.

mod alike;
mod mentions;
mod model;
mod separate;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use calls::{CallId, DealOutcome};
use snowflake_store::{CallReader, CoachingCall, Rep};

pub use model::{OutcomeCount, OutcomeShare, Pattern, Patterns, Separation};

use super::examples::{Showing, show};
use super::history::keep_comparable;
use super::period::{self, PeriodChoice};
use super::quotes::{Quotes, reading_of};
use super::readings::Readings;
use super::{Compared, Team};
use crate::conversation::Conversation;
use crate::targets::CoachMetric;
use crate::{Basis, Claim, Evidence, Result, prose};
use alike::join_alike;
use mentions::{Family, Mention, mentions_in};
use separate::{Two, deals};

/// What was heard in fewer calls does not recur.
const FEWEST_CALLS: usize = 2;

/// Patterns of one family that are listed.
const MOST: usize = 10;

/// Calls that one pattern cites.
const CITED_CALLS: usize = 3;

/// A difference in the share of deals that is worth listing. Ours.
const LEAST_SHARE: f64 = 0.20;

/// How sure counts are: as sure as the items that are counted.
const WORDS: usize = 20;

/// The calls by how their deals stand, in the order of a report.
const OUTCOMES: [Option<DealOutcome>; 5] = [
    Some(DealOutcome::Won),
    Some(DealOutcome::Lost),
    Some(DealOutcome::Open),
    Some(DealOutcome::Unknown),
    None,
];

/// A call with what was heard in it.
struct CallMentions<'a> {
    call: &'a CoachingCall,
    mentions: Vec<Mention>,
}

pub(crate) async fn find(
    store: &dyn CallReader,
    rep: Option<&Rep>,
    choice: PeriodChoice,
    limit: usize,
    compared: &Compared,
) -> Result<Patterns> {
    let reps = compared.reps();
    let rep = rep.or(reps.as_ref());
    let chosen = period::choose(store, rep, choice).await?;
    let Some(chosen) = chosen else {
        return Ok(nothing());
    };
    let mut calls = store.calls_for_coaching(rep, chosen.period, limit).await?;
    keep_comparable(&mut calls, compared.insights.as_ref());
    let ids: Vec<CallId> = calls.iter().map(|call| call.header.id.clone()).collect();
    let readings = Readings::of_ids(store, ids, compared.reader.as_ref()).await?;
    let read = readings.calls(calls.iter().map(|call| &call.header));
    let by_id = |id: &CallId| calls.iter().find(|call| call.header.id == *id);
    let mut heard: Vec<CallMentions<'_>> = read
        .iter()
        .filter_map(|one| {
            Some(CallMentions {
                call: by_id(&one.header.id)?,
                mentions: mentions_in(one),
            })
        })
        .collect();
    let all = heard.iter_mut().flat_map(|call| &mut call.mentions);
    join_alike(compared.language.as_ref(), all).await;
    let mut quotes = Quotes::new(store, readings.reader.as_ref());
    let mut found = Finder {
        heard: &heard,
        quotes: &mut quotes,
        compared,
    };
    let separates = found.separates(&calls).await?;
    let patterns = Patterns {
        pushback: found.of(Family::Pushback).await?,
        competitors: found.of(Family::Competitor).await?,
        pains: found.of(Family::Pain).await?,
        moments: found.of(Family::Moment).await?,
        separates,
        outcomes: outcomes(&heard),
        period: Some(chosen.period),
        calls: calls.len(),
        calls_read: heard.len(),
        ai_enhanced: !heard.is_empty() && compared.is_by_model(readings.reader.as_ref()),
        read_by: readings.reader.clone(),
        notes: notes(chosen.note, &calls, limit, &readings, compared),
    };
    Ok(patterns)
}

fn nothing() -> Patterns {
    Patterns {
        period: None,
        calls: 0,
        calls_read: 0,
        ai_enhanced: false,
        read_by: None,
        outcomes: Vec::new(),
        pushback: Vec::new(),
        competitors: Vec::new(),
        pains: Vec::new(),
        moments: Vec::new(),
        separates: Vec::new(),
        notes: vec!["The store has no such call.".to_owned()],
    }
}

fn outcomes(heard: &[CallMentions<'_>]) -> Vec<OutcomeCount> {
    let of = |outcome| {
        heard
            .iter()
            .map(|one| one.call)
            .filter(move |call| call.outcome == outcome)
    };
    let counts = OUTCOMES.into_iter().map(|outcome| OutcomeCount {
        outcome,
        calls: of(outcome).count(),
        deals: deals(of(outcome)),
    });
    counts.filter(|count| count.calls > 0).collect()
}

fn notes(
    chosen: Option<String>,
    calls: &[CoachingCall],
    limit: usize,
    readings: &Readings,
    compared: &Compared,
) -> Vec<String> {
    let mut notes: Vec<String> = chosen.into_iter().collect();
    notes.extend(compared.team.as_ref().map(Team::note));
    if calls.len() == limit {
        notes.push(format!("The {limit} newest calls are looked at."));
    }
    notes.extend(readings.note(calls.len()));
    let of = |outcome| {
        deals(
            calls
                .iter()
                .filter(move |call| call.outcome == Some(outcome)),
        )
    };
    let (won, lost) = (of(DealOutcome::Won), of(DealOutcome::Lost));
    let fewest = compared.settings.fewest_to_compare;
    if won < fewest || lost < fewest {
        notes.push(format!(
            "{} won and {} lost: too few to say what tells them apart ({fewest} of each).",
            prose::count(won, "deal"),
            prose::count(lost, "deal")
        ));
    }
    notes
}

struct Finder<'f, 'q> {
    heard: &'f [CallMentions<'f>],
    quotes: &'f mut Quotes<'q>,
    compared: &'f Compared,
}

impl Finder<'_, '_> {
    /// The patterns of a family, most calls first.
    async fn of(&mut self, family: Family) -> Result<Vec<Pattern>> {
        let mut by_key: BTreeMap<&str, Vec<(&CoachingCall, &Mention)>> = BTreeMap::new();
        for one in self.heard {
            for heard in one.mentions.iter().filter(|heard| heard.family == family) {
                let found = by_key.entry(&heard.key).or_default();
                found.push((one.call, heard));
            }
        }
        let calls_of = |found: &[(&CoachingCall, &Mention)]| {
            let ids: HashSet<&CallId> = found.iter().map(|(call, _)| &call.header.id).collect();
            ids.len()
        };
        let recurring = by_key
            .into_values()
            .map(|found| (calls_of(&found), found))
            .filter(|(calls, _)| *calls >= FEWEST_CALLS);
        let mut recurring: Vec<(usize, Vec<(&CoachingCall, &Mention)>)> = recurring.collect();
        recurring.sort_by_key(|(calls, _)| std::cmp::Reverse(*calls));
        let mut patterns = Vec::new();
        for (calls, found) in recurring.into_iter().take(MOST) {
            patterns.extend(self.pattern(calls, &found).await?);
        }
        Ok(patterns)
    }

    async fn pattern(
        &mut self,
        calls: usize,
        found: &[(&CoachingCall, &Mention)],
    ) -> Result<Option<Pattern>> {
        let evidence = self.cited(found).await?;
        let Some((_, first)) = found.first().filter(|_| !evidence.is_empty()) else {
            return Ok(None);
        };
        let what = prose::shortened(&first.what, WORDS);
        let share = calls as f64 / self.heard.len().max(1) as f64;
        let by_outcome = self.by_outcome(found);
        let answers: Vec<bool> = found.iter().filter_map(|(_, one)| one.met).collect();
        let met = answers.iter().filter(|met| **met).count() as f64;
        let met = (!answers.is_empty()).then(|| met / answers.len() as f64);
        let sure = found.iter().map(|(_, one)| one.sure).sum::<f64>() / found.len() as f64;
        let mut text = format!(
            "{}: in {calls} of {} ({})",
            prose::capitalised(&what),
            prose::count(self.heard.len(), "call"),
            prose::percent(share)
        );
        for (outcome, name) in [(DealOutcome::Won, "won"), (DealOutcome::Lost, "lost")] {
            let of = by_outcome.iter().find(|one| one.outcome == Some(outcome));
            if let Some(of) = of {
                text.push_str(&format!("; {} of {} on {name} deals", of.calls, of.of));
            }
        }
        text.push('.');
        Ok(Some(Pattern {
            what,
            calls,
            share,
            by_outcome,
            met,
            claim: Claim::new("pattern", text, Basis::Quote, evidence)?.with_confidence(sure),
        }))
    }

    fn by_outcome(&self, found: &[(&CoachingCall, &Mention)]) -> Vec<OutcomeShare> {
        let share = |outcome| {
            let with: BTreeSet<&CallId> = found
                .iter()
                .filter(|(call, _)| call.outcome == outcome)
                .map(|(call, _)| &call.header.id)
                .collect();
            let stands_so = |one: &&CallMentions<'_>| one.call.outcome == outcome;
            let of = self.heard.iter().filter(stands_so).count();
            OutcomeShare {
                outcome,
                calls: with.len(),
                of,
                share: with.len() as f64 / of.max(1) as f64,
            }
        };
        let shares = OUTCOMES.into_iter().map(share);
        shares.filter(|share| share.of > 0).collect()
    }

    /// Words from several calls, the surest first; a sentence for one pattern only.
    async fn cited(&mut self, found: &[(&CoachingCall, &Mention)]) -> Result<Vec<Evidence>> {
        let mut surest: Vec<&(&CoachingCall, &Mention)> = found.iter().collect();
        surest.sort_by(|a, b| b.1.sure.total_cmp(&a.1.sure));
        let mut cited: Vec<Evidence> = Vec::new();
        let mut calls: BTreeSet<&CallId> = BTreeSet::new();
        for (call, heard) in surest {
            if calls.len() == CITED_CALLS {
                break;
            }
            if calls.contains(&call.header.id) {
                continue;
            }
            let Some(detail) = self.quotes.detail(&call.header.id).await? else {
                continue;
            };
            let conversation = Conversation::of(&detail)?;
            let choice = match heard.sentences.as_slice() {
                [] => conversation.closing(2),
                sentences => conversation.cite_read(sentences, sentences.len()),
            };
            let mut taken = self.quotes.take(choice);
            taken.truncate(2);
            if !taken.is_empty() {
                calls.insert(&call.header.id);
                cited.extend(taken);
            }
        }
        Ok(cited)
    }

    /// Figures and findings that differ clearly between won and lost deals.
    async fn separates(&mut self, calls: &[CoachingCall]) -> Result<Vec<Separation>> {
        let fewest = self.compared.settings.fewest_to_compare;
        let mut separations = Vec::new();
        for metric in CoachMetric::ALL {
            let two = Two::of(calls, |call| metric.value(&call.figures));
            let least = self.compared.settings.targets.of(metric).just_noticeable;
            let Some(difference) = two.difference(fewest, least) else {
                continue;
            };
            let evidence = self.showing(metric, calls).await?;
            if evidence.is_empty() {
                continue;
            }
            let text = format!(
                "{}: {} on won deals ({}), {} on lost ones ({}).",
                metric.label(),
                metric.display(difference.won),
                two.won.len(),
                metric.display(difference.lost),
                two.lost.len()
            );
            separations.push(Separation {
                what: metric.label().to_owned(),
                metric: Some(metric),
                won: difference.won,
                deals_won: two.won.len(),
                lost: difference.lost,
                deals_lost: two.lost.len(),
                standard_errors: difference.standard_errors,
                claim: Claim::new("separation", text, Basis::Metric, evidence)?,
            });
        }
        separations.extend(self.heard_or_not(calls, fewest).await?);
        separations.sort_by(|a, b| b.standard_errors.total_cmp(&a.standard_errors));
        Ok(separations)
    }

    async fn heard_or_not(
        &mut self,
        calls: &[CoachingCall],
        fewest: usize,
    ) -> Result<Vec<Separation>> {
        let keys: BTreeSet<(Family, &str)> = self
            .heard
            .iter()
            .flat_map(|one| &one.mentions)
            .map(|heard| (heard.family, heard.key.as_str()))
            .collect();
        let heard = self.heard;
        let mut separations = Vec::new();
        for (family, key) in keys {
            let is_it = |one: &Mention| one.family == family && one.key == key;
            let two = Two::of(calls, |call| {
                let of_call = heard
                    .iter()
                    .find(|one| one.call.header.id == call.header.id)?;
                Some(f64::from(u8::from(of_call.mentions.iter().any(is_it))))
            });
            let Some(difference) = two.difference(fewest, LEAST_SHARE) else {
                continue;
            };
            let found: Vec<(&CoachingCall, &Mention)> = heard
                .iter()
                .flat_map(|one| one.mentions.iter().map(move |heard| (one.call, heard)))
                .filter(|(_, one)| is_it(one))
                .collect();
            let evidence = self.cited(&found).await?;
            let Some((_, first)) = found.first().filter(|_| !evidence.is_empty()) else {
                continue;
            };
            let what = prose::shortened(&first.what, WORDS);
            let text = format!(
                "{}: in {} of the calls of a won deal ({} deals), in {} of a lost one ({}).",
                prose::capitalised(&what),
                prose::percent(difference.won),
                two.won.len(),
                prose::percent(difference.lost),
                two.lost.len()
            );
            separations.push(Separation {
                what,
                metric: None,
                won: difference.won,
                deals_won: two.won.len(),
                lost: difference.lost,
                deals_lost: two.lost.len(),
                standard_errors: difference.standard_errors,
                claim: Claim::new("separation", text, Basis::Quote, evidence)?,
            });
        }
        Ok(separations)
    }

    /// Words of the call on a won deal that shows a metric best.
    async fn showing(
        &mut self,
        metric: CoachMetric,
        calls: &[CoachingCall],
    ) -> Result<Vec<Evidence>> {
        let target = self.compared.settings.targets.of(metric);
        let best = calls
            .iter()
            .filter(|call| call.outcome == Some(DealOutcome::Won))
            .filter_map(|call| Some((target.badness(metric.value(&call.figures)?), call)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, call)) = best else {
            return Ok(Vec::new());
        };
        let Some(detail) = self.quotes.detail(&call.header.id).await? else {
            return Ok(Vec::new());
        };
        let reading = reading_of(&detail, self.quotes.reader);
        let choice = show(metric, &detail, reading, Showing::Strength)?;
        Ok(self.quotes.take(choice))
    }
}
