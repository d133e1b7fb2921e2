//! Concurrent writes and reads.

use futures_util::future::{join_all, join3};
use snowflake_store::{CallQuery, CallStore, DeadLettersQuery, KnownCallsQuery};

use super::documents::{CallDocument, page, transcript_document};
use super::{done, land, load_well, rows};

const PAGES: usize = 12;
const CALLS: usize = 7;

/// Readers never see a part of a page, also while pages land one after the other, and
/// never a part of a call, also while it is edited.
pub async fn readers_see_whole_pages(store: &dyn CallStore) {
    // Every sentence of an edition has the same words.
    let edition = |number: usize| {
        let words = format!("edition {number}");
        let lines = [(0, 2_000), (2_000, 4_000), (4_000, 6_000)]
            .map(|(start, end)| ("v-rep", start, end, words.as_str()));
        transcript_document("edited", &lines[..1 + number % 3])
    };
    load_well(
        store,
        page([CallDocument::new("edited").document()], [edition(0)]),
    )
    .await;

    let land_pages = async {
        for number in 0..PAGES {
            let ids = (0..CALLS).map(|call| format!("p{number:02}-{call}"));
            land(
                store,
                page(ids.map(|id| CallDocument::new(&id).document()), []),
            )
            .await;
            load_well(store, page([], [edition(number)])).await;
        }
    };
    let read = async {
        let query = KnownCallsQuery {
            limit: 1_000,
            ..KnownCallsQuery::default()
        };
        for _ in 0..30 {
            let known = done(store.known_calls(&query).await).len() - 1;
            assert_eq!(known % CALLS, 0, "a part of a page");
            let detail = done(store.call_detail(&"edited".into()).await).unwrap();
            let sentences = detail.transcript.unwrap().sentences;
            assert!(
                sentences
                    .iter()
                    .all(|sentence| sentence.text == sentences[0].text)
            );
            let edition: usize = sentences[0].text["edition ".len()..].parse().unwrap();
            assert_eq!(sentences.len(), 1 + edition % 3, "a part of a call");
            done(
                store
                    .find_calls(&CallQuery {
                        limit: 10,
                        ..CallQuery::default()
                    })
                    .await,
            );
        }
    };
    let readers = async {
        let readers: Vec<_> = std::iter::repeat_with(|| read_again(store))
            .take(6)
            .collect();
        join_all(readers).await;
    };
    join3(land_pages, read, readers).await;
    assert_eq!(
        rows(store, "GONG_CALLS_RAW").await,
        (PAGES * CALLS + 1) as u64
    );
}

async fn read_again(store: &dyn CallStore) {
    for _ in 0..10 {
        done(store.counts().await);
        done(store.dead_letters(&DeadLettersQuery::first(10)).await);
    }
}
