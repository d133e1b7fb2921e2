//! Finds the texts in the requests to a backend and in its answers.

use calls::reading::{CallToRead, Reading};
use serde_json::Value;

use crate::{
    Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, ExtractRequest,
    Extraction, Summary, SummaryRequest, TextSentiment, Utterance,
};

/// Something with texts in it.
pub(crate) trait Texts: Sized {
    /// The same with every text replaced.
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self;

    /// Names of people that stand in a field of their own.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl Texts for String {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        map(self)
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        self.into_iter().map(|item| item.map_texts(map)).collect()
    }

    fn names(&self) -> Vec<&str> {
        self.iter().flat_map(Texts::names).collect()
    }
}

impl<T: Texts> Texts for Option<T> {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        self.map(|item| item.map_texts(map))
    }
}

/// Strings, and the names of fields: a schema may name people in both.
impl Texts for Value {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        match self {
            Self::String(text) => Self::String(map(text)),
            Self::Array(values) => Self::Array(values.map_texts(map)),
            Self::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (map(name), value.map_texts(map)))
                .collect(),
            other => other,
        }
    }
}

impl Texts for Utterance {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        Self {
            speaker: self.speaker.map_texts(map),
            text: map(self.text),
            ..self
        }
    }

    fn names(&self) -> Vec<&str> {
        self.speaker.as_deref().into_iter().collect()
    }
}

impl Texts for SummaryRequest {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        Self {
            utterances: self.utterances.map_texts(map),
            ..self
        }
    }

    fn names(&self) -> Vec<&str> {
        self.utterances.names()
    }
}

impl Texts for ClassifyRequest {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        Self {
            text: map(self.text),
            labels: self.labels.map_texts(map),
        }
    }
}

impl Texts for ExtractRequest {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        Self {
            utterances: self.utterances.map_texts(map),
            competitors: self.competitors.map_texts(map),
            ..self
        }
    }

    fn names(&self) -> Vec<&str> {
        self.utterances.names()
    }
}

impl Texts for CompletionRequest {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        Self {
            prompt: map(self.prompt),
            system: self.system.map_texts(map),
            schema: self.schema.map_texts(map),
            ..self
        }
    }
}

impl Texts for CallToRead {
    fn map_texts(mut self, map: &mut dyn FnMut(String) -> String) -> Self {
        replace(&mut self.title, map);
        for party in &mut self.parties {
            replace(&mut party.name, map);
            party.role = party.role.take().map_texts(map);
            party.email = party.email.take().map_texts(map);
        }
        if let Some(deal) = &mut self.deal {
            deal.name = deal.name.take().map_texts(map);
        }
        self.open_steps = self.open_steps.map_texts(map);
        for turn in &mut self.turns {
            for said in &mut turn.sentences {
                replace(said, map);
            }
        }
        self
    }

    fn names(&self) -> Vec<&str> {
        let names = self.parties.iter().map(|party| party.name.as_str());
        names.filter(|name| !name.is_empty()).collect()
    }
}

impl Texts for Reading {
    fn map_texts(mut self, map: &mut dyn FnMut(String) -> String) -> Self {
        for step in &mut self.next_steps {
            replace(&mut step.what, map);
            step.due_said = step.due_said.take().map_texts(map);
        }
        for pushback in &mut self.pushback {
            replace(&mut pushback.what, map);
        }
        for competitor in &mut self.competitors {
            replace(&mut competitor.name, map);
            competitor
                .said
                .iter_mut()
                .for_each(|said| replace(said, map));
        }
        let facts = [
            &mut self.pricing,
            &mut self.decision,
            &mut self.timeline,
            &mut self.praise,
        ];
        for fact in facts.into_iter().flatten() {
            replace(&mut fact.what, map);
        }
        for pain in &mut self.pains {
            replace(&mut pain.what, map);
            pain.impact = pain.impact.take().map_texts(map);
        }
        for known in self.qualification.elements_mut() {
            known.what.iter_mut().for_each(|what| replace(what, map));
        }
        for moment in &mut self.moments {
            replace(&mut moment.what, map);
            moment.better = moment.better.take().map_texts(map);
        }
        replace(&mut self.summary, map);
        for claim in self
            .summary_claims
            .iter_mut()
            .chain(&mut self.deal_health_why)
        {
            replace(&mut claim.what, map);
        }
        self
    }
}

fn replace(text: &mut String, map: &mut dyn FnMut(String) -> String) {
    *text = map(std::mem::take(text));
}

impl Texts for TextSentiment {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        Self {
            raw: self.raw.map_texts(map),
            ..self
        }
    }
}

impl Texts for Embedding {
    fn map_texts(self, _: &mut dyn FnMut(String) -> String) -> Self {
        self
    }
}

impl Texts for Summary {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        Self {
            text: map(self.text),
            ..self
        }
    }
}

impl Texts for Classification {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        let mut scores = self.scores;
        for score in &mut scores {
            score.label = map(std::mem::take(&mut score.label));
        }
        Self {
            label: map(self.label),
            scores,
        }
    }
}

impl Texts for Extraction {
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        let mut findings = self.findings;
        for finding in &mut findings {
            finding.phrase = map(std::mem::take(&mut finding.phrase));
        }
        Self { findings, ..self }
    }
}

impl Texts for Completion {
    /// The text of a structured answer is JSON and stays so, whatever is put into it.
    fn map_texts(self, map: &mut dyn FnMut(String) -> String) -> Self {
        let structured = self
            .value
            .as_ref()
            .and_then(|_| serde_json::from_str::<Value>(&self.text).ok());
        let text = match structured {
            Some(written) => {
                let mapped = written.clone().map_texts(map);
                if mapped == written {
                    self.text
                } else {
                    mapped.to_string()
                }
            }
            None => map(self.text),
        };
        Self {
            text,
            value: self.value.map_texts(map),
        }
    }
}
