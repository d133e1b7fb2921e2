//! The other reps of a period.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use snowflake_store::{CallQuery, CallReader, Performance, Period, Rep, RepIdentity};

use crate::Result;

/// Calls of a period that are listed to learn who has any.
const CALLS_LISTED: usize = 5_000;

/// Reads that are under way at the same time.
const READS_AT_A_TIME: usize = 4;

/// A rep with their figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RepFigures {
    pub(crate) rep: RepIdentity,
    pub(crate) figures: Performance,
}

/// The reps with most calls in a period, at most `limit`, ties by name, with
/// their figures. Costs a listing and a read for each rep.
pub(crate) async fn reps_of(
    store: &dyn CallReader,
    period: Period,
    limit: usize,
) -> Result<Vec<RepFigures>> {
    let listed = store
        .find_calls(&CallQuery {
            period: Some(period),
            limit: CALLS_LISTED,
            ..CallQuery::default()
        })
        .await?;
    let mut by_key: BTreeMap<String, (RepIdentity, usize)> = BTreeMap::new();
    for header in listed {
        if let Some(key) = key_of(&header.rep) {
            by_key.entry(key).or_insert((header.rep, 0)).1 += 1;
        }
    }
    let mut reps: Vec<(RepIdentity, usize)> = by_key.into_values().collect();
    reps.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.name.cmp(&b.0.name)));
    reps.truncate(limit);
    let read = |rep: RepIdentity| async move {
        let figures = match lookup_of(&rep) {
            Some(lookup) => store.rep_performance(&lookup, period).await?,
            None => None,
        };
        Ok::<_, crate::Error>(figures.map(|figures| RepFigures { rep, figures }))
    };
    stream::iter(reps.into_iter().map(|(rep, _)| read(rep)))
        .buffered(READS_AT_A_TIME)
        .try_filter_map(|found| async move { Ok(found) })
        .try_collect()
        .await
}

/// How to ask the store for a rep: by id, else e-mail address, else name.
pub(crate) fn lookup_of(rep: &RepIdentity) -> Option<Rep> {
    rep.id
        .clone()
        .map(Rep::Id)
        .or_else(|| rep.email.clone().map(Rep::Email))
        .or_else(|| rep.name.clone().map(Rep::Name))
}

/// Whether two identities are the same rep.
pub(crate) fn is_same(a: &RepIdentity, b: &RepIdentity) -> bool {
    key_of(a).is_some() && key_of(a) == key_of(b)
}

fn key_of(rep: &RepIdentity) -> Option<String> {
    lookup_of(rep).map(|lookup| match lookup {
        Rep::Id(id) => format!("id {id}"),
        Rep::Email(email) => format!("email {}", email.to_lowercase()),
        Rep::Name(name) => format!("name {}", name.to_lowercase()),
    })
}

/// What to call a rep in prose.
pub(crate) fn name_of(rep: &RepIdentity) -> &str {
    rep.name
        .as_deref()
        .or(rep.email.as_deref())
        .or(rep.id.as_ref().map(|id| id.as_str()))
        .unwrap_or("an unnamed rep")
}
