//! A model's answer as a reading: item by item, each checked against the call.

use std::ops::Range;

use calls::reading::{
    CallType, Claim, Competitor, Confidence, Fact, Handling, Known, KnownState, Moment, NextStep,
    NotRead, Pain, Part, Pushback, PushbackKind, Reading, Stance, StepStatus,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::evidence::Worded;
use super::subject::Subject;
use super::wire::{Element, Happened, Obstacle, Rival, Said, Step};
use crate::generative::answers::Problem;

/// How sure items of a model are as long as nobody has measured it: what a careful
/// reader of labelled calls reached (docs/quality.md), rounded down. It is claimed and
/// not measured, and says so.
fn unmeasured(part: Part) -> Confidence {
    Confidence::claimed(match part {
        Part::Timeline => 0.75,
        Part::Pushback | Part::Pains => 0.8,
        _ => 0.9,
    })
}

/// The reading in an answer that may cite some of the sentences.
///
/// # Errors
/// When it is not a reading at all; then the model is asked once more.
pub(super) fn decode(
    value: Value,
    subject: &Subject<'_>,
    within: Range<usize>,
) -> Result<Reading, Problem> {
    let Value::Object(fields) = value else {
        return Err(Problem::new("it is not a JSON object"));
    };
    if !Part::ALL
        .iter()
        .any(|part| fields.contains_key(name(*part)))
    {
        return Err(Problem::new("it has none of the fields of the schema"));
    }
    let mut decoder = Decoder {
        subject,
        within,
        fields,
        failed: Vec::new(),
        dropped: 0,
    };
    let reading = decoder.reading();
    if reading.dropped > 0 {
        tracing::debug!(
            dropped = reading.dropped,
            "items of a reading without evidence"
        );
    }
    Ok(reading)
}

/// The field of a part, in the answer as in a reading.
fn name(part: Part) -> &'static str {
    match part {
        Part::NextSteps => "next_steps",
        Part::Pushback => "pushback",
        Part::Competitors => "competitors",
        Part::Pricing => "pricing",
        Part::Decision => "decision",
        Part::Timeline => "timeline",
        Part::Praise => "praise",
        Part::Pains => "pains",
        Part::Qualification => "qualification",
        Part::Moments => "moments",
        Part::Summary => "summary",
        Part::CallType => "call_type",
        Part::DealHealth => "deal_health",
        // A part that this module does not know is in no answer.
        _ => "",
    }
}

struct Decoder<'a> {
    subject: &'a Subject<'a>,
    within: Range<usize>,
    fields: Map<String, Value>,
    failed: Vec<NotRead>,
    dropped: usize,
}

impl Decoder<'_> {
    fn reading(&mut self) -> Reading {
        let mut reading = Reading::default();
        reading.call_type = self.call_type();
        reading.next_steps = self.items(Part::NextSteps, Self::step);
        reading.pushback = self.items(Part::Pushback, Self::pushback);
        reading.competitors = self.items(Part::Competitors, Self::competitor);
        reading.pricing = self.items(Part::Pricing, |of, said| of.fact(said, Part::Pricing));
        reading.decision = self.items(Part::Decision, |of, said| of.fact(said, Part::Decision));
        reading.timeline = self.items(Part::Timeline, |of, said| of.fact(said, Part::Timeline));
        reading.praise = self.items(Part::Praise, Self::praise);
        reading.pains = self.items(Part::Pains, Self::pain);
        self.qualification(&mut reading);
        reading.moments = self.items(Part::Moments, Self::moment);
        reading.summary_claims = self.items(Part::Summary, Self::claim);
        if reading.summary_claims.is_empty() && self.was_read(Part::Summary) {
            self.fail(Part::Summary, "nothing that was written rests on the call");
        }
        let sentences: Vec<&str> = reading
            .summary_claims
            .iter()
            .map(|claim| claim.what.as_str())
            .collect();
        reading.summary = sentences.join(" ");
        self.health(&mut reading);
        reading.failed = std::mem::take(&mut self.failed);
        reading.dropped = self.dropped;
        reading
    }

    fn fail(&mut self, part: Part, why: &str) {
        self.failed.push(NotRead::new(part, why, true));
    }

    fn was_read(&self, part: Part) -> bool {
        !self.failed.iter().any(|failure| failure.part == part)
    }

    /// The items of a part. One that cannot be understood or does not hold costs itself.
    fn items<W: DeserializeOwned, T>(
        &mut self,
        part: Part,
        mut make: impl FnMut(&mut Self, W) -> Option<T>,
    ) -> Vec<T> {
        let Some(Value::Array(written)) = self.fields.remove(name(part)) else {
            self.fail(part, "the answer has no such list");
            return Vec::new();
        };
        let count = written.len();
        let understood: Vec<W> = written
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect();
        self.dropped += count - understood.len();
        if understood.is_empty() && count > 0 {
            self.fail(part, "no item of the list could be understood");
        }
        let mut items = Vec::with_capacity(understood.len());
        for item in understood {
            match make(self, item) {
                Some(item) => items.push(item),
                None => self.dropped += 1,
            }
        }
        items
    }

    fn call_type(&mut self) -> Option<CallType> {
        let said = self.fields.remove(name(Part::CallType));
        let kind = said
            .as_ref()
            .and_then(Value::as_str)
            .and_then(|said| CallType::parse(&word(said)));
        if kind.is_none() {
            self.fail(Part::CallType, "it is none of the kinds of calls");
        }
        kind
    }

    fn step(&mut self, said: Step) -> Option<NextStep> {
        let sentences = self.sentences(said.sentences)?;
        let what = self.worded(&said.what, &sentences)?;
        let status = StepStatus::parse(&word(&said.status))?;
        let due = match filled(said.due) {
            None => None,
            Some(due) => Some(date(&due)?),
        };
        let mut step = NextStep::new(what, sentences, unmeasured(Part::NextSteps));
        step.status = status;
        step.due = due.filter(|due| *due >= self.today());
        if let Some(owner) = filled(said.owner) {
            step.owner = self.subject.people.owner(&owner);
            self.dropped += usize::from(step.owner.is_none());
        }
        if let Some(owner) = &step.owner {
            let evidence = &self.subject.evidence;
            if !evidence.has_word_of(owner, self.subject.call, &step.sentences) {
                return None;
            }
        }
        let quoted = filled(said.due_said);
        step.due_said = quoted.filter(|said| self.subject.evidence.quotes(said, &step.sentences));
        Some(step)
    }

    fn pushback(&mut self, said: Obstacle) -> Option<Pushback> {
        let kind = PushbackKind::parse(&word(&said.kind))?;
        let handling = Handling::parse(&word(&said.handling))?;
        let sentences = self.sentences_of_customers(said.sentences)?;
        let what = self.worded(&said.what, &sentences)?;
        let mut pushback = Pushback::new(kind, what, sentences, unmeasured(Part::Pushback));
        if let Some(severity) = said.severity {
            pushback.severity = u8::try_from(severity.clamp(1, 3)).unwrap_or(2);
        }
        pushback.explicit = said.explicit.unwrap_or(true);
        pushback.handling = handling;
        pushback.handling_sentences = self.sentences(said.handling_sentences).unwrap_or_default();
        Some(pushback)
    }

    /// At least one form has to stand where it is said to stand, and only those are kept.
    fn competitor(&mut self, said: Rival) -> Option<Competitor> {
        let stance = Stance::parse(&word(&said.stance))?;
        let name = filled(Some(said.name))?;
        let sentences = self.sentences(said.sentences)?;
        let evidence = &self.subject.evidence;
        let mut forms = said.said;
        if forms.is_empty() {
            forms.push(name.clone());
        }
        forms.retain(|form| evidence.quotes(form, &sentences));
        if forms.is_empty() {
            return None;
        }
        let mut competitor = Competitor::new(name, sentences, unmeasured(Part::Competitors));
        competitor.said = forms;
        competitor.stance = stance;
        Some(competitor)
    }

    fn fact(&mut self, said: Said, part: Part) -> Option<Fact> {
        let sentences = self.sentences(said.sentences)?;
        let what = self.worded(&said.what, &sentences)?;
        Some(Fact::new(what, sentences, unmeasured(part)))
    }

    fn praise(&mut self, said: Said) -> Option<Fact> {
        let sentences = self.sentences_of_customers(said.sentences)?;
        let what = self.worded(&said.what, &sentences)?;
        Some(Fact::new(what, sentences, unmeasured(Part::Praise)))
    }

    fn pain(&mut self, said: Said) -> Option<Pain> {
        let sentences = self.sentences_of_customers(said.sentences)?;
        let what = self.worded(&said.what, &sentences)?;
        let impact = filled(said.impact);
        let impact = impact.and_then(|impact| self.worded(&impact, &sentences));
        let mut pain = Pain::new(what, sentences, unmeasured(Part::Pains));
        pain.impact = impact;
        Some(pain)
    }

    fn moment(&mut self, said: Happened) -> Option<Moment> {
        let sentences = self.sentences(said.sentences)?;
        let what = filled(Some(said.what))?;
        Some(Moment::new(
            word(&said.kind),
            what,
            filled(said.better),
            sentences,
        ))
    }

    fn claim(&mut self, said: Said) -> Option<Claim> {
        let sentences = self.sentences(said.sentences)?;
        let what = self.worded(&said.what, &sentences)?;
        Some(Claim::new(what, sentences))
    }

    /// A reason is a judgement, whose words nobody need have said; its figures and
    /// sentences are checked. It may be that something was not heard: then it cites nothing.
    fn reason(&mut self, said: Said) -> Option<Claim> {
        let sentences = match said.sentences.is_empty() {
            true => Vec::new(),
            false => self.sentences(said.sentences)?,
        };
        let what = filled(Some(said.what))?;
        match self.subject.evidence.worded(&what, &sentences, false) {
            Worded::Wrongly => None,
            Worded::Well | Worded::AsSaid(_) => Some(Claim::new(what, sentences)),
        }
    }

    fn qualification(&mut self, reading: &mut Reading) {
        let Some(Value::Object(mut written)) = self.fields.remove(name(Part::Qualification)) else {
            return self.fail(Part::Qualification, "the answer has no such object");
        };
        let names: Vec<&str> = reading
            .qualification
            .elements()
            .map(|(element, _)| element.as_str())
            .collect();
        for (name, place) in names.into_iter().zip(reading.qualification.elements_mut()) {
            let element = written
                .remove(name)
                .and_then(|value| serde_json::from_value(value).ok());
            match element.and_then(|element| self.known(name, element)) {
                Some(known) => *place = known,
                None => self.dropped += 1,
            }
        }
    }

    /// What is known rests on what was said; what hurts and what counts, on what the
    /// customer said.
    fn known(&mut self, name: &str, said: Element) -> Option<Known> {
        let state = KnownState::parse(&word(&said.state))?;
        if state == KnownState::Unknown {
            return Some(Known::default());
        }
        let sentences = match name {
            "decision_criteria" | "pain" => self.sentences_of_customers(said.sentences)?,
            _ => self.sentences(said.sentences)?,
        };
        let count = said.what.len();
        let what: Vec<String> = said
            .what
            .iter()
            .filter_map(|what| self.worded(what, &sentences))
            .collect();
        self.dropped += count - what.len();
        (!what.is_empty()).then(|| Known::new(state, what, sentences))
    }

    fn health(&mut self, reading: &mut Reading) {
        let said = self
            .fields
            .remove(name(Part::DealHealth))
            .unwrap_or(Value::Null);
        let value = said.as_f64().filter(|value| (0.0..=100.0).contains(value));
        if value.is_none() && !said.is_null() {
            return self.fail(Part::DealHealth, "it is not a number from 0 to 100");
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Checked above.
        let health = value.map(|value| value.round() as u8);
        reading.deal_health = health;
        let why = self.fields.remove("deal_health_why");
        let why = why.and_then(|why| serde_json::from_value::<Vec<Said>>(why).ok());
        for reason in why.unwrap_or_default() {
            match self.reason(reason) {
                Some(reason) => reading.deal_health_why.push(reason),
                None => self.dropped += 1,
            }
        }
    }

    fn sentences(&self, cited: Vec<usize>) -> Option<Vec<usize>> {
        self.subject.evidence.sentences(cited, &self.within)
    }

    fn sentences_of_customers(&self, cited: Vec<usize>) -> Option<Vec<usize>> {
        self.subject.evidence.of_customers(self.sentences(cited)?)
    }

    /// The words of a claim that holds; the call's own where only its evidence does.
    fn worded(&self, claim: &str, sentences: &[usize]) -> Option<String> {
        let claim = filled(Some(claim.to_owned()))?;
        match self
            .subject
            .evidence
            .worded(&claim, sentences, self.subject.compares_words)
        {
            Worded::Well => Some(claim),
            Worded::AsSaid(words) => Some(words),
            Worded::Wrongly => None,
        }
    }

    fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.subject.call.started).date()
    }
}

/// A word as it stands in the schema, however it was written.
fn word(said: &str) -> String {
    said.trim().to_lowercase().replace([' ', '-', '/'], "_")
}

/// A text on one line; what stands for nothing is none.
fn filled(text: Option<String>) -> Option<String> {
    let text = text?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && !text.eq_ignore_ascii_case("null")).then_some(text)
}

/// `2026-05-20`, also with a time after it.
fn date(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}
