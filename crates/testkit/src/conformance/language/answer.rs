//! Answers of all methods as one type, and the rules that each must satisfy.

use calls::reading::{CallToRead, Owner, ReadParty, ReadTurn, Reading, Side};
use calls::{CallId, PartyId, Sentiment, SentimentLabel, Timestamp};
use cortex::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding,
    ExtractRequest, Extraction, FindingKind, LanguageBackend, Method, Outcome, Result, Summary,
    SummaryRequest, TextSentiment, Utterance,
};

/// Words that a summary may have.
pub(super) const MAX_WORDS: usize = 50;

/// The labels that texts are given.
pub(super) const LABELS: [&str; 3] = ["pricing", "security", "next steps"];

/// From this score on, up or down, no text is neutral.
const CLEAR_TONE: f64 = 0.5;

/// An answer of whatever method.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    Tone(TextSentiment),
    Summary(Summary),
    Vector(Embedding),
    Label(Classification),
    Findings(Extraction),
    Text(Completion),
    Reading(Box<Reading>),
}

/// Asks one method about texts; each becomes an item with the same parameters.
pub(super) async fn ask(
    backend: &dyn LanguageBackend,
    method: Method,
    texts: &[&str],
) -> Result<Vec<Outcome<Answer>>> {
    let strings: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let strings = strings.as_slice();
    match method {
        Method::Sentiment => wrapped(backend.sentiment(strings).await, Answer::Tone),
        Method::Embed => wrapped(backend.embed(strings).await, Answer::Vector),
        Method::Summarize => {
            let requests: Vec<SummaryRequest> = texts.iter().map(|text| summary(text)).collect();
            wrapped(backend.summarize(&requests).await, Answer::Summary)
        }
        Method::Classify => {
            let requests: Vec<ClassifyRequest> = texts.iter().map(|text| labels(text)).collect();
            wrapped(backend.classify(&requests).await, Answer::Label)
        }
        Method::Extract => {
            let requests: Vec<ExtractRequest> = texts.iter().map(|text| findings(text)).collect();
            wrapped(backend.extract(&requests).await, Answer::Findings)
        }
        Method::Complete => {
            let requests: Vec<CompletionRequest> = texts.iter().map(|text| prompt(text)).collect();
            wrapped(backend.complete(&requests).await, Answer::Text)
        }
        Method::Read => {
            let calls: Vec<CallToRead> = texts.iter().map(|text| call(text)).collect();
            let answered = backend.read(&calls).await;
            wrapped(answered, |reading| Answer::Reading(Box::new(reading)))
        }
        other => panic!("the suite does not know {other:?}"),
    }
}

fn wrapped<T>(
    answered: Result<Vec<Outcome<T>>>,
    wrap: fn(T) -> Answer,
) -> Result<Vec<Outcome<Answer>>> {
    let outcomes = answered?.into_iter();
    Ok(outcomes.map(|outcome| outcome.map(wrap)).collect())
}

fn summary(text: &str) -> SummaryRequest {
    SummaryRequest {
        utterances: vec![Utterance::of(text)],
        max_words: MAX_WORDS,
    }
}

fn labels(text: &str) -> ClassifyRequest {
    ClassifyRequest {
        text: text.to_owned(),
        labels: LABELS.map(str::to_owned).to_vec(),
    }
}

fn findings(text: &str) -> ExtractRequest {
    ExtractRequest {
        utterances: vec![Utterance::of(text)],
        wanted: FindingKind::ALL.to_vec(),
        competitors: vec!["Initech".to_owned()],
    }
}

/// A call of one sentence by a seller and the same by a customer, so that a text is read
/// from either side.
fn call(text: &str) -> CallToRead {
    let (rep, customer) = (PartyId::new("p1"), PartyId::new("p2"));
    let turn = |speaker: &PartyId| ReadTurn::new(speaker.clone(), vec![text.to_owned()]);
    let turns = vec![turn(&rep), turn(&customer)];
    let mut call = CallToRead::new(CallId::new("c1"), Timestamp::UNIX_EPOCH, turns);
    call.parties = vec![
        ReadParty::new(rep, "Ada Hill", Side::Rep),
        ReadParty::new(customer, "Ben Moss", Side::Customer),
    ];
    call
}

fn prompt(text: &str) -> CompletionRequest {
    CompletionRequest {
        prompt: text.to_owned(),
        ..CompletionRequest::default()
    }
}

impl Answer {
    /// Whether it is an answer that the contract allows for a text.
    pub(super) fn check(&self, text: &str, capabilities: &Capabilities) {
        match self {
            Self::Tone(reading) => check_tone(reading.sentiment),
            Self::Summary(summary) => {
                check_summary(summary, 1, MAX_WORDS);
                if text.trim().is_empty() {
                    assert_eq!(summary.text, "", "nothing was said");
                }
            }
            Self::Vector(vector) => check_vector(vector, capabilities),
            Self::Label(classification) => check_labels(classification, &LABELS),
            Self::Findings(found) => check_findings(found, &FindingKind::ALL, 1),
            Self::Text(written) => {
                assert_eq!(written.value, None, "no schema was asked for");
            }
            Self::Reading(reading) => check_reading(reading, &call(text)),
        }
    }
}

/// Only what was said is cited, owners took part, and no seller objects, suffers or
/// praises.
pub(super) fn check_reading(reading: &Reading, call: &CallToRead) {
    let said: Vec<_> = call.sentences().collect();
    assert!(reading.cited().all(|at| at < said.len()), "{reading:?}");
    assert!(reading.deal_health.is_none_or(|health| health <= 100));
    for step in &reading.next_steps {
        if let Some(Owner::Party(id)) = &step.owner {
            assert!(call.party(id).is_some(), "{id} took no part");
        }
    }
    let pushback = reading.pushback.iter().map(|one| &one.sentences);
    let pains = reading.pains.iter().map(|pain| &pain.sentences);
    let praise = reading.praise.iter().map(|fact| &fact.sentences);
    for at in pushback.chain(pains).chain(praise).flatten() {
        let party = call.party(&said[*at].0.speaker);
        assert!(
            party.is_none_or(|party| party.side != Side::Rep),
            "sentence {at}"
        );
    }
}

/// The score is on the scale, and score and label do not contradict each other.
pub(super) fn check_tone(tone: Sentiment) {
    let Sentiment { score, label } = tone;
    assert!((-1.0..=1.0).contains(&score), "{score} is off the scale");
    match label {
        SentimentLabel::Positive => assert!(score > 0.0, "positive at {score}"),
        SentimentLabel::Negative => assert!(score < 0.0, "negative at {score}"),
        SentimentLabel::Neutral => assert!(score.abs() <= CLEAR_TONE, "neutral at {score}"),
        _ => {}
    }
}

/// No more words than allowed, and only what was said is cited.
pub(super) fn check_summary(summary: &Summary, utterances: usize, max_words: usize) {
    let words = summary.text.split_whitespace().count();
    assert!(words <= max_words, "{words} words of {max_words}");
    let cited = &summary.sentences;
    assert!(
        cited.windows(2).all(|pair| pair[0] < pair[1]),
        "cited {cited:?}"
    );
    assert!(cited.iter().all(|at| *at < utterances), "cited {cited:?}");
}

/// Of the declared model and size, and of unit length unless all zeros.
pub(super) fn check_vector(vector: &Embedding, capabilities: &Capabilities) {
    assert_eq!(Some(vector.dim()), capabilities.embedding_dim);
    assert_eq!(Some(&vector.model), capabilities.embedding_model.as_ref());
    let squares = vector.vector.iter().map(|part| f64::from(*part).powi(2));
    let square: f64 = squares.sum();
    let is_unit = (square - 1.0).abs() < 1e-3;
    assert!(
        is_unit || vector.vector.iter().all(|part| *part == 0.0),
        "length² {square}"
    );
}

/// Every label once, best first, shares of 1; on a tie the one that was asked for first.
pub(super) fn check_labels(classification: &Classification, asked: &[&str]) {
    let scores = &classification.scores;
    let place = |label: &str| asked.iter().position(|asked| *asked == label);
    let mut places: Vec<Option<usize>> = scores.iter().map(|score| place(&score.label)).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        (0..asked.len()).map(Some).collect::<Vec<_>>(),
        "{scores:?}"
    );
    assert!(
        scores
            .iter()
            .all(|score| (0.0..=1.0).contains(&score.score)),
        "{scores:?}"
    );
    let sum: f64 = scores.iter().map(|score| score.score).sum();
    assert!((sum - 1.0).abs() < 1e-6, "shares add up to {sum}");
    for pair in scores.windows(2) {
        let is_tie = pair[0].score == pair[1].score;
        let is_sorted = pair[0].score > pair[1].score;
        assert!(
            is_sorted || (is_tie && place(&pair[0].label) < place(&pair[1].label)),
            "{scores:?}"
        );
    }
    assert_eq!(classification.label, scores[0].label);
}

/// What was wanted, where it can be, in order.
pub(super) fn check_findings(found: &Extraction, wanted: &[FindingKind], utterances: usize) {
    for finding in &found.findings {
        assert!(
            wanted.contains(&finding.kind),
            "{:?} was not wanted",
            finding.kind
        );
        assert!(finding.utterance < utterances, "{finding:?}");
        assert!(finding.score > 0.0 && finding.score <= 1.0, "{finding:?}");
        assert!(!finding.phrase.is_empty(), "{finding:?}");
    }
    let is_sorted = found.findings.windows(2).all(|pair| {
        let (left, right) = (&pair[0], &pair[1]);
        let by_score = right.score.total_cmp(&left.score);
        let order = left.kind.cmp(&right.kind).then(by_score);
        order.then(left.utterance.cmp(&right.utterance)).is_le()
    });
    assert!(is_sorted, "findings are not sorted");
}
