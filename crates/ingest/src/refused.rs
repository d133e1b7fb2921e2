//! A page with a document that the store refuses.
//!
//! Stores take a page as a whole or not at all, so one document that a store cannot hold
//! would keep out the ninety-nine beside it. The page is halved until that document
//! stands alone; the rest lands.

use calls::RawDocument;
use resilience::ErrorKind;
use snowflake_store::{CallStore, Landed, LandedCounts, LandingPage, Stream};

use crate::Result;

/// A document that the store refused, and why.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) stream: Stream,
    pub(crate) document: RawDocument,
    pub(crate) reason: String,
}

/// Lands a page without the documents that the store refuses.
pub(crate) async fn land(
    store: &dyn CallStore,
    page: LandingPage,
) -> Result<(Landed, Vec<Refused>)> {
    // What a clone costs is small beside landing: documents are needed again only here.
    let error = match store.land(page.clone()).await {
        Ok(landed) => return Ok((landed, Vec::new())),
        Err(error) => error,
    };
    let has_documents = !page.calls.is_empty() || !page.transcripts.is_empty();
    if error.kind() != ErrorKind::InvalidInput || !has_documents {
        return Err(error.into());
    }
    let rest = page
        .clone()
        .with_calls(Vec::new())
        .with_transcripts(Vec::new());
    let mut landed = Landed::default();
    let mut refused = Vec::new();
    let mut parts = vec![documents(page)];
    while let Some(mut part) = parts.pop() {
        match store.land(as_page(&rest.run_id, &part)).await {
            Ok(of_part) => add(&mut landed, of_part),
            Err(error) if error.kind() != ErrorKind::InvalidInput => return Err(error.into()),
            Err(error) if part.len() == 1 => {
                let reason = format!("refused by the store: {}", error.message());
                refused.extend(part.into_iter().map(|(stream, document)| Refused {
                    stream,
                    document,
                    reason: reason.clone(),
                }));
            }
            Err(_) => {
                let later = part.split_off(part.len() / 2);
                parts.extend([later, part]);
            }
        }
    }
    add(&mut landed, store.land(rest).await?);
    Ok((landed, refused))
}

fn documents(page: LandingPage) -> Vec<(Stream, RawDocument)> {
    let of = |stream| move |document| (stream, document);
    let calls = page.calls.into_iter().map(of(Stream::Calls));
    let transcripts = page.transcripts.into_iter();
    calls
        .chain(transcripts.map(of(Stream::Transcripts)))
        .collect()
}

fn as_page(run_id: &str, part: &[(Stream, RawDocument)]) -> LandingPage {
    let of = |stream| {
        let of_stream = part.iter().filter(move |(kind, _)| *kind == stream);
        of_stream.map(|(_, document)| document.clone()).collect()
    };
    LandingPage::new(run_id)
        .with_calls(of(Stream::Calls))
        .with_transcripts(of(Stream::Transcripts))
}

fn add(landed: &mut Landed, part: Landed) {
    add_counts(&mut landed.calls, part.calls);
    add_counts(&mut landed.transcripts, part.transcripts);
    landed.deleted += part.deleted;
    landed.withdrawn += part.withdrawn;
    for id in part.changed {
        if !landed.changed.contains(&id) {
            landed.changed.push(id);
        }
    }
}

fn add_counts(counts: &mut LandedCounts, part: LandedCounts) {
    counts.inserted += part.inserted;
    counts.updated += part.updated;
    counts.unchanged += part.unchanged;
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;
    use snowflake_store::{Checkpoint, CheckpointStep, MockCallStore, SyncMode, Window};

    use super::*;

    type Ids = Vec<(Stream, String)>;

    fn ids(page: &LandingPage) -> Ids {
        let of = |stream: Stream, documents: &[RawDocument]| -> Ids {
            let ids = documents
                .iter()
                .map(|document| document.call_id.to_string());
            ids.map(|id| (stream, id)).collect()
        };
        let mut ids = of(Stream::Calls, &page.calls);
        ids.extend(of(Stream::Transcripts, &page.transcripts));
        ids
    }

    /// A store that refuses pages with one of these documents, and what it took.
    fn store(bad: Ids) -> (MockCallStore, Arc<Mutex<(Ids, u32)>>) {
        let taken = Arc::new(Mutex::new((Ids::new(), 0)));
        let (mut store, seen) = (MockCallStore::default(), Arc::clone(&taken));
        store.landing.expect_land().returning(move |page| {
            let of_page = ids(&page);
            if of_page.iter().any(|id| bad.contains(id)) {
                let error = snowflake_store::Error::new(ErrorKind::InvalidInput, "no such value");
                return Err(error);
            }
            let mut seen = seen.lock().unwrap();
            let landed = Landed {
                changed: page.calls.iter().map(|call| call.call_id.clone()).collect(),
                deleted: page.deleted.len() as u64,
                ..Landed::default()
            };
            seen.0.extend(of_page);
            seen.1 += u32::from(page.checkpoint.is_some());
            Ok(landed)
        });
        (store, taken)
    }

    fn page(calls: usize, transcripts: usize) -> LandingPage {
        let documents = |count: usize| {
            let document = |id: usize| RawDocument::new(id.to_string().into(), "{}").unwrap();
            (0..count).map(document).collect()
        };
        let at = |second| calls::Timestamp::from_second(second).unwrap();
        LandingPage::default()
            .with_calls(documents(calls))
            .with_transcripts(documents(transcripts))
            .with_deleted(vec!["gone".into()])
            .with_checkpoint(Checkpoint {
                run_id: "r".to_owned(),
                mode: SyncMode::Full,
                stream: Stream::Calls,
                window: Window {
                    from: at(0),
                    to: at(1),
                },
                step: CheckpointStep::Page,
                position: None,
            })
    }

    proptest! {
        #[test]
        fn what_a_store_refuses_costs_itself(
            calls in 1_usize..40,
            transcripts in 0_usize..40,
            bad in prop::collection::btree_set((any::<bool>(), 0_usize..40), 0..5),
        ) {
            let bad: Ids = bad
                .into_iter()
                .map(|(is_call, id)| {
                    let stream = if is_call { Stream::Calls } else { Stream::Transcripts };
                    (stream, id.to_string())
                })
                .collect();
            let page = page(calls, transcripts);
            let all = ids(&page);
            let (store, taken) = store(bad.clone());
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (landed, refused) = runtime.block_on(land(&store, page)).unwrap();

            let sorted = |mut ids: Ids| {
                ids.sort_by_key(|(stream, id)| (stream.as_str(), id.clone()));
                ids
            };
            let refused = refused.into_iter().map(|one| (one.stream, one.document.call_id.to_string()));
            let (good, expected): (Ids, Ids) = all.into_iter().partition(|id| !bad.contains(id));
            let (took, checkpoints) = taken.lock().unwrap().clone();
            prop_assert_eq!(sorted(refused.collect()), sorted(expected));
            prop_assert_eq!(sorted(took), sorted(good));
            prop_assert_eq!((checkpoints, landed.deleted), (1, 1));
        }
    }

    #[tokio::test]
    async fn other_failures_are_told_as_they_are() {
        let mut store = MockCallStore::default();
        let full = || snowflake_store::Error::new(ErrorKind::QuotaExhausted, "disk is full");
        store
            .landing
            .expect_land()
            .times(1)
            .returning(move |_| Err(full()));
        let error = land(&store, page(3, 3)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    }
}
