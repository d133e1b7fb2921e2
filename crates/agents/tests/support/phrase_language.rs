//! A language backend of a few phrases, so that tests know what it will find,
//! and that fails when told to.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calls::reading::{
    CallToRead, Claim, Confidence, Fact, Handling, NextStep, Owner, Pain, Pushback, PushbackKind,
    Reading, Side,
};
use calls::{Provenance, Sentiment, SentimentLabel};
use cortex::{
    Capabilities, Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, Error,
    ExtractRequest, Extraction, Finding, FindingKind, LanguageBackend, Method, Outcome, Result,
    Summary, SummaryRequest, TextSentiment,
};
use resilience::ErrorKind;

const DIM: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct PhraseLanguage {
    /// Fails whole batches of embeddings.
    pub(crate) embedding_fails: Option<ErrorKind>,
    /// Fails single sentences that hold this text.
    pub(crate) refuses: Option<(&'static str, ErrorKind)>,
    /// Version, part of the provenance.
    pub(crate) version: u32,
    /// Passes for a generative model, which writes nothing all the same.
    pub(crate) generates: bool,
    /// Fails readings.
    pub(crate) reading_fails: Option<ErrorKind>,
    /// Calls that were read.
    pub(crate) calls_read: AtomicUsize,
    /// Texts whose tone was asked for.
    pub(crate) texts_read: AtomicUsize,
    /// Holds up the thread that reads until another one reads too.
    pub(crate) company: Option<Arc<Company>>,
}

/// Whether two threads were at work at once.
#[derive(Debug, Default)]
pub(crate) struct Company {
    at_work: Mutex<usize>,
    came: Condvar,
    met: AtomicBool,
}

impl Company {
    pub(crate) fn met(&self) -> bool {
        self.met.load(Ordering::SeqCst)
    }

    fn work(&self) {
        let mut at_work = self.at_work.lock().unwrap();
        *at_work += 1;
        self.came.notify_all();
        let is_alone = |at_work: &mut usize| *at_work < 2 && !self.met();
        let patience = Duration::from_secs(5);
        let waited = self.came.wait_timeout_while(at_work, patience, is_alone);
        let (mut at_work, waited) = waited.unwrap();
        self.met.fetch_or(!waited.timed_out(), Ordering::SeqCst);
        *at_work -= 1;
    }
}

impl PhraseLanguage {
    pub(crate) fn texts_read(&self) -> usize {
        self.texts_read.load(Ordering::SeqCst)
    }

    fn tone_of(&self, text: &str) -> Outcome<TextSentiment> {
        if let Some((refused, kind)) = self.refuses
            && text.contains(refused)
        {
            return Err(Error::new(kind, "refused"));
        }
        let lower = text.to_lowercase();
        let count = |words: &[&str]| words.iter().filter(|word| lower.contains(*word)).count();
        let good = count(&["great", "love", "thanks", "good", "perfect"]);
        let bad = count(&["problem", "expensive", "concern", "worried", "sorry"]);
        let score = (good as f64 - bad as f64).clamp(-2.0, 2.0) * 0.45;
        let label = if score > 0.0 {
            SentimentLabel::Positive
        } else if score < 0.0 {
            SentimentLabel::Negative
        } else {
            SentimentLabel::Neutral
        };
        Ok(TextSentiment {
            sentiment: Sentiment { score, label },
            raw: serde_json::Value::Null,
            by: self.provenance(),
        })
    }
}

#[async_trait]
impl LanguageBackend for PhraseLanguage {
    fn provenance(&self) -> Provenance {
        Provenance::new("phrases", format!("v{}", self.version))
    }

    fn capabilities(&self) -> Capabilities {
        let mut methods = vec![
            Method::Sentiment,
            Method::Summarize,
            Method::Embed,
            Method::Extract,
            Method::Read,
        ];
        methods.extend(self.generates.then_some(Method::Complete));
        Capabilities {
            methods,
            max_batch: 1_000,
            embedding_dim: Some(DIM),
            embedding_model: Some("words-64".to_owned()),
            languages: vec!["en".to_owned()],
        }
    }

    async fn sentiment(&self, texts: &[String]) -> Result<Vec<Outcome<TextSentiment>>> {
        self.texts_read.fetch_add(texts.len(), Ordering::SeqCst);
        Ok(texts.iter().map(|text| self.tone_of(text)).collect())
    }

    async fn summarize(&self, requests: &[SummaryRequest]) -> Result<Vec<Outcome<Summary>>> {
        let summarize = |request: &SummaryRequest| {
            let long = request
                .utterances
                .iter()
                .enumerate()
                .filter(|(_, utterance)| utterance.text.split_whitespace().count() >= 6)
                .take(3);
            let (sentences, texts): (Vec<usize>, Vec<&str>) = long
                .map(|(at, utterance)| (at, utterance.text.as_str()))
                .unzip();
            Ok(Summary {
                text: texts.join(" "),
                sentences,
                dropped: 0,
            })
        };
        Ok(requests.iter().map(summarize).collect())
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Outcome<Embedding>>> {
        if let Some(kind) = self.embedding_fails {
            return Err(Error::new(kind, "embedding fails"));
        }
        let embed = |text: &String| {
            let mut vector = vec![0.0_f32; DIM];
            for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
                if word.len() > 3 {
                    let mut hasher = DefaultHasher::new();
                    word.hash(&mut hasher);
                    vector[hasher.finish() as usize % DIM] += 1.0;
                }
            }
            let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
            if length > 0.0 {
                vector.iter_mut().for_each(|value| *value /= length);
            }
            Ok(Embedding {
                model: "words-64".to_owned(),
                vector,
            })
        };
        Ok(texts.iter().map(embed).collect())
    }

    async fn classify(&self, _: &[ClassifyRequest]) -> Result<Vec<Outcome<Classification>>> {
        Err(Error::new(ErrorKind::Unsupported, "no classes"))
    }

    async fn extract(&self, requests: &[ExtractRequest]) -> Result<Vec<Outcome<Extraction>>> {
        let extract = |request: &ExtractRequest| {
            let mut findings = Vec::new();
            for (at, utterance) in request.utterances.iter().enumerate() {
                let lower = utterance.text.to_lowercase();
                let mut found = |kind, phrase: &str, score| {
                    if request.wanted.contains(&kind) && lower.contains(phrase) {
                        findings.push(Finding {
                            kind,
                            utterance: at,
                            phrase: phrase.to_owned(),
                            score,
                        });
                    }
                };
                for competitor in &request.competitors {
                    found(
                        FindingKind::CompetitorMention,
                        &competitor.to_lowercase(),
                        0.9,
                    );
                }
                found(FindingKind::Topic, "pricing", 0.9);
            }
            Ok(Extraction {
                findings,
                dropped: 0,
            })
        };
        Ok(requests.iter().map(extract).collect())
    }

    /// Phrases again; pushback is addressed by the next sentence of the rep that has more
    /// than a few words.
    async fn read(&self, calls: &[CallToRead]) -> Result<Vec<Outcome<Reading>>> {
        if let Some(kind) = self.reading_fails {
            return Err(Error::new(kind, "reading fails"));
        }
        self.calls_read.fetch_add(calls.len(), Ordering::SeqCst);
        if let Some(company) = &self.company {
            company.work();
        }
        Ok(calls.iter().map(|call| Ok(read(call))).collect())
    }

    async fn complete(&self, _: &[CompletionRequest]) -> Result<Vec<Outcome<Completion>>> {
        Err(Error::new(ErrorKind::Unsupported, "no generation"))
    }
}

fn read(call: &CallToRead) -> Reading {
    let sure = || Confidence::measured(0.8, "phrases");
    let said: Vec<(Side, _, &str)> = call
        .sentences()
        .map(|(turn, said)| {
            let side = call
                .party(&turn.speaker)
                .map_or(Side::Unknown, |party| party.side);
            (side, &turn.speaker, said)
        })
        .collect();
    let mut reading = Reading::default();
    for (at, (side, speaker, text)) in said.iter().enumerate() {
        let lower = text.to_lowercase();
        let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if holds(&[
            "i'll send",
            "i will send",
            "follow-up",
            "next step",
            "schedule",
        ]) {
            let mut step = NextStep::new(*text, vec![at], sure());
            step.owner = Some(Owner::Party((*speaker).clone()));
            step.due = lower
                .contains("tuesday")
                .then(|| jiff::civil::date(2026, 1, 27));
            reading.next_steps.push(step);
        }
        if *side == Side::Customer && holds(&["too expensive", "not convinced", "concern"]) {
            let mut one = Pushback::new(PushbackKind::Price, *text, vec![at], sure());
            let answer = said.get(at + 1).filter(|(side, _, text)| {
                *side == Side::Rep && text.split_whitespace().count() > 5
            });
            if answer.is_some() {
                one.handling = Handling::Addressed;
                one.handling_sentences = vec![at + 1];
            }
            reading.pushback.push(one);
        }
        if holds(&["price", "discount", "budget"]) {
            reading.pricing.push(Fact::new(*text, vec![at], sure()));
        }
        if holds(&["sign off", "decision"]) {
            reading.decision.push(Fact::new(*text, vec![at], sure()));
        }
        if *side == Side::Customer && holds(&["lose", "manual"]) {
            reading.pains.push(Pain::new(*text, vec![at], sure()));
        }
    }
    reading.deal_health = Some(55);
    let steps = reading.next_steps.iter();
    reading.summary_claims = steps
        .map(|step| Claim::new(format!("Next: {}", step.what), step.sentences.clone()))
        .collect();
    reading.summary = format!("{} next steps.", reading.next_steps.len());
    reading
}
