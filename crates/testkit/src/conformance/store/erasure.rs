//! People who ask to be forgotten, and calls that are to be.

use calls::Contact;
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::{
    CallStore, CrmSnapshot, ErasureReceipt, ErasureRequest, ErasureSubject, TransformScope,
};

use super::documents::{CallDocument, SIX_TO_FOUR, page, spoken, transcript_document};
use super::insights::insights_with_chunk;
use super::readings::read;
use super::{at, detail, done, is_there, land, load_well, rows};

/// The buyer of an ordinary call.
fn buyer() -> ErasureRequest {
    ErasureRequest::new(ErasureSubject::Email("Bo@Buyer.test".to_owned()))
}

/// A contact of whom little is known.
pub(super) fn contact(id: &str, email: Option<&str>) -> Contact {
    Contact {
        id: id.into(),
        email: email.map(str::to_owned),
        name: None,
        title: None,
        company_id: None,
    }
}

async fn erase(store: &dyn CallStore, request: &ErasureRequest) -> ErasureReceipt {
    done(store.erase(request).await).receipt
}

/// What the person said and was goes; the call stays, and so do the words of the others.
pub async fn an_erased_person_leaves_the_call_of_the_others(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    done(
        store
            .save_insights(&[insights_with_chunk(
                "1",
                "their security review",
                &[1.0, 0.0],
            )])
            .await,
    );
    let snapshot = CrmSnapshot {
        contacts: vec![contact("c-1", Some("bo@buyer.test"))],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);

    let receipt = erase(store, &buyer()).await;
    assert_eq!(receipt.calls, ["1".into()]);
    assert_eq!((receipt.selector, receipt.dry_run), ("email", false));
    for table in [
        "GONG_CALLS_RAW",
        "GONG_CALL_TRANSCRIPTS_RAW",
        "STG_GONG_CALLS",
        "STG_GONG_CALL_TRANSCRIPTS",
        "STG_GONG_CALL_PARTICIPANTS",
        "STG_GONG_TRANSCRIPT_CHUNKS",
        "CRM_CONTACTS",
    ] {
        let counted = receipt.tables.iter().find(|one| one.table == table);
        assert!(
            counted.is_some_and(|one| one.rows > 0),
            "{table}: {receipt:?}"
        );
    }
    let call = detail(store, "1").await;
    let names: Vec<_> = call
        .call
        .parties
        .iter()
        .map(|party| party.name.as_deref())
        .collect();
    assert_eq!(names, [Some("Ana Reyes"), Some("[erased]")]);
    assert!(
        call.call
            .parties
            .iter()
            .all(|party| party.email.as_deref() != Some("bo@buyer.test"))
    );
    assert_eq!(call.call.brief, None);
    let sentences = call.transcript.map(|transcript| transcript.sentences);
    let texts: Vec<String> = sentences
        .into_iter()
        .flatten()
        .map(|sentence| sentence.text)
        .collect();
    assert_eq!(texts, [SIX_TO_FOUR[0].3, "[erased]"]);
    assert_eq!(done(store.search_chunks("security", 10).await), []);
    assert_eq!(rows(store, "CRM_CONTACTS").await, 0);
    assert!(rows(store, "GONG_ERASURES").await > 0, "the receipt stays");
    let again = erase(store, &buyer()).await;
    assert_eq!(again.calls, []);
    assert_eq!(again.selector_hash, receipt.selector_hash);
}

/// What Gong serves later loses the person before it lands, and what it serves still is known.
pub async fn an_erased_person_does_not_come_back(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    erase(store, &buyer()).await;
    let landed = land(store, spoken("1")).await;
    assert_eq!((landed.calls.updated, landed.transcripts.updated), (0, 0));
    // Alone, the transcript is read by the call that is stored.
    let landed = land(store, page([], [transcript_document("1", SIX_TO_FOUR)])).await;
    assert_eq!(landed.transcripts.updated, 0);
    // A transcript that came before its call is rewritten when the call says whose it is.
    land(store, page([], [transcript_document("2", SIX_TO_FOUR)])).await;
    land(store, page([CallDocument::new("2").document()], [])).await;
    let scope = TransformScope::Pending { limit: 10 };
    assert_eq!(done(store.transform(scope).await).failed, []);
    for id in ["1", "2"] {
        let call = detail(store, id).await;
        assert_eq!(
            call.call.parties[1].name.as_deref(),
            Some("[erased]"),
            "{id}"
        );
        let sentences = call.transcript.map(|transcript| transcript.sentences);
        assert_eq!(sentences.unwrap_or_default()[1].text, "[erased]", "{id}");
    }
    let snapshot = CrmSnapshot {
        contacts: vec![contact("c-1", Some("bo@buyer.test"))],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
    assert_eq!(rows(store, "CRM_CONTACTS").await, 0);
}

/// What was read before an erasure is stored behind it without the person, also where the
/// transcript is the same, since the person did not speak.
pub async fn what_was_read_before_an_erasure_does_not_name_the_person(store: &dyn CallStore) {
    let parties = json!([
        {"id": "p-1", "userId": "u-ana", "name": "Ana Reyes", "speakerId": "v-rep", "affiliation": "Internal"},
        {"id": "p-2", "name": "Bo Lind", "speakerId": "v-buyer", "affiliation": "External"},
        {"id": "p-3", "name": "Cleo Marsh", "emailAddress": "cleo@buyer.test", "affiliation": "External"},
    ]);
    let call = CallDocument::new("1").with_part("parties", parties);
    let transcript = transcript_document("1", SIX_TO_FOUR);
    load_well(store, page([call.document()], [transcript])).await;
    let mut said = calls::reading::Reading::default();
    said.summary = "Cleo Marsh signs, says Bo Lind.".to_owned();
    let reading = read(store, "1", "openai", said).await;
    let mut insights = insights_with_chunk("1", "a pilot", &[1.0, 0.0]);
    insights.transcript_sha = Some(reading.transcript_sha.clone());
    insights.summary = Some("A call with Cleo Marsh.".to_owned());

    let cleo = ErasureSubject::Email("cleo@buyer.test".to_owned());
    erase(store, &ErasureRequest::new(cleo)).await;
    let now = detail(store, "1").await.transcript_sha;
    assert_eq!(
        now.as_ref(),
        Some(&reading.transcript_sha),
        "she was silent"
    );
    assert_eq!(done(store.save_readings(&[reading]).await), 1);
    assert_eq!(done(store.save_insights(&[insights]).await), 1);
    let stored = detail(store, "1").await;
    let summary = stored.insights.and_then(|insights| insights.summary);
    assert_eq!(summary.as_deref(), Some("A call with [erased]."));
    let summaries: Vec<&str> = stored
        .readings
        .iter()
        .map(|one| one.reading.summary.as_str())
        .collect();
    assert_eq!(summaries, ["[erased] signs, says Bo Lind."]);
}

/// A dry run says what an erasure does, and does nothing.
pub async fn a_dry_run_erases_nothing(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let before = (done(store.counts().await), detail(store, "1").await);
    let preview = erase(store, &buyer().dry_run()).await;
    assert_eq!(
        (done(store.counts().await), detail(store, "1").await),
        before
    );
    assert!(preview.dry_run);
    let receipt = erase(store, &buyer()).await;
    assert_eq!(receipt.calls, preview.calls);
}

/// Where others speak of the person, also on calls without them.
pub async fn what_others_say_of_a_person_is_found(store: &dyn CallStore) {
    let lines = [("v-rep", 0, 900, "I wrote to bo lind, who was away.")];
    let parties = json!([{"id": "p-1", "userId": "u-ana", "name": "Ana Reyes",
        "emailAddress": "ana@seller.test", "speakerId": "v-rep", "affiliation": "Internal"}]);
    let without = CallDocument::new("2").with_part("parties", parties);
    load_well(store, spoken("1")).await;
    load_well(
        store,
        page([without.document()], [transcript_document("2", &lines)]),
    )
    .await;
    // One word of the name may be somebody else's: it stays, and is found where colleagues are.
    let first_name = [(
        "v-rep",
        0,
        900,
        "Then Bo will have to sign, a bo is no name.",
    )];
    let with = |id: &str, address: &str| {
        let parties = json!([{"id": "p-1", "name": "Cy Park", "emailAddress": address,
            "speakerId": "v-rep", "affiliation": "External"}]);
        CallDocument::new(id)
            .with_part("parties", parties)
            .document()
    };
    let said = ["3", "4"].map(|id| transcript_document(id, &first_name));
    let near = page(
        [with("3", "Cy@Buyer.test"), with("4", "cy@elsewhere.test")],
        said,
    );
    load_well(store, near).await;
    let previewed = done(store.erase(&buyer().dry_run()).await);
    let mut found: Vec<_> = previewed
        .mentions
        .iter()
        .map(|one| {
            let (id, place, text) = (one.call_id.as_str(), one.place.as_str(), one.text.as_str());
            (id, place, text, one.stays)
        })
        .collect();
    found.sort();
    let first_name = first_name[0].3;
    assert_eq!(
        found,
        [
            ("2", "sentence 0", lines[0].3, false),
            ("3", "sentence 0", first_name, true),
        ]
    );
    assert_eq!(previewed.receipt.mentions, 1);
    assert_eq!(previewed.receipt.calls, ["1".into(), "2".into()]);
    assert_eq!(erase(store, &buyer()).await.mentions, 1);
    let kept = detail(store, "3")
        .await
        .transcript
        .map(|said| said.sentences);
    assert_eq!(kept.unwrap_or_default()[0].text, first_name);
    let sentences = detail(store, "2")
        .await
        .transcript
        .map(|said| said.sentences);
    assert_eq!(
        sentences.unwrap_or_default()[0].text,
        "I wrote to [erased], who was away."
    );
}

/// A call goes as a whole, and is not taken in again.
pub async fn an_erased_call_does_not_come_back(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    load_well(store, spoken("2")).await;
    let request = ErasureRequest::new(ErasureSubject::Call("1".into()));
    assert_eq!(erase(store, &request).await.calls, ["1".into()]);
    let landed = land(store, spoken("1")).await;
    assert_eq!((landed.calls.inserted, landed.transcripts.inserted), (0, 0));
    assert!(!is_there(store, "1").await && is_there(store, "2").await);
    for table in [
        "GONG_CALLS_RAW",
        "GONG_CALL_TRANSCRIPTS_RAW",
        "STG_GONG_CALLS",
    ] {
        assert_eq!(rows(store, table).await, 1, "{table}");
    }
}

/// What tells nobody apart is no subject.
pub async fn subjects_that_cannot_be_are_refused(store: &dyn CallStore) {
    for (subject, field) in [
        (ErasureSubject::Email("bo".to_owned()), "email"),
        (ErasureSubject::Phone("123".to_owned()), "phone"),
        (ErasureSubject::User("".into()), "user"),
        (ErasureSubject::Call(" ".into()), "call"),
    ] {
        let refused = store.erase(&ErasureRequest::new(subject)).await;
        let error = refused.map(|erasure| erasure.receipt).expect_err(field);
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some(field))
        );
    }
}
