//! Tasks put to a scripted model: packing, chunks, merging, scales and counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::endpoint;

use calls::{Affiliation, SentimentLabel};
use cortex::rest::CortexRest;
use cortex::usage;
use cortex::{
    ClassifyRequest, ExtractRequest, FindingKind, LanguageBackend, LanguageBackendExt,
    SummaryRequest, Utterance,
};
use endpoint::{always, config, cortex, finding, only, said, snowflake, texts};
use resilience::ErrorKind;
use serde_json::{Value, json};
use testkit::language_server::{ChatRequest, ModelAnswer, honest_answer};

fn readings(of: &[(&str, f64)]) -> Value {
    let reading = |(line, (label, score)): (usize, &(&str, f64))| json!({"line": line, "label": label, "score": score});
    json!({"readings": of.iter().enumerate().map(reading).collect::<Vec<_>>()})
}

#[tokio::test]
async fn texts_share_prompts_and_keep_their_places() {
    let server = snowflake().await;
    let batch: Vec<String> = (0..45)
        .map(|n| ["I love it.", "It is terrible.", "It is 5 pm.", ""][n % 4].to_owned())
        .collect();
    let (outcomes, used) = usage::collect(cortex(&server).sentiment(&batch)).await;
    let labels: Vec<SentimentLabel> = outcomes
        .unwrap()
        .into_iter()
        .map(|outcome| outcome.unwrap().sentiment.label)
        .collect();
    use SentimentLabel::{Negative, Neutral, Positive};
    for (at, label) in labels.into_iter().enumerate() {
        assert_eq!(
            label,
            [Positive, Negative, Neutral, Neutral][at % 4],
            "{at}"
        );
    }
    assert_eq!(
        server.requests().len(),
        2,
        "34 texts with words, 20 to a prompt"
    );
    assert_eq!(
        used.iter().map(|used| used.items).collect::<Vec<_>>(),
        [20, 14]
    );
}

#[tokio::test]
async fn a_text_that_spoils_a_shared_prompt_fails_alone() {
    let server = snowflake().await;
    server.when_asked(|request| match request.task().contains("poison") {
        true => ModelAnswer::text("I would rather talk about something else."),
        false => honest_answer(request),
    });
    let batch = texts(["I love it.", "poison", "It is terrible."]);
    let outcomes = cortex(&server).sentiment(&batch).await.unwrap();
    assert_eq!(
        outcomes[0].as_ref().unwrap().sentiment.label,
        SentimentLabel::Positive
    );
    assert_eq!(outcomes[1].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(
        outcomes[2].as_ref().unwrap().sentiment.label,
        SentimentLabel::Negative
    );
}

#[tokio::test]
async fn readings_off_the_scale_or_out_of_place_are_corrected_or_refused() {
    for bad in [
        readings(&[("positive", 1.5)]),
        readings(&[("positive", -0.5)]),
        readings(&[("negative", 0.5)]),
        readings(&[("neutral", 0.9)]),
        readings(&[("delighted", 0.5)]),
        readings(&[]),
        readings(&[("neutral", 0.0), ("neutral", 0.0)]),
        json!({"readings": [{"line": 0, "label": "neutral", "score": "none"}]}),
        json!({"reading": []}),
    ] {
        let server = snowflake().await;
        server.when_asked(always(bad.clone()));
        let outcomes = cortex(&server).sentiment(&texts(["Fine."])).await.unwrap();
        assert_eq!(
            outcomes[0].as_ref().unwrap_err().kind(),
            ErrorKind::Decode,
            "{bad}"
        );
        assert_eq!(server.requests().len(), 2);
        let answer = bad.clone();
        server.when_asked(move |request| match request.is_correction() {
            true => ModelAnswer::json(&readings(&[("mixed", 0.1)])),
            false => ModelAnswer::json(&answer),
        });
        let reading = cortex(&server).sentiment_of("Fine.").await.unwrap();
        assert_eq!(reading.sentiment.label, SentimentLabel::Mixed);
        assert_eq!(reading.raw, json!({"label": "mixed", "score": 0.1}));
    }
}

#[tokio::test]
async fn a_long_text_is_read_in_pieces_and_weighted() {
    let server = snowflake().await;
    let backend = CortexRest::new(config(&server).with_chunk_tokens(64)).unwrap();
    let text = format!(
        "{} {}",
        "I love it. ".repeat(40),
        "It is terrible. ".repeat(40)
    );
    let reading = backend.sentiment_of(text).await.unwrap();
    assert_eq!(reading.sentiment.label, SentimentLabel::Mixed);
    assert!(reading.sentiment.score.abs() < 0.3, "{reading:?}");
    assert!(reading.raw.as_array().unwrap().len() > 4);
}

#[tokio::test]
async fn labels_are_ranked_and_add_up_to_one() {
    let server = snowflake().await;
    server.when_asked(always(json!({"scores": [
        {"label": "a \"quoted\" one", "score": 0.2}, {"label": "b", "score": 0.6},
    ]})));
    let request = ClassifyRequest {
        text: "words".into(),
        labels: texts(["a \"quoted\" one", "b"]),
    };
    let classification = cortex(&server).label_of(request.clone()).await.unwrap();
    assert_eq!(classification.label, "b");
    assert!((classification.scores[0].score - 0.75).abs() < 1e-9);

    server.when_asked(always(json!({"scores": [{"label": "b", "score": 0.6}]})));
    let error = cortex(&server).label_of(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "a label has no score");
    let none = ClassifyRequest {
        text: "words".into(),
        labels: Vec::new(),
    };
    let error = cortex(&server).label_of(none).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::InvalidInput, Some("labels"))
    );
}

/// Turns of two people; every turn has two sentences.
fn long_call(turns: usize) -> Vec<Utterance> {
    (0..turns)
        .flat_map(|turn| {
            let (speaker, affiliation) = match turn % 2 {
                0 => ("Ann", Affiliation::Internal),
                _ => ("Bob", Affiliation::External),
            };
            [
                format!("In part number {turn} we went through the rollout plan together."),
                format!("I'll send the notes of part number {turn} on Monday."),
            ]
            .map(|text| Utterance {
                affiliation,
                ..said(speaker, &text)
            })
        })
        .collect()
}

fn wanting(utterances: Vec<Utterance>, wanted: &[FindingKind]) -> ExtractRequest {
    ExtractRequest {
        utterances,
        wanted: wanted.to_vec(),
        competitors: texts(["Initech", "Big Blue"]),
    }
}

#[tokio::test]
async fn findings_of_all_chunks_point_into_the_whole_conversation() {
    let server = snowflake().await;
    let backend = CortexRest::new(config(&server).with_chunk_tokens(300)).unwrap();
    let extraction = backend
        .findings_of(wanting(long_call(20), &[FindingKind::Commitment]))
        .await
        .unwrap();
    let places: Vec<usize> = extraction
        .findings
        .iter()
        .map(|found| found.utterance)
        .collect();
    assert_eq!(places, (0..20).map(|turn| turn * 2 + 1).collect::<Vec<_>>());
    assert_eq!(extraction.dropped, 0);
    let chunks = server.requests();
    assert!(chunks.len() > 3, "{}", chunks.len());
    for received in &chunks {
        let data = ChatRequestOf(&received.body).lines();
        assert_eq!(data.len() % 2, 0, "a turn is not torn apart");
        assert_eq!(data[0]["line"].as_u64().unwrap() % 2, 0);
        assert_eq!(
            data[0]["side"],
            if data[0]["speaker"] == "Ann" {
                "seller"
            } else {
                "customer"
            }
        );
    }
}

/// The data lines of a request that was logged.
struct ChatRequestOf<'a>(&'a Value);

impl ChatRequestOf<'_> {
    fn lines(&self) -> Vec<Value> {
        let messages = self.0["messages"].as_array().unwrap();
        let user = messages
            .iter()
            .find(|message| message["role"] == "user")
            .unwrap();
        let lines = user["content"].as_str().unwrap().lines();
        lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}

#[tokio::test]
async fn claims_that_a_kind_does_not_allow_are_dropped_and_counted() {
    let server = snowflake().await;
    let conversation = vec![
        Utterance {
            affiliation: Affiliation::Internal,
            ..said("Ann", "Initech's offer is too expensive for us all.")
        },
        Utterance {
            affiliation: Affiliation::External,
            ..said(
                "Bob",
                "We will send you our price list for it. Great support.",
            )
        },
    ];
    server.when_asked(always(json!({"findings": [
        finding("question", 0, "is too expensive for us, is it not", 0.9),
        finding("commitment", 1, "send you our price list", 0.7),
        finding("commitment", 1, "We will send you our price list for it", 0.8),
        finding("competitor_mention", 0, "Initech's offer", 0.9),
        finding("competitor_mention", 1, "our price list", 0.9),
        finding("question", 1, "Great support.", 0.9),
        finding("topic", 1, "Great support.", 7.0),
        finding("made_up", 1, "Great support.", 0.5),
    ]})));
    let wanted = [
        FindingKind::Topic,
        FindingKind::Commitment,
        FindingKind::CompetitorMention,
    ];
    let extraction = cortex(&server)
        .findings_of(wanting(conversation, &wanted))
        .await
        .unwrap();
    let found: Vec<(FindingKind, usize, &str, f64)> = extraction
        .findings
        .iter()
        .map(|found| {
            (
                found.kind,
                found.utterance,
                found.phrase.as_str(),
                found.score,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (FindingKind::Topic, 1, "Great support.", 1.0),
            (
                FindingKind::Commitment,
                1,
                "We will send you our price list for it.",
                0.8
            ),
            (FindingKind::CompetitorMention, 0, "Initech", 0.9),
        ]
    );
    assert_eq!(
        extraction.dropped, 4,
        "not said, unnamed competitor, unwanted, unknown"
    );
}

#[tokio::test]
async fn a_chunk_that_cannot_be_read_fails_its_conversation_and_no_other() {
    let server = snowflake().await;
    server.when_asked(|request| match request.task().contains("part number 9 ") {
        true => ModelAnswer::text("no JSON"),
        false => honest_answer(request),
    });
    let backend = CortexRest::new(config(&server).with_chunk_tokens(300)).unwrap();
    let kinds = [FindingKind::Commitment];
    let requests = [
        wanting(long_call(20), &kinds),
        wanting(long_call(4), &kinds),
    ];
    let outcomes = backend.extract(&requests).await.unwrap();
    assert_eq!(outcomes[0].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(outcomes[1].as_ref().unwrap().findings.len(), 4);
}

fn points(of: &[(&str, usize, &str)]) -> Value {
    let point = |(text, line, quote): &(&str, usize, &str)| json!({"text": text, "quotes": [{"line": line, "quote": quote}]});
    json!({"points": of.iter().map(point).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_summary_keeps_what_was_said_in_time_order_within_its_words() {
    let server = snowflake().await;
    let conversation = vec![
        said("Bob", "We have 40 people who copy numbers by hand."),
        said("Ann", "The connector does that every fifteen minutes."),
        said("Bob", "Send me an offer by Friday please."),
    ];
    server.when_asked(always(points(&[
        (
            "Bob wants an offer by Friday.",
            2,
            "send me an offer by friday",
        ),
        (
            "They have 40 people copying numbers.",
            0,
            "40 people who copy numbers",
        ),
        ("They will pay $90,000.", 1, "The connector does that"),
        ("Bob agreed to buy.", 2, "I agree to buy it"),
        (
            "A point that is far too long for the few words that are left here.",
            1,
            "every fifteen minutes",
        ),
        ("", 1, "every fifteen minutes"),
    ])));
    let request = SummaryRequest {
        utterances: conversation,
        max_words: 14,
    };
    let summary = cortex(&server).summary_of(request).await.unwrap();
    assert_eq!(
        summary.text,
        "They have 40 people copying numbers. Bob wants an offer by Friday."
    );
    assert_eq!(summary.sentences, [0, 2]);
    assert_eq!(
        summary.dropped, 3,
        "an invented figure, an invented quote, nothing"
    );
}

#[tokio::test]
async fn parts_are_condensed_until_one_is_left_and_rest_on_what_was_said() {
    let server = snowflake().await;
    server.when_asked(|request: &ChatRequest| {
        if !request.wants("sentences") {
            return honest_answer(request);
        }
        let lines = request.data();
        ModelAnswer::json(&json!({"sentences": [
            {"text": "They went through the plan.", "points": [0, lines.len() - 1]},
            {"text": "Nobody said this.", "points": [900]},
            {"text": "They owe us 777 dollars.", "points": [0]},
        ]}))
    });
    let backend = CortexRest::new(config(&server).with_chunk_tokens(300)).unwrap();
    let utterances = long_call(40);
    let last = utterances.len() - 1;
    let summary = backend
        .summary_of(SummaryRequest {
            utterances,
            max_words: 60,
        })
        .await
        .unwrap();
    assert_eq!(summary.text, "They went through the plan.");
    assert_eq!(summary.sentences.first(), Some(&0));
    assert_eq!(summary.sentences.last(), Some(&last));
    let condensing = server
        .requests()
        .iter()
        .filter(|request| request.body.to_string().contains("Condense"))
        .count();
    assert!(
        condensing > 2,
        "several groups, then one of them: {condensing}"
    );
    assert_eq!(summary.dropped, condensing * 2);
}

#[tokio::test]
async fn a_conversation_whose_parts_cannot_be_condensed_fails_alone() {
    let server = snowflake().await;
    server.when_asked(|request: &ChatRequest| match request.wants("sentences") {
        true => ModelAnswer::text("no JSON"),
        false => honest_answer(request),
    });
    let backend = CortexRest::new(config(&server).with_chunk_tokens(300)).unwrap();
    let request = |turns| SummaryRequest {
        utterances: long_call(turns),
        max_words: 60,
    };
    let outcomes = backend.summarize(&[request(20), request(1)]).await.unwrap();
    assert_eq!(outcomes[0].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    assert!(outcomes[1].is_ok());
}

#[tokio::test]
async fn nothing_to_say_asks_nobody() {
    let server = snowflake().await;
    let backend = cortex(&server);
    let silent = SummaryRequest {
        utterances: vec![Utterance::of(" ")],
        max_words: 50,
    };
    let wordless = SummaryRequest {
        utterances: long_call(2),
        max_words: 0,
    };
    for summary in backend.summarize(&[silent, wordless]).await.unwrap() {
        assert_eq!(summary.unwrap(), cortex::Summary::default());
    }
    let nobody_named = ExtractRequest {
        competitors: Vec::new(),
        ..wanting(long_call(2), &[FindingKind::CompetitorMention])
    };
    let nothing_wanted = wanting(long_call(2), &[]);
    for extraction in backend
        .extract(&[nobody_named, nothing_wanted])
        .await
        .unwrap()
    {
        assert!(extraction.unwrap().findings.is_empty());
    }
    let blank = ClassifyRequest {
        text: " ".into(),
        labels: texts(["a", "b"]),
    };
    assert_eq!(only(backend.classify(&[blank]).await.unwrap()).label, "a");
    assert!(server.requests().is_empty());
}
