//! Answers without a model: what the reading of a call holds, the words that are said, and
//! the questions that the call answers.

use calls::reading::{CallToRead, Reading};
use cortex::answering::{AnswerFinder, Answering};
use snowflake_store::CallDetail;

use super::card::{AnswerKind, Question, ShownBy};
use super::model::{AnswerValue, ScorecardAnswer};
use super::sign::Shown;
use crate::{Basis, Citations, Claim, Result, prose};

/// From so likely on, a call is said to answer a question.
const TOLD: f64 = 0.5;

/// Items that show an answer at most.
const ITEMS: usize = 2;

/// Sentences that are cited at most.
const CITED: usize = 5;

/// Words of each item in the reason; the evidence has all of them.
const WORDS: usize = 24;

/// A call that is asked, ready for all questions.
pub(super) struct AskedCall<'c> {
    citations: Option<Citations<'c>>,
    call: &'c CallToRead,
    reading: &'c Reading,
    answering: Answering<'c>,
}

/// What was looked for.
struct Looked {
    shown: Vec<Shown>,
    /// Why it may have been missed.
    missed: Option<String>,
}

impl<'c> AskedCall<'c> {
    /// `reading` is what people are shown of the call's reading.
    pub(super) fn new(
        detail: &'c CallDetail,
        call: &'c CallToRead,
        reading: &'c Reading,
        finder: &AnswerFinder,
    ) -> Self {
        let transcript = detail.transcript.as_ref();
        Self {
            citations: transcript.map(|transcript| Citations::new(&detail.call, transcript)),
            call,
            reading,
            answering: finder.ask(call, Some(reading)),
        }
    }

    pub(super) fn answer(&self, question: &Question) -> Result<ScorecardAnswer> {
        if question.answer == AnswerKind::Choice {
            return self.choose(question);
        }
        let denied = self.look(&question.denied_by);
        if let Some(claim) = self.claim(question, "", &denied.shown)? {
            let no = match question.answer {
                AnswerKind::Scale => AnswerValue::Scale(1),
                _ => AnswerValue::No,
            };
            return Ok(ScorecardAnswer::shown(question, no, claim));
        }
        let looked = self.look(&question.shown_by);
        let Some(claim) = self.claim(question, "", &looked.shown)? else {
            let nowhere = question.shown_by.is_empty() && question.denied_by.is_empty();
            let why = match looked.missed.or(denied.missed) {
                _ if nowhere => NEEDS_MODEL.to_owned(),
                Some(why) => why,
                None => NOT_HEARD.to_owned(),
            };
            return Ok(ScorecardAnswer::not_shown(question, why));
        };
        let is_clear = looked.shown.len() > 1 || looked.shown.iter().any(|one| one.is_clear);
        let value = match question.answer {
            AnswerKind::Scale => AnswerValue::Scale(if is_clear { 5 } else { 3 }),
            _ => AnswerValue::Yes,
        };
        Ok(ScorecardAnswer::shown(question, value, claim))
    }

    /// The first choice that shows: a scorecard lists the one that outweighs others first.
    fn choose(&self, question: &Question) -> Result<ScorecardAnswer> {
        let mut missed = None;
        for choice in &question.choices {
            let looked = self.look(&choice.shown_by);
            let about = format!("{} ", choice.text);
            if let Some(claim) = self.claim(question, &about, &looked.shown)? {
                let value = AnswerValue::Choice(choice.id.clone());
                return Ok(ScorecardAnswer::shown(question, value, claim));
            }
            missed = missed.or(looked.missed);
        }
        let mut choices = question.choices.iter();
        let why = match missed {
            _ if choices.all(|choice| choice.shown_by.is_empty()) => NEEDS_MODEL.to_owned(),
            Some(why) => why,
            None => NOT_HEARD.to_owned(),
        };
        Ok(ScorecardAnswer::not_shown(question, why))
    }

    fn look(&self, by: &ShownBy) -> Looked {
        let mut shown = Vec::new();
        let mut missed = None;
        for sign in &by.reading {
            shown.extend(sign.found(self.reading));
            let mut failed = self.reading.failed.iter();
            if let Some(failure) = failed.find(|one| one.part == sign.part()) {
                missed = Some(format!("It could not be read: {}.", failure.why));
            }
        }
        shown.extend(self.said(&by.words));
        shown.extend(by.asked.iter().filter_map(|question| self.told(question)));
        // What is clear first, then what is sure.
        shown.sort_by(|left, right| {
            let clear = right.is_clear.cmp(&left.is_clear);
            clear.then(right.confidence.total_cmp(&left.confidence))
        });
        Looked { shown, missed }
    }

    fn said(&self, phrases: &[String]) -> Vec<Shown> {
        let phrases: Vec<String> = phrases.iter().map(|phrase| spaced(phrase)).collect();
        if phrases.is_empty() {
            return Vec::new();
        }
        let sentences = self.call.sentences().enumerate();
        let said = sentences.filter(|(_, (_, text))| {
            let text = spaced(text);
            phrases.iter().any(|phrase| text.contains(phrase.as_str()))
        });
        let said = said.map(|(at, (_, text))| Shown {
            what: text.trim().to_owned(),
            sentences: vec![at],
            confidence: 1.0,
            is_clear: false,
        });
        said.collect()
    }

    fn told(&self, question: &str) -> Option<Shown> {
        let found = self.answering.find(question, 2);
        let (best, _) = *found.sentences.first()?;
        let (_, text) = self.call.sentences().nth(best)?;
        (found.told >= TOLD).then(|| Shown {
            what: text.trim().to_owned(),
            sentences: found.sentences.iter().map(|(at, _)| *at).collect(),
            confidence: found.told,
            is_clear: false,
        })
    }

    /// What shows an answer, as a claim; `None` when nothing does.
    fn claim(&self, question: &Question, about: &str, shown: &[Shown]) -> Result<Option<Claim>> {
        let shown = shown.get(..shown.len().min(ITEMS)).unwrap_or(shown);
        let said: Vec<String> = shown
            .iter()
            .map(|one| format!("“{}”", prose::shortened(&one.what, WORDS)))
            .collect();
        let text = format!("{about}{}", said.join("; "));
        let sentences = shown
            .iter()
            .flat_map(|one| one.sentences.iter().take(CITED));
        let indices = sentences.filter_map(|at| u32::try_from(*at).ok());
        let Some(citations) = self.citations else {
            return Ok(None);
        };
        let mut evidence = citations.cite_all(indices);
        evidence.truncate(CITED);
        if evidence.is_empty() {
            return Ok(None);
        }
        let sure = shown.iter().map(|one| one.confidence).fold(0.0, f64::max);
        let claim = Claim::new(question.id.as_str(), text, Basis::Quote, evidence)?;
        Ok(Some(claim.with_confidence(sure)))
    }
}

const NOT_HEARD: &str = "Nothing of the kind was heard.";
const NEEDS_MODEL: &str = "The scorecard does not say where it shows, and no model was asked.";

/// Lower-case words with a space on either side of each.
fn spaced(text: &str) -> String {
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    let words = lower.split(|symbol: char| !symbol.is_alphanumeric() && symbol != '\'');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}
