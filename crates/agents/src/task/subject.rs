//! What a task is about: tasks about the same go to the same store.

use calls::{Timestamp, UserId};
use jiff::tz::TimeZone;
use snowflake_store::Rep;

use super::model::{AskAbout, BatchCalls, CallFilter, DealNamed, Likeness, Scored, Task};
use crate::SentimentScope;

/// What a task is about, as a key by which a share of the tasks is told from the others: the
/// call, else the deal, the account, the rep, the team, the words. What is about nobody in
/// particular goes by what it asks and the day, so that a share of the days is told from the
/// others and an answer does not change its store within one.
pub(super) fn subject(task: &Task, now: Timestamp) -> String {
    let named = match task {
        Task::AnalyzeCall { call_id, .. }
        | Task::ScoreCall { call_id, .. }
        | Task::FollowUp { call_id }
        | Task::FindSimilarCalls {
            to: Likeness::CallId(call_id),
            ..
        }
        | Task::Scorecard {
            about: Scored::Call(call_id),
            ..
        }
        | Task::Ask {
            about: AskAbout::Call(call_id),
            ..
        } => Some(call_id.as_str()),
        Task::Scorecard {
            about: Scored::Deal(deal),
            ..
        }
        | Task::Ask {
            about: AskAbout::Deal(deal),
            ..
        }
        | Task::DealOverview {
            deal: DealNamed::Id(deal),
            ..
        } => Some(deal.as_str()),
        Task::DealOverview {
            deal: DealNamed::Name(name) | DealNamed::Account(name),
            ..
        }
        | Task::AccountTimeline { account: name, .. }
        | Task::Ask {
            about: AskAbout::Account(name),
            ..
        } => Some(name.as_str()),
        Task::SentimentTrends { of, .. } => match of {
            SentimentScope::Rep(rep) => Some(text_of(rep)),
            SentimentScope::Account(account) => Some(account.as_str()),
            SentimentScope::Team => None,
        },
        Task::CoachRep { rep, .. } => Some(text_of(rep)),
        Task::CoachingSummary { rep, team, .. }
        | Task::TeamBenchmark { rep, team, .. }
        | Task::FindPatterns { rep, team, .. }
        | Task::Digest { rep, team, .. } => rep.as_ref().map(text_of).or(team.as_deref()),
        Task::TeamOverview { team, .. } => team.as_deref(),
        Task::Ask {
            about: AskAbout::Period { rep, .. },
            question,
        } => Some(rep.as_ref().map_or(question.as_str(), text_of)),
        Task::FindSimilarCalls {
            to: Likeness::Query(words),
            filter,
            ..
        }
        | Task::SearchCalls {
            query: words,
            filter,
            ..
        } => Some(of_filter(filter).unwrap_or(words)),
        Task::ListCalls { filter, .. } => of_filter(filter),
        // A batch goes by each of its calls; this is for the question which these are.
        Task::BatchAnalysis {
            calls: BatchCalls::Ids(_) | BatchCalls::Period { .. },
            ..
        } => None,
    };
    match named {
        Some(named) => key(named),
        None => format!("{task:?} on {}", TimeZone::UTC.to_datetime(now).date()),
    }
}

/// As a name is written does not matter.
pub(super) fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn of_filter(filter: &CallFilter) -> Option<&str> {
    let deal = filter.deal_id.as_ref().map(calls::DealId::as_str);
    deal.or(filter.account.as_deref())
        .or(filter.rep.as_ref().map(text_of))
        .or(filter.participant.as_deref())
        .or(filter.team.as_deref())
}

/// A rep as a task names them.
pub(super) fn text_of(rep: &Rep) -> &str {
    match rep {
        Rep::AnyOf(ids) => ids.first().map_or("", UserId::as_str),
        Rep::Id(id) => id.as_str(),
        Rep::Email(text) | Rep::Name(text) => text,
    }
}
