//! Where the texts are in what goes to a backend and what comes from it.

use serde_json::Value;

use crate::{
    Classification, ClassifyRequest, Completion, CompletionRequest, Embedding, ExtractRequest,
    Extraction, SentimentReading, Summary, SummaryRequest, Utterance,
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

impl Texts for SentimentReading {
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
