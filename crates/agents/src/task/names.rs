//! Names of a task that are not found: what was probably meant, and which deal a name is.

use std::collections::BTreeSet;

use calls::DealId;
use snowflake_store::{CallQuery, CallReader, KnownName, NameKind};

use super::model::{AskAbout, CallFilter, DealNamed, Task};
use super::subject::text_of;
use crate::coach::field_of;
use crate::{Error, ErrorCode, Result, SentimentScope};

/// Names that are suggested at most.
const MOST: usize = 3;

/// Likeness (Jaro-Winkler, 0 to 1) from which a name is suggested.
const NEARLY: f64 = 0.84;

/// Likeness of a name that holds the given one as a word or a run of words.
const PART_OF: f64 = 0.95;

/// Calls of an account among which the latest deal is looked for.
const LISTED: usize = 200;

/// A name that a task gives.
#[derive(Debug, Clone)]
pub(super) struct Given {
    kind: NameKind,
    field: &'static str,
    text: String,
}

/// The names that a task gives.
pub(super) fn given(task: &Task) -> Vec<Given> {
    let mut given = Vec::new();
    let mut add = |kind, field, text: &str| {
        given.push(Given {
            kind,
            field,
            text: text.to_owned(),
        });
    };
    match task {
        Task::CoachRep { rep, .. }
        | Task::CoachingSummary { rep: Some(rep), .. }
        | Task::TeamBenchmark { rep: Some(rep), .. }
        | Task::FindPatterns { rep: Some(rep), .. }
        | Task::Digest { rep: Some(rep), .. }
        | Task::SentimentTrends {
            of: SentimentScope::Rep(rep),
            ..
        } => add(NameKind::Rep, field_of(rep), text_of(rep)),
        Task::SentimentTrends {
            of: SentimentScope::Account(account),
            ..
        } => add(NameKind::Account, "account", account),
        Task::ListCalls { filter, .. }
        | Task::SearchCalls { filter, .. }
        | Task::FindSimilarCalls { filter, .. } => {
            let CallFilter {
                rep,
                account,
                deal_stage,
                ..
            } = filter;
            if let Some(rep) = rep {
                add(NameKind::Rep, field_of(rep), text_of(rep));
            }
            if let Some(account) = account {
                add(NameKind::Account, "account", account);
            }
            if let Some(stage) = deal_stage {
                add(NameKind::Stage, "deal_stage", stage);
            }
        }
        Task::DealOverview { deal, .. } => match deal {
            DealNamed::Id(id) => add(NameKind::Deal, "deal_id", id.as_str()),
            DealNamed::Name(name) => add(NameKind::Deal, "deal_name", name),
            DealNamed::Account(account) => add(NameKind::Account, "account", account),
        },
        Task::AccountTimeline { account, .. } => add(NameKind::Account, "account", account),
        Task::Ask { about, .. } => match about {
            AskAbout::Account(account) => add(NameKind::Account, "account", account),
            AskAbout::Deal(id) => add(NameKind::Deal, "deal_id", id.as_str()),
            AskAbout::Period { rep: Some(rep), .. } => {
                add(NameKind::Rep, field_of(rep), text_of(rep));
            }
            _ => {}
        },
        _ => {}
    }
    given
}

/// Adds to an error what was probably meant. A store that cannot say so now changes nothing.
pub(super) async fn suggested(store: &dyn CallReader, given: &[Given], error: Error) -> Error {
    let kind = match error.code() {
        ErrorCode::RepNotFound => NameKind::Rep,
        ErrorCode::AccountNotFound => NameKind::Account,
        ErrorCode::DealNotFound => NameKind::Deal,
        _ => return error,
    };
    let Some(one) = given.iter().find(|one| one.kind == kind) else {
        return error;
    };
    match near(store, one).await {
        Ok(names) => error.with_suggestions(names),
        Err(_) => error,
    }
}

/// Refuses names that no call knows: nothing was found, and this is why. A store that cannot
/// tell names now refuses none.
pub(super) async fn check(store: &dyn CallReader, given: &[Given]) -> Result<()> {
    for one in given.iter().filter(|one| one.kind != NameKind::Deal) {
        let Ok(names) = store.names(one.kind).await else {
            continue;
        };
        // Without a mirror of the CRM no stage is known, and none is wrong.
        let is_told = one.kind != NameKind::Stage || !names.is_empty();
        if is_told && !is_among(one, &names) {
            let (code, message) = match one.kind {
                NameKind::Account => (ErrorCode::AccountNotFound, "no call has such a company"),
                NameKind::Stage => (ErrorCode::InvalidValue, "the CRM has no such stage"),
                _ => (ErrorCode::RepNotFound, "no call has such a rep"),
            };
            let error = Error::new(code, message);
            let near = nearest(&one.text, names.into_iter().map(|known| known.name));
            return Err(error.with_field(one.field).with_suggestions(near));
        }
    }
    Ok(())
}

/// Whether a name, or an id, is one of these.
fn is_among(given: &Given, names: &[KnownName]) -> bool {
    let text = given.text.to_lowercase();
    let domain = text.rsplit(['/', '@']).find(|part| !part.is_empty());
    let domain = domain.unwrap_or(&text).trim_start_matches("www.");
    names.iter().any(|known| {
        let name = known.name.to_lowercase();
        let id = known.id.as_deref().map(str::to_lowercase);
        let is_domain = given.kind == NameKind::Account && name == domain;
        name == text || is_domain || id.as_ref() == Some(&text)
    })
}

/// The deal that a task names.
pub(super) async fn deal(store: &dyn CallReader, named: DealNamed) -> Result<DealId> {
    match named {
        DealNamed::Id(id) => Ok(id),
        DealNamed::Name(name) => by_name(store, &name).await,
        DealNamed::Account(account) => of_account(store, account).await,
    }
}

async fn by_name(store: &dyn CallReader, name: &str) -> Result<DealId> {
    let wanted = name.to_lowercase();
    let names = store.names(NameKind::Deal).await?;
    let fits = names
        .into_iter()
        .filter(|known| known.name.to_lowercase() == wanted);
    let ids: BTreeSet<String> = fits.filter_map(|known| known.id).collect();
    let mut ids = ids.into_iter();
    match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(DealId::new(id)),
        (Some(first), Some(second)) => {
            let all: Vec<String> = [first, second].into_iter().chain(ids).take(MOST).collect();
            let error = Error::new(
                ErrorCode::InvalidValue,
                "is the name of several deals, by deal_id",
            );
            Err(error.with_field("deal_name").with_suggestions(all))
        }
        (None, _) => {
            let error = Error::new(ErrorCode::DealNotFound, "no call has a deal of this name");
            Err(error.with_field("deal_name"))
        }
    }
}

async fn of_account(store: &dyn CallReader, account: String) -> Result<DealId> {
    let query = CallQuery {
        account: Some(account),
        with_transcript: true,
        limit: LISTED,
        ..CallQuery::default()
    };
    let calls = store.find_calls(&query).await?;
    let is_known = !calls.is_empty();
    let deal = calls.into_iter().find_map(|call| call.deal_id);
    deal.ok_or_else(|| {
        let (code, message) = if is_known {
            (
                ErrorCode::DealNotFound,
                "no call with this company has a deal",
            )
        } else {
            (
                ErrorCode::AccountNotFound,
                "no call with such a company has a transcript",
            )
        };
        Error::new(code, message).with_field("account")
    })
}

async fn near(store: &dyn CallReader, given: &Given) -> Result<Vec<String>> {
    let names = store.names(given.kind).await?;
    // A name that is right is no slip: there is only nothing to tell of it.
    if is_among(given, &names) {
        return Ok(Vec::new());
    }
    let names = names.into_iter();
    // Who gives an id has slipped in an id.
    let by_id = given.field == "deal_id";
    let names = names.filter_map(|known| if by_id { known.id } else { Some(known.name) });
    Ok(nearest(&given.text, names))
}

/// The names nearest to a given one.
pub(super) fn nearest(given: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let given: String = given.chars().take(100).collect::<String>().to_lowercase();
    let mut near: Vec<(f64, String)> = names
        .map(|name| (likeness(&given, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= NEARLY)
        .collect();
    near.sort_by(|(a, left), (b, right)| b.total_cmp(a).then_with(|| left.cmp(right)));
    near.dedup_by(|(_, left), (_, right)| left.to_lowercase() == right.to_lowercase());
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

fn likeness(given: &str, name: &str) -> f64 {
    let is_part = |part: &str, whole: &str| {
        let starts = whole.match_indices(part).any(|(at, _)| {
            let before = whole
                .get(..at)
                .and_then(|before| before.chars().next_back());
            before.is_none_or(|letter| !letter.is_alphanumeric())
        });
        part.chars().count() > 2 && starts
    };
    let whole = strsim::jaro_winkler(given, name);
    if is_part(given, name) || is_part(name, given) {
        return whole.max(PART_OF);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_parts_of_names_are_near_and_others_are_not() {
        let names = ["Imke Vogel", "Ingo Vogler", "Ana Reyes", "imke@seller.test"];
        let near = |given: &str| nearest(given, names.iter().map(|name| (*name).to_owned()));
        assert_eq!(near("Imke Vogl")[0], "Imke Vogel");
        assert_eq!(near("reyes"), ["Ana Reyes"]);
        assert_eq!(near("Ana Reyes of sales"), ["Ana Reyes"]);
        assert_eq!(near("Zoltan"), Vec::<String>::new());
    }
}
