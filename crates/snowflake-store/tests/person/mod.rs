//! A store with a person in every place where somebody can be.
#![allow(dead_code, unreachable_pub)]

use calls::reading::{Confidence, Fact, Reading};
use calls::{Contact, Deal, Owner, Provenance, RawDocument, Timestamp};
use serde_json::json;
use snowflake_store::{
    CallInsights, CallReading, CallStore, Chunk, CitedItem, CrmSnapshot, DeadLetter, Fault,
    LandingPage, RunStart, Stream, SyncMode, TransformScope, Window,
};
use testkit::conformance::store::{CallDocument, transcript_document};

/// Calls; the person is on every other one.
pub const CALLS: usize = 24;

/// The call on which the person was not, and is spoken of.
const SPOKEN_OF: usize = 1;

/// One of theirs that Gong serves no longer.
const DELETED: usize = CALLS - 2;

/// A word that the person says once.
pub fn word(call: usize) -> String {
    let mixed = (call as u64 + 7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{mixed:016x}q")
}

fn said(call: usize) -> String {
    format!("As for us we meant {} all along.", word(call))
}

fn is_theirs(call: &usize) -> bool {
    call.is_multiple_of(2)
}

/// What the person is known by, and every word that they said, without what an index shares.
pub fn sought() -> Vec<String> {
    let words = (0..CALLS)
        .filter(is_theirs)
        .map(|call| word(call)[3..].to_owned());
    theirs().into_iter().chain(words).collect()
}

/// What the person is known by.
pub fn theirs() -> Vec<String> {
    [
        "Mira Talvik",
        "Talvik",
        "mira@customer.test",
        "mira.private@home.test",
        "+49 151 23456789",
        "Head of Everything",
        "contact-4711",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What others are known by and said.
pub fn kept_words() -> Vec<String> {
    let served = (0..CALLS).filter(|call| *call != DELETED);
    served
        .map(|call| format!("other{call}word"))
        .chain(["Ana Reyes", "ana@seller.test", "Mira Smith"].map(str::to_owned))
        .collect()
}

fn call(call: usize) -> RawDocument {
    let id = call.to_string();
    let document = CallDocument::new(&id);
    let mut parties = document.value()["parties"].clone();
    let object = json!({"objectType": "Contact", "objectId": "contact-4711", "fields": []});
    let context = json!([{"system": "HubSpot", "objects": [object]}]);
    if is_theirs(&call) {
        let email = match call % 4 {
            0 => "Mira@Customer.test",
            _ => "mira.private@home.test",
        };
        parties[1] = json!({
            "id": "p-2", "name": "Mira Talvik", "emailAddress": email,
            "phoneNumber": "+49 151 23456789", "title": "Head of Everything",
            "speakerId": "v-buyer", "affiliation": "External", "context": context,
        });
        let third = json!({"id": "p-3", "name": "Mira Smith", "speakerId": "v-third", "affiliation": "External"});
        parties.as_array_mut().unwrap().push(third);
        let brief =
            json!({"brief": format!("Talvik {}", said(call)), "topics": [], "trackers": []});
        return document
            .with("title", format!("Mira Talvik, call {id}"))
            .with_part("parties", parties)
            .with_part("content", brief)
            .with_part("context", context)
            .document();
    }
    document.document()
}

fn transcript(call: usize, last: &str) -> RawDocument {
    let theirs = said(call);
    let other = match is_theirs(&call) {
        true => format!("So other{call}word, dear Talvik."),
        false if call == SPOKEN_OF => {
            format!("So other{call}word was what mira talvik (mira@customer.test) wanted.")
        }
        false => format!("So other{call}word it is."),
    };
    let mut lines = vec![("v-rep", 0, 900, other.as_str())];
    if is_theirs(&call) {
        lines.push(("v-buyer", 1_000, 1_900, theirs.as_str()));
    }
    lines.push(("v-rep", 2_000, 2_900, last));
    transcript_document(&call.to_string(), &lines)
}

/// All calls as Gong serves them.
pub fn page() -> LandingPage {
    LandingPage::new("run")
        .with_calls((0..CALLS).map(call).collect())
        .with_transcripts((0..CALLS).map(|call| transcript(call, "Well.")).collect())
}

/// As [`page`], without the call that is deleted.
pub fn served() -> LandingPage {
    let mut page = page();
    let is_served = |document: &RawDocument| document.call_id.as_str() != DELETED.to_string();
    page.calls.retain(is_served);
    page.transcripts.retain(is_served);
    page
}

/// A transcript of theirs that has changed, and a call of theirs that is new.
pub fn edited() -> LandingPage {
    LandingPage::new("later")
        .with_calls(vec![call(CALLS)])
        .with_transcripts(vec![
            transcript(0, "A new word."),
            transcript(CALLS, "Well."),
        ])
}

/// A letter that holds what was received of them.
pub fn letter() -> DeadLetter {
    DeadLetter {
        stream: Stream::Calls,
        fault: Fault::Record {
            digest: "0".repeat(64),
            window: window(),
        },
        reason: "has no id".to_owned(),
        payload: Some("{\"name\": \"Mira Talvik\", \"cut\": ".to_owned()),
        run_id: "run".to_owned(),
        failed_at: Timestamp::UNIX_EPOCH,
        decoder_version: 7,
    }
}

fn window() -> Window {
    Window {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        to: "2026-12-01T00:00:00Z".parse().unwrap(),
    }
}

/// The person in the CRM.
pub fn crm() -> CrmSnapshot {
    let contact = Contact {
        id: "contact-4711".into(),
        email: Some("mira@customer.test".to_owned()),
        name: Some("Mira Talvik".to_owned()),
        title: Some("Head of Everything".to_owned()),
        company_id: None,
    };
    let mut deal = Deal::new("d-1");
    deal.name = Some("Twenty seats for Mira Talvik".to_owned());
    deal.owner_id = Some("o-1".into());
    deal.owner_name = Some("Ana Reyes".to_owned());
    deal.contact_ids = vec!["contact-4711".into()];
    CrmSnapshot {
        contacts: vec![contact],
        deals: vec![deal],
        owners: vec![Owner {
            id: "o-1".into(),
            name: Some("Ana Reyes".to_owned()),
            email: Some("ana@seller.test".to_owned()),
            archived: false,
        }],
        read_at: Timestamp::UNIX_EPOCH,
        ..CrmSnapshot::default()
    }
}

/// Fills a store with calls of the person and of others, and all that is made of them.
pub async fn lives(store: &dyn CallStore) {
    let start = RunStart {
        run_id: "run".to_owned(),
        mode: SyncMode::Full,
        window: window(),
        settings: r#"{"only_users":["mira@customer.test"]}"#.to_owned(),
    };
    store.start_run(&start).await.unwrap();
    let landed = store.land(page()).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    assert_eq!(store.transform(scope).await.unwrap().failed, []);
    store.record_dead_letters(&[letter()]).await.unwrap();
    store.save_crm(&crm()).await.unwrap();
    for call in 0..CALLS {
        analysed(store, call).await;
    }
    let page = LandingPage::new("run").with_deleted(vec![DELETED.to_string().into()]);
    assert_eq!(store.land(page).await.unwrap().deleted, 1);
}

async fn analysed(store: &dyn CallStore, call: usize) {
    let id = call.to_string().into();
    let detail = store.call_detail(&id).await.unwrap().unwrap();
    let provenance = Provenance::new("local", "1");
    let text = match is_theirs(&call) {
        true => said(call),
        false => format!("other{call}word"),
    };
    let summary = match call {
        3 => "It is about Mira Talvik.".to_owned(),
        _ => text.clone(),
    };
    let mut reading = Reading::default();
    reading.summary = summary.clone();
    reading.pricing = vec![Fact::new(text.clone(), vec![0], Confidence::claimed(0.9))];
    let reading = CallReading {
        call_id: id,
        transcript_sha: detail.transcript_sha.clone().unwrap(),
        provenance: provenance.clone(),
        read_at: Timestamp::now(),
        requests: 0,
        reading,
    };
    assert_eq!(store.save_readings(&[reading]).await.unwrap(), 1);
    let quote = CitedItem {
        kind: "next_step".to_owned(),
        text: text.clone(),
        score: 0.5,
        sentences: vec![0],
    };
    let insights = CallInsights {
        call_id: call.to_string().into(),
        transcript_sha: detail.transcript_sha,
        sentiment: None,
        summary: Some(summary),
        key_topics: vec![text.clone()],
        risks: Some(vec![quote.clone()]),
        next_steps: Some(vec![quote]),
        sentence_sentiments: vec![(0, 0.5)],
        chunks: vec![Chunk {
            first_sentence: 0,
            last_sentence: 1,
            text,
            sentiment: None,
            embedding: None,
        }],
        provenance,
    };
    assert_eq!(store.save_insights(&[insights]).await.unwrap(), 1);
}
