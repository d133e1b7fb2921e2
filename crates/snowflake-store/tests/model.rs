//! Any order of landing, editing, deleting, withdrawing and transforming leaves the store as a
//! simple model says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use calls::CallId;
use proptest::prelude::*;
use snowflake_store::{
    CallQuery, CallStore, KnownCallsQuery, Landed, Landing, LandingPage, SqliteStore,
    TransformScope,
};
use testkit::conformance::store::{CallDocument, transcript_document};

const IDS: [&str; 4] = ["10", "9", "a", "A"];

#[derive(Debug, Clone)]
enum Step {
    Land(Served),
    TransformPending,
    TransformCall(usize),
    Reopen,
}

/// What a page says: calls (id, edition) and transcripts (id, sentences), which calls are
/// gone, and which are without the transcript they had.
#[derive(Debug, Clone)]
struct Served {
    calls: Vec<(usize, u8)>,
    transcripts: Vec<(usize, u8)>,
    deleted: Vec<usize>,
    withdrawn: Vec<usize>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let id = 0..IDS.len();
    let documents = || prop::collection::vec((id.clone(), 0_u8..3), 0..4);
    let ids = || prop::collection::vec(id.clone(), 0..2);
    let served = (documents(), documents(), ids(), ids()).prop_map(
        |(calls, transcripts, deleted, withdrawn)| Served {
            calls,
            transcripts,
            deleted,
            withdrawn,
        },
    );
    let step = prop_oneof![
        6 => served.prop_map(Step::Land),
        2 => Just(Step::TransformPending),
        2 => id.clone().prop_map(Step::TransformCall),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..12)
}

/// What Gong served last, and whether it still does.
#[derive(Debug, Default, Clone)]
struct Document {
    edition: Option<u8>,
    deleted: bool,
}

#[derive(Debug, Default)]
struct Model {
    calls: BTreeMap<&'static str, Document>,
    transcripts: BTreeMap<&'static str, Document>,
}

impl Model {
    /// Applies a page and says what landing counts.
    fn land(&mut self, page: &Served) -> Landed {
        let last = |documents: &[(usize, u8)]| {
            documents
                .iter()
                .map(|(id, edition)| (IDS[*id], *edition))
                .collect::<BTreeMap<_, _>>()
        };
        let (calls, transcripts) = (last(&page.calls), last(&page.transcripts));
        let mut landed = Landed::default();
        for id in page.deleted.iter().map(|id| IDS[*id]) {
            if calls.contains_key(id) || transcripts.contains_key(id) {
                continue;
            }
            let mut newly = false;
            for document in [self.calls.get_mut(id), self.transcripts.get_mut(id)]
                .into_iter()
                .flatten()
            {
                newly |= !document.deleted;
                document.deleted = true;
            }
            landed.deleted += u64::from(newly);
        }
        for id in page.withdrawn.iter().map(|id| IDS[*id]) {
            if !transcripts.contains_key(id) {
                landed.withdrawn += u64::from(self.transcripts.remove(id).is_some());
            }
        }
        for (id, edition) in calls {
            let counts = &mut landed.calls;
            match self.calls.get(id) {
                None => counts.inserted += 1,
                Some(known) if known.deleted || known.edition != Some(edition) => {
                    counts.updated += 1
                }
                Some(_) => counts.unchanged += 1,
            }
            self.calls.insert(
                id,
                Document {
                    edition: Some(edition),
                    deleted: false,
                },
            );
        }
        for (id, edition) in transcripts {
            let counts = &mut landed.transcripts;
            let written = match self.transcripts.get(id) {
                None => {
                    counts.inserted += 1;
                    true
                }
                Some(known) if known.deleted || known.edition != Some(edition) => {
                    counts.updated += 1;
                    true
                }
                Some(_) => {
                    counts.unchanged += 1;
                    false
                }
            };
            self.transcripts.insert(
                id,
                Document {
                    edition: Some(edition),
                    deleted: false,
                },
            );
            if written && let Some(call) = self.calls.get_mut(id) {
                call.deleted = false;
            }
        }
        landed
    }

    /// Calls as they must be read once all is transformed: edition and sentences.
    fn served(&self) -> BTreeMap<&'static str, (u8, Option<u8>)> {
        let live = |document: &Document| document.edition.filter(|_| !document.deleted);
        self.calls
            .iter()
            .filter_map(|(id, call)| {
                let transcript = self.transcripts.get(id).and_then(live);
                Some((*id, (live(call)?, transcript)))
            })
            .collect()
    }
}

fn page(served: &Served) -> LandingPage {
    let ids = |ids: &[usize]| ids.iter().map(|id| CallId::from(IDS[*id])).collect();
    let call = |(id, edition): &(usize, u8)| {
        CallDocument::new(IDS[*id])
            .with("title", format!("edition {edition}"))
            .document()
    };
    let transcript = |(id, sentences): &(usize, u8)| {
        let lines: Vec<_> = (0..i64::from(*sentences))
            .map(|line| ("v-rep", line * 2_000, line * 2_000 + 1_500, "So it goes."))
            .collect();
        transcript_document(IDS[*id], &lines)
    };
    LandingPage::new("run")
        .with_calls(served.calls.iter().map(call).collect())
        .with_transcripts(served.transcripts.iter().map(transcript).collect())
        .with_deleted(ids(&served.deleted))
        .with_withdrawn(ids(&served.withdrawn))
}

async fn check(store: &dyn CallStore, model: &Model) {
    while store
        .transform(TransformScope::Pending { limit: 2 })
        .await
        .unwrap()
        .transformed
        > 0
    {}
    let served = model.served();
    let mut sentences = 0;
    for id in IDS {
        let detail = store.call_detail(&id.into()).await.unwrap();
        let found = detail.map(|detail| {
            let lines = detail
                .transcript
                .map(|transcript| transcript.sentences.len() as u8);
            sentences += u64::from(lines.unwrap_or(0));
            (detail.call.title.unwrap(), lines)
        });
        let expected = served
            .get(id)
            .map(|(edition, lines)| (format!("edition {edition}"), *lines));
        assert_eq!(found, expected, "call {id}");
    }
    let query = KnownCallsQuery {
        limit: 100,
        ..KnownCallsQuery::default()
    };
    let known = store.known_calls(&query).await.unwrap();
    let known: Vec<(&str, bool)> = known
        .iter()
        .map(|call| (call.id.as_str(), call.has_transcript))
        .collect();
    let expected: Vec<(&str, bool)> = served
        .iter()
        .map(|(id, (_, lines))| (*id, lines.is_some()))
        .collect();
    assert_eq!(known, expected);
    let query = CallQuery {
        limit: 100,
        ..CallQuery::default()
    };
    assert_eq!(store.find_calls(&query).await.unwrap().len(), served.len());
    let counts = store.counts().await.unwrap();
    let stored = counts
        .iter()
        .find(|count| count.table == "STG_GONG_CALL_TRANSCRIPTS")
        .unwrap()
        .rows;
    assert_eq!(stored, sentences, "sentences of no call");
}

async fn run(steps: Vec<Step>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let mut store = SqliteStore::open(&path).await.unwrap();
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Land(served) => {
                let landed = store.land(page(&served)).await.unwrap();
                let counted = Landed {
                    changed: Vec::new(),
                    ..landed
                };
                assert_eq!(counted, model.land(&served));
            }
            Step::TransformPending => {
                store
                    .transform(TransformScope::Pending { limit: 3 })
                    .await
                    .unwrap();
            }
            Step::TransformCall(id) => {
                let scope = TransformScope::Calls(vec![IDS[id].into()]);
                store.transform(scope).await.unwrap();
            }
            Step::Reopen => {
                drop(store);
                store = SqliteStore::open(&path).await.unwrap();
            }
        }
    }
    check(&store, &model).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_as_the_model(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(steps));
    }
}
