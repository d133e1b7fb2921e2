//! Calls in lists.

use snowflake_store::{CallOrder, CallQuery, CallStore, Rep, RepIdentity};

use super::documents::{CallDocument, SIX_TO_FOUR, page, spoken, transcript_document};
use super::insights::insights_with_chunk;
use super::{detail, done, load_well, window, year};

pub(super) async fn find(store: &dyn CallStore, query: CallQuery) -> Vec<String> {
    let found = done(
        store
            .find_calls(&CallQuery {
                limit: 100,
                ..query
            })
            .await,
    );
    found
        .into_iter()
        .map(|call| call.id.into_string())
        .collect()
}

/// A rep is found by id as it is and by e-mail and name in any case, of any script.
pub async fn finds_calls_of_a_rep_in_any_case(store: &dyn CallStore) {
    let documents = [
        CallDocument::new("1").hosted_by("u-1", "Émile Øster", "Emile@Seller.test"),
        CallDocument::new("2").hosted_by("U-1", "Emile Oster", "other@seller.test"),
        // A host who is not in the party list has an id and no name.
        CallDocument::new("3").with("primaryUserId", "u-away"),
    ];
    load_well(store, page(documents.map(|call| call.document()), [])).await;
    for (rep, expected) in [
        (Rep::Id("u-1".into()), vec!["1"]),
        (Rep::Id("U-1".into()), vec!["2"]),
        (Rep::Id("u-away".into()), vec!["3"]),
        (Rep::Email("EMILE@seller.TEST".to_owned()), vec!["1"]),
        (Rep::Name("ÉMILE ØSTER".to_owned()), vec!["1"]),
        (Rep::Name("emile oster".to_owned()), vec!["2"]),
        (Rep::Name("Émile".to_owned()), vec![]),
        (Rep::Email(String::new()), vec![]),
    ] {
        let query = CallQuery {
            rep: Some(rep.clone()),
            ..CallQuery::default()
        };
        assert_eq!(find(store, query).await, expected, "{rep:?}");
    }
    let header = &done(
        store
            .find_calls(&CallQuery {
                limit: 3,
                ..CallQuery::default()
            })
            .await,
    )[0];
    assert_eq!(
        header.rep,
        RepIdentity {
            id: Some("u-1".into()),
            email: Some("Emile@Seller.test".to_owned()),
            name: Some("Émile Øster".to_owned()),
        }
    );
}

/// Every filter leaves out what it should, alone and together.
pub async fn finds_calls_by_period_deal_and_state(store: &dyn CallStore) {
    let call = |id: &str, started: &str| CallDocument::new(id).at(started);
    let documents = [
        call("1", "2026-03-01T00:00:00Z")
            .linked("Opportunity", "d-1")
            .linked("Opportunity", "d-2"),
        call("2", "2026-03-02T00:00:00Z").linked("Deal", "d-1"),
        call("3", "2026-03-03T00:00:00Z").hosted_by("u-2", "Cy Orr", "cy@seller.test"),
    ];
    let transcripts = ["2", "3"].map(|id| transcript_document(id, SIX_TO_FOUR));
    load_well(
        store,
        page(documents.map(|call| call.document()), transcripts),
    )
    .await;
    done(
        store
            .save_insights(&[insights_with_chunk("3", "words", &[1.0])])
            .await,
    );

    let all = CallQuery::default();
    let deal = |id: &str| CallQuery {
        deal_id: Some(id.into()),
        ..CallQuery::default()
    };
    let ana = CallQuery {
        rep: Some(Rep::Id("u-ana".into())),
        ..CallQuery::default()
    };
    let first_two_days = Some(window("2026-03-01", "2026-03-03"));
    for (query, expected) in [
        (all.clone(), vec!["3", "2", "1"]),
        (
            CallQuery {
                period: first_two_days,
                ..all.clone()
            },
            vec!["2", "1"],
        ),
        (
            CallQuery {
                with_transcript: true,
                ..all.clone()
            },
            vec!["3", "2"],
        ),
        (
            CallQuery {
                without_insights: true,
                ..all.clone()
            },
            vec!["2", "1"],
        ),
        (
            CallQuery {
                without_insights: true,
                with_transcript: true,
                ..all
            },
            vec!["2"],
        ),
        (deal("d-1"), vec!["2", "1"]),
        (deal("d-2"), vec!["1"]),
        (
            CallQuery {
                with_transcript: true,
                ..deal("d-1")
            },
            vec!["2"],
        ),
        (ana.clone(), vec!["2", "1"]),
        (
            CallQuery {
                period: Some(window("2026-03-02", "2026-03-03")),
                ..ana.clone()
            },
            vec!["2"],
        ),
        (
            CallQuery {
                deal_id: Some("d-1".into()),
                with_transcript: true,
                ..ana.clone()
            },
            vec!["2"],
        ),
        (
            CallQuery {
                deal_id: Some("d-3".into()),
                ..ana
            },
            vec![],
        ),
    ] {
        assert_eq!(find(store, query.clone()).await, expected, "{query:?}");
    }
    let found = done(
        store
            .find_calls(&CallQuery {
                limit: 1,
                ..CallQuery::default()
            })
            .await,
    );
    assert!(found[0].has_transcript && found[0].sentiment.is_some());
}

/// Newest or oldest first, ties by id, never more than the limit.
pub async fn lists_calls_in_order(store: &dyn CallStore) {
    let starts = [
        "2026-03-02T10:00:00Z",
        "2026-03-02T10:00:00.5Z",
        "2026-03-02T10:00:00Z",
        "2026-03-01T10:00:00Z",
    ];
    let documents = ["b", "c", "a", "d"]
        .into_iter()
        .zip(starts)
        .map(|(id, start)| {
            CallDocument::new(id)
                .at(start)
                .linked("Deal", "d-1")
                .document()
        });
    load_well(store, page(documents, [])).await;
    let by_rep = Some(Rep::Email("ana@seller.test".to_owned()));
    for (rep, deal_id) in [(None, None), (by_rep, None), (None, Some("d-1".into()))] {
        let query = CallQuery {
            rep,
            deal_id,
            ..CallQuery::default()
        };
        assert_eq!(
            find(store, query.clone()).await,
            ["c", "a", "b", "d"],
            "{query:?}"
        );
        let oldest = CallQuery {
            order: CallOrder::OldestFirst,
            ..query
        };
        assert_eq!(
            find(store, oldest.clone()).await,
            ["d", "a", "b", "c"],
            "{oldest:?}"
        );
        let two = done(store.find_calls(&CallQuery { limit: 2, ..oldest }).await);
        assert_eq!(
            two.iter().map(|call| call.id.as_str()).collect::<Vec<_>>(),
            ["d", "a"]
        );
    }
}

/// Nobody and nothing: `None` or an empty list, and no error.
pub async fn what_is_unknown_is_empty(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let nobody = Rep::Id("nobody".into());
    assert_eq!(done(store.call_detail(&"unknown".into()).await), None);
    assert_eq!(
        done(store.calls_for_coaching(Some(&nobody), year(), 10).await),
        []
    );
    let other_year = window("2025-01-01", "2026-01-01");
    let backwards = window("2026-12-01", "2026-01-01");
    for period in [other_year, backwards] {
        assert_eq!(done(store.team_figures(period, None).await), []);
        assert_eq!(done(store.calls_for_coaching(None, period, 10).await), []);
    }
    assert_eq!(done(store.search_chunks("anything", 10).await), []);
}

/// A limit of 0 gives nothing, everywhere.
pub async fn limits_of_zero_give_nothing(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let insights = insights_with_chunk("1", "words", &[1.0, 0.0]);
    let query = insights.chunks[0].embedding.clone().unwrap();
    done(store.save_insights(&[insights]).await);
    let ana = Rep::Id("u-ana".into());
    assert_eq!(done(store.find_calls(&CallQuery::default()).await), []);
    assert_eq!(
        done(
            store
                .find_calls(&CallQuery {
                    rep: Some(ana.clone()),
                    ..CallQuery::default()
                })
                .await
        ),
        []
    );
    assert_eq!(
        done(store.calls_for_coaching(Some(&ana), year(), 0).await),
        []
    );
    assert_eq!(done(store.similar_chunks(&query, None, 0).await), []);
    assert_eq!(done(store.search_chunks("words", 0).await), []);
    assert_eq!(done(store.known_calls(&Default::default()).await), []);
    assert_eq!(done(store.dead_letters(&Default::default()).await), []);
    assert_eq!(
        done(store.crm_wanted(calls::Timestamp::MAX, 0).await),
        Default::default()
    );
    // And the largest gives all.
    let all = CallQuery {
        limit: usize::MAX,
        ..CallQuery::default()
    };
    assert_eq!(done(store.find_calls(&all).await).len(), 1);
}

/// A coaching call has the figures of that call alone, newest first, only with a transcript.
pub async fn coaching_calls_carry_their_own_figures(store: &dyn CallStore) {
    let call =
        |id: &str, day: u32| CallDocument::new(id).at(&format!("2026-03-{day:02}T10:00:00Z"));
    let documents = [
        call("1", 1),
        call("2", 2).with("duration", 60),
        call("3", 3),
    ];
    let transcripts = [
        transcript_document("1", SIX_TO_FOUR),
        transcript_document(
            "2",
            &[
                ("v-rep", 0, 8_000, "We go on alone here."),
                ("v-buyer", 8_000, 10_000, "All right then, go on."),
            ],
        ),
    ];
    load_well(
        store,
        page(documents.map(|call| call.document()), []).with_transcripts(transcripts.to_vec()),
    )
    .await;
    done(
        store
            .save_insights(&[insights_with_chunk("1", "words", &[1.0])])
            .await,
    );
    let found = done(
        store
            .calls_for_coaching(Some(&Rep::Name("ana reyes".to_owned())), year(), 10)
            .await,
    );
    let ids: Vec<&str> = found.iter().map(|call| call.header.id.as_str()).collect();
    assert_eq!(ids, ["2", "1"]);
    assert_eq!(
        (found[0].figures.calls, found[0].figures.total_seconds),
        (1, 60)
    );
    assert_eq!(
        (found[0].figures.talk_ratio, found[1].figures.talk_ratio),
        (Some(0.8), Some(0.6))
    );
    assert_eq!(
        (
            found[0].figures.next_step_share,
            found[1].figures.next_step_share
        ),
        (None, Some(1.0))
    );
    let stored = detail(store, "1").await.insights.unwrap();
    assert_eq!(found[1].summary, stored.summary);
    assert_eq!(
        (Some(&found[1].risks), Some(&found[1].next_steps)),
        (stored.risks.as_ref(), stored.next_steps.as_ref())
    );
    assert_eq!(found[1].outcome, None);
    let one = done(
        store
            .calls_for_coaching(Some(&Rep::Id("u-ana".into())), year(), 1)
            .await,
    );
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].header.id.as_str(), "2");
}
