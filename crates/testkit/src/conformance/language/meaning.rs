//! Cases about single methods: scales, limits, labels, vectors, schemas.

use calls::reading::{CallToRead, Owner, ReadParty, ReadTurn, Side};
use calls::{CallId, PartyId, SentimentLabel, Timestamp};
use cortex::{
    ClassifyRequest, CompletionRequest, ExtractRequest, FindingKind, LanguageBackendExt, Method,
    SummaryRequest, Utterance,
};
use resilience::ErrorKind;
use serde_json::json;

use super::LanguageFixture;
use super::answer::{
    Answer, check_findings, check_labels, check_reading, check_summary, check_tone,
};

/// A short call; its last utterance is a promise.
fn conversation() -> Vec<Utterance> {
    [
        "Thanks for making the time today, we have heard a lot about your platform.",
        "Happy to. What would you like to see first, the dashboard or the integrations?",
        "The integrations. Our team loses two days a month copying numbers by hand.",
        "Understood. The connector for your warehouse does that every fifteen minutes.",
        "That would be great, but the price worries us, last year's budget is gone.",
        "I'll send you a proposal with two options by Friday.",
    ]
    .map(Utterance::of)
    .to_vec()
}

/// Scores are on the scale, labels fit them, and good, bad and plain are told apart.
pub async fn tones_are_on_one_scale(fixture: &LanguageFixture) {
    if !fixture.methods().contains(&Method::Sentiment) {
        return;
    }
    let good = fixture
        .tone("We absolutely love it, this is a wonderful product!")
        .await;
    let bad = fixture
        .tone("This is terrible, we hate it and it is a horrible mess.")
        .await;
    let plain = fixture.tone("The meeting starts at ten.").await;
    [good, bad, plain].into_iter().for_each(check_tone);
    if fixture.reads_english {
        assert_eq!(good.label, SentimentLabel::Positive);
        assert_eq!(bad.label, SentimentLabel::Negative);
        assert_eq!(plain.label, SentimentLabel::Neutral);
        assert!(good.score > plain.score && plain.score > bad.score);
    }
}

/// Summaries keep to their limit, down to none, and cite what was said.
pub async fn summaries_keep_to_their_limit(fixture: &LanguageFixture) {
    if !fixture.methods().contains(&Method::Summarize) {
        return;
    }
    let request = |utterances: &[Utterance], max_words| SummaryRequest {
        utterances: utterances.to_vec(),
        max_words,
    };
    let said = conversation();
    for max_words in [0, 1, 7, 25, 100_000] {
        let summary = fixture
            .backend()
            .summary_of(request(&said, max_words))
            .await;
        check_summary(
            &summary.expect("the call is summarised"),
            said.len(),
            max_words,
        );
    }
    let roomy = fixture.backend().summary_of(request(&said, 100)).await;
    assert!(!roomy.expect("the call is summarised").text.is_empty());
    for silent in [
        vec![],
        vec![Utterance::default()],
        vec![Utterance::of("  \n ")],
    ] {
        let summary = fixture.backend().summary_of(request(&silent, 100)).await;
        assert_eq!(summary.expect("silence is summarised").text, "");
    }
}

/// Vectors are of unit length and of one model; a text is nearer to itself than to others.
pub async fn vectors_can_be_compared(fixture: &LanguageFixture) {
    if !fixture.methods().contains(&Method::Embed) {
        return;
    }
    let texts = [
        "the price of the annual licence",
        "what does a yearly licence cost, what is the price",
        "our dog likes the garden",
    ];
    let vectors: Vec<_> = fixture
        .answers(Method::Embed, &texts)
        .await
        .into_iter()
        .map(|answer| match answer {
            Answer::Vector(vector) => vector,
            other => panic!("{other:?} is no vector"),
        })
        .collect();
    let cosine = |left: usize, right: usize| {
        let cosine = vectors[left].cosine(&vectors[right]);
        cosine.expect("vectors of one batch can be compared")
    };
    for (at, vector) in vectors.iter().enumerate() {
        assert!(
            vector.vector.iter().any(|part| *part != 0.0),
            "a text of words is not zero"
        );
        assert!(cosine(at, at) > 0.999);
    }
    if fixture.reads_english {
        assert!(cosine(0, 1) > cosine(0, 2));
    }
}

/// Labels come back as they were asked for; none or twice the same fails its item alone.
pub async fn labels_are_those_asked_for(fixture: &LanguageFixture) {
    if !fixture.methods().contains(&Method::Classify) {
        return;
    }
    let request = |labels: &[&str]| ClassifyRequest {
        text: "what does the licence cost".to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
    };
    let good: [&[&str]; 4] = [
        &["pricing"],
        &["pricing", "security"],
        &["Next Steps", "next steps", "N\u{e4}chste \"Schritte\""],
        &["a b", " a b", "a\u{1f600}"],
    ];
    let requests = [
        request(good[0]),
        request(&[]),
        request(good[1]),
        request(&["legal", "pricing", "legal"]),
        request(good[2]),
        request(good[3]),
    ];
    let outcomes = fixture
        .backend()
        .classify(&requests)
        .await
        .expect("good items are answered");
    let places = [0, 2, 4, 5];
    for (at, labels) in places.into_iter().zip(good) {
        let classification = outcomes[at].as_ref().expect("the labels are good");
        check_labels(classification, labels);
    }
    for at in [1, 3] {
        let error = outcomes[at].as_ref().expect_err("the labels are bad");
        let told = (error.kind(), error.field());
        assert_eq!(told, (ErrorKind::InvalidInput, Some("labels")));
    }
}

/// Findings are of the kinds that were asked for and of no other.
pub async fn findings_are_those_wanted(fixture: &LanguageFixture) {
    if !fixture.methods().contains(&Method::Extract) {
        return;
    }
    let said = conversation();
    let request = |wanted: &[FindingKind]| ExtractRequest {
        utterances: said.clone(),
        wanted: wanted.to_vec(),
        competitors: Vec::new(),
    };
    let two = [FindingKind::Commitment, FindingKind::Question];
    for wanted in [&FindingKind::ALL[..], &two, &[]] {
        let found = fixture.backend().findings_of(request(wanted)).await;
        let found = found.expect("the call is read");
        check_findings(&found, wanted, said.len());
        if fixture.reads_english && wanted.len() == 2 {
            let has = |kind| found.findings.iter().any(|finding| finding.kind == kind);
            assert!(two.into_iter().all(has), "{found:?}");
        }
    }
    let nobody = ExtractRequest {
        utterances: Vec::new(),
        wanted: FindingKind::ALL.to_vec(),
        competitors: Vec::new(),
    };
    let found = fixture.backend().findings_of(nobody).await;
    assert!(found.expect("silence is read").findings.is_empty());
}

/// A schema makes the answer a value, and only a schema does.
pub async fn completions_have_a_value_for_a_schema(fixture: &LanguageFixture) {
    if !fixture.methods().contains(&Method::Complete) {
        return;
    }
    let schema = json!({
        "type": "object",
        "properties": { "answer": { "type": "string" } },
        "required": ["answer"],
        "additionalProperties": false,
    });
    let plain = CompletionRequest {
        prompt: "What was agreed?".to_owned(),
        system: Some("Answer in one sentence.".to_owned()),
        ..CompletionRequest::default()
    };
    let structured = CompletionRequest {
        schema: Some(schema),
        max_tokens: Some(200),
        ..plain.clone()
    };
    let requests = [plain, structured];
    let outcomes = fixture
        .backend()
        .complete(&requests)
        .await
        .expect("prompts are answered");
    let written = outcomes[0].as_ref().expect("the prompt is answered");
    assert_eq!(written.value, None);
    let structured = outcomes[1].as_ref().expect("the prompt is answered");
    let value = structured.value.as_ref().expect("a schema makes a value");
    assert!(value.is_object(), "{value}");
}

/// A reading cites its call and nothing else; where nothing was said, nothing was read.
pub async fn readings_cite_what_was_said(fixture: &LanguageFixture) {
    if !fixture.methods().contains(&Method::Read) {
        return;
    }
    let (rep, customer) = (PartyId::new("p1"), PartyId::new("p2"));
    let turn =
        |speaker: &PartyId, said: &str| ReadTurn::new(speaker.clone(), vec![said.to_owned()]);
    let turns = vec![
        turn(
            &customer,
            "Honestly, eighteen thousand a year is too expensive for us.",
        ),
        turn(
            &rep,
            "I understand, I'll send you a smaller offer tomorrow.",
        ),
        turn(&customer, "Tomorrow works, thank you."),
    ];
    let mut call = CallToRead::new(CallId::new("c1"), Timestamp::UNIX_EPOCH, turns);
    call.parties = vec![
        ReadParty::new(rep.clone(), "Ada Hill", Side::Rep),
        ReadParty::new(customer, "Ben Moss", Side::Customer),
    ];
    let reading = fixture.backend().reading_of(call.clone()).await;
    let reading = reading.expect("the call is read");
    check_reading(&reading, &call);
    if fixture.reads_english {
        let step = reading.next_steps.first().expect("a step was promised");
        assert_eq!(step.owner, Some(Owner::Party(rep)), "{step:?}");
        // The call's own date counts, not today.
        assert_eq!(step.due, Some(jiff::civil::date(1970, 1, 2)), "{step:?}");
    }
    call.turns.clear();
    let nothing = fixture.backend().reading_of(call).await;
    assert_eq!(nothing.expect("silence is read").cited().count(), 0);
}
