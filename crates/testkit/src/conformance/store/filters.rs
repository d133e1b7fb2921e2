//! Calls by what they are about, and the names by which they can be asked for.

use calls::reading::{CallType, Reading};
use calls::{Company, DealOutcome, Stage};
use serde_json::json;
use snowflake_store::{
    CallOrder, CallQuery, CallStore, Colleague, CrmSnapshot, GongRecord, KnownName, NameKind,
    RecordPage, RecordStream, Rep,
};

use super::crm::deal;
use super::documents::{CallDocument, SIX_TO_FOUR, page, transcript_document};
use super::insights::insights_with_chunk;
use super::listing::find;
use super::readings::read;
use super::{done, load_well, year};

/// Calls are found by who took part, by company, by how their deal stands, by the kind of
/// call, and by words; what is given must all fit.
pub async fn finds_calls_by_people_company_stage_type_and_words(store: &dyn CallStore) {
    let buyer = |id: &str, email: &str| {
        let host = json!({"id": "p-1", "userId": "u-ana", "name": "Ana Reyes",
            "emailAddress": "ana@seller.test", "speakerId": "v-rep", "affiliation": "Internal"});
        let guest = json!({"id": "p-2", "name": "Guest", "emailAddress": email,
            "speakerId": "v-buyer", "affiliation": "External"});
        CallDocument::new(id).with_part("parties", json!([host, guest]))
    };
    let documents = [
        buyer("1", "Bo@North.test")
            .linked("Deal", "d-1")
            .linked("Company", "c-1"),
        buyer("2", "cy@north.test").linked("Deal", "d-2"),
        buyer("3", "di@south.test")
            .linked("Deal", "d-2")
            .with("title", "Renewal: the 2nd year"),
        buyer("4", "ed@west.test")
            .linked("Company", "c-1")
            .with("title", "Hello"),
    ];
    let transcripts = ["1", "2"].map(|id| transcript_document(id, SIX_TO_FOUR));
    load_well(
        store,
        page(documents.map(|call| call.document()), transcripts),
    )
    .await;
    let standing = |id: &str, stage: &str, outcome| {
        let mut standing = deal(id);
        standing.stage_id = Some(format!("stage-{id}").into());
        standing.stage_label = Some(stage.to_owned());
        standing.outcome = outcome;
        standing
    };
    done(
        store
            .save_crm(&CrmSnapshot {
                deals: vec![
                    standing("d-1", "Negotiation", DealOutcome::Open),
                    standing("d-2", "Closed won", DealOutcome::Won),
                ],
                companies: vec![Company {
                    id: "c-1".into(),
                    name: Some("North Works".to_owned()),
                    domain: Some("north-works.test".to_owned()),
                    industry: None,
                }],
                read_at: year().from,
                ..CrmSnapshot::default()
            })
            .await,
    );
    let found = [insights_with_chunk("1", "The prices went up again", &[1.0])];
    done(store.save_insights(&found).await);
    let mut reading = Reading::default();
    reading.call_type = Some(CallType::Demo);
    let read = read(store, "2", "reader", reading).await;
    done(store.save_readings(&[read]).await);

    let all = CallQuery::default;
    let account = |text: &str| CallQuery {
        account: Some(text.to_owned()),
        ..all()
    };
    let participant = |email: &str| CallQuery {
        participant: Some(email.to_owned()),
        ..all()
    };
    let words = |words: &str| CallQuery {
        words: Some(words.to_owned()),
        ..all()
    };
    let stage = |stage: &str| CallQuery {
        deal_stage: Some(stage.to_owned()),
        ..all()
    };
    let outcome = |outcome| CallQuery {
        outcome: Some(outcome),
        ..all()
    };
    let call_type = |call_type| CallQuery {
        call_type: Some(call_type),
        ..all()
    };
    let of_ana = |query| CallQuery {
        rep: Some(Rep::Id("u-ana".into())),
        ..query
    };
    for (query, expected) in [
        (account("North Works"), vec!["1", "4"]),
        (account("north works"), vec!["1", "4"]),
        (account("https://www.north-works.test/home"), vec!["1", "4"]),
        (account("NORTH.test"), vec!["1", "2"]),
        // Everybody of the selling company would be an account otherwise.
        (account("seller.test"), vec![]),
        (account("North"), vec![]),
        (participant("bo@north.TEST"), vec!["1"]),
        (participant("ana@seller.test"), vec!["1", "2", "3", "4"]),
        (participant("north.test"), vec![]),
        (stage("negotiation"), vec!["1"]),
        (stage("stage-d-2"), vec!["2", "3"]),
        (stage("Closed"), vec![]),
        (outcome(DealOutcome::Won), vec!["2", "3"]),
        (outcome(DealOutcome::Lost), vec![]),
        (call_type(CallType::Demo), vec!["2"]),
        (call_type(CallType::Cold), vec![]),
        (words("price again"), vec!["1"]),
        (words("price elephant"), vec![]),
        (words("RENEWAL year"), vec!["3"]),
        (words("' %"), vec![]),
        (of_ana(words("prices")), vec!["1"]),
        (of_ana(outcome(DealOutcome::Won)), vec!["2", "3"]),
        (
            CallQuery {
                participant: Some("cy@north.test".to_owned()),
                outcome: Some(DealOutcome::Won),
                ..account("north.test")
            },
            vec!["2"],
        ),
        (
            CallQuery {
                deal_id: Some("d-2".into()),
                ..participant("di@south.test")
            },
            vec!["3"],
        ),
        (
            CallQuery {
                deal_id: Some("d-2".into()),
                ..account("north works")
            },
            vec![],
        ),
        (
            CallQuery {
                deal_id: Some("d-1".into()),
                ..words("again")
            },
            vec!["1"],
        ),
    ] {
        let mut query = query;
        query.order = CallOrder::OldestFirst;
        assert_eq!(find(store, query.clone()).await, expected, "{query:?}");
    }
    // What was read of a transcript that has changed tells nothing of the present one.
    let other = [("v-rep", 0, 5_000, "Let us look at something else today.")];
    load_well(store, page([], [transcript_document("2", &other)])).await;
    assert_eq!(
        find(store, call_type(CallType::Demo)).await,
        Vec::<String>::new()
    );
}

/// Names of reps, accounts and deals are told, each once, for telling which was meant.
pub async fn names_what_calls_know(store: &dyn CallStore) {
    let context = json!([{"system": "HubSpot", "objects": [
        {"objectType": "Deal", "objectId": "d-1", "fields": [{"name": "dealname", "value": "Seen"}]},
        {"objectType": "Company", "objectId": "c-1", "fields": [{"name": "name", "value": "North"}]},
    ]}]);
    let documents = [
        CallDocument::new("1").with_part("context", context),
        CallDocument::new("2").hosted_by("u-cy", "Cy Orr", "cy@seller.test"),
        CallDocument::new("3"),
    ];
    load_well(store, page(documents.map(|call| call.document()), [])).await;
    let name = |id: Option<&str>, name: &str| KnownName {
        id: id.map(str::to_owned),
        name: name.to_owned(),
    };
    assert_eq!(
        done(store.names(NameKind::Rep).await),
        [
            name(Some("u-ana"), "Ana Reyes"),
            name(Some("u-cy"), "Cy Orr"),
            name(Some("u-ana"), "ana@seller.test"),
            name(Some("u-cy"), "cy@seller.test"),
        ]
    );
    let companies = [name(Some("c-1"), "North"), name(None, "buyer.test")];
    assert_eq!(done(store.names(NameKind::Account).await), companies);
    assert_eq!(
        done(store.names(NameKind::Deal).await),
        [name(Some("d-1"), "Seen")]
    );
    assert_eq!(done(store.names(NameKind::Stage).await), []);
    let mut mirrored = deal("d-1");
    mirrored.name = Some("Mirrored".to_owned());
    mirrored.stage_id = Some("s-2".into());
    mirrored.stage_label = None;
    let deals = vec![mirrored];
    let stages = vec![Stage {
        pipeline_id: "p".into(),
        id: "s-1".into(),
        label: "Proposal".to_owned(),
        probability: None,
        display_order: 0,
    }];
    done(
        store
            .save_crm(&CrmSnapshot {
                deals,
                stages,
                read_at: year().from,
                ..CrmSnapshot::default()
            })
            .await,
    );
    assert_eq!(
        done(store.names(NameKind::Deal).await),
        [name(Some("d-1"), "Mirrored")]
    );
    assert_eq!(
        done(store.names(NameKind::Stage).await),
        [name(Some("s-1"), "Proposal"), name(Some("s-2"), "s-2")]
    );
}

/// Gong's users and whom they report to, and the calls of several reps.
pub async fn finds_the_calls_of_a_team(store: &dyn CallStore) {
    assert_eq!(done(store.colleagues().await), []);
    let user = |id: &str, record: serde_json::Value| GongRecord {
        key: id.to_owned(),
        day: None,
        json: record.to_string(),
    };
    // Gong's ids are numbers of 19 digits, in some records as such.
    let manager = "5710883612345678901";
    let records = vec![
        user(
            "u-ana",
            json!({"id": "u-ana", "emailAddress": "ana@seller.test",
            "firstName": "Ana", "lastName": "Reyes", "managerId": manager}),
        ),
        user(
            "u-cy",
            json!({"id": "u-cy", "managerId": 5_710_883_612_345_678_901_i64}),
        ),
        user(
            manager,
            json!({"id": manager, "firstName": "Dee", "managerId": null}),
        ),
    ];
    let landed = RecordPage {
        stream: RecordStream::Users,
        run_id: "run".to_owned(),
        records,
        gone: Vec::new(),
    };
    done(store.land_records(&landed).await);
    let colleague =
        |id: &str, email: Option<&str>, name: Option<&str>, manager: Option<&str>| Colleague {
            id: id.into(),
            email: email.map(str::to_owned),
            name: name.map(str::to_owned),
            manager_id: manager.map(Into::into),
        };
    assert_eq!(
        done(store.colleagues().await),
        [
            colleague(manager, None, Some("Dee"), None),
            colleague(
                "u-ana",
                Some("ana@seller.test"),
                Some("Ana Reyes"),
                Some(manager)
            ),
            colleague("u-cy", None, None, Some(manager)),
        ]
    );

    let documents = [
        CallDocument::new("1"),
        CallDocument::new("2").hosted_by("u-cy", "Cy Orr", "cy@seller.test"),
        CallDocument::new("3").hosted_by("u-ed", "Ed Fox", "ed@seller.test"),
    ];
    let transcripts = ["1", "2", "3"].map(|id| transcript_document(id, SIX_TO_FOUR));
    let documents = documents.map(|call| call.document());
    load_well(store, page(documents, transcripts)).await;
    let any_of = |ids: &[&str]| Rep::AnyOf(ids.iter().map(|id| (*id).into()).collect());
    for (rep, expected) in [
        (any_of(&["u-cy", "u-ana", "u-nobody"]), vec!["1", "2"]),
        (any_of(&["u-ed"]), vec!["3"]),
        (any_of(&[]), vec![]),
    ] {
        let query = CallQuery {
            rep: Some(rep.clone()),
            order: CallOrder::OldestFirst,
            ..CallQuery::default()
        };
        assert_eq!(find(store, query.clone()).await, expected, "{query:?}");
        let with_somebody = CallQuery {
            account: Some("buyer.test".to_owned()),
            ..query
        };
        let mut found = find(store, with_somebody).await;
        found.sort_unstable();
        assert_eq!(found, expected, "{rep:?}");
        let calls = store.calls_for_coaching(Some(&rep), year(), 10).await;
        let mut ids: Vec<String> = done(calls)
            .into_iter()
            .map(|call| call.header.id.to_string())
            .collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "{rep:?}");
    }
}
