//! Scorecards that a company keeps in Gong.

use serde_json::Value;

use super::card::{AnswerKind, Choice, Question, Scorecard};
use crate::{Error, ErrorCode, Result};

/// Characters of a name at most.
const NAME_LENGTH: usize = 64;

impl Scorecard {
    /// Reads a scorecard as Gong lists it (`GET /v2/settings/scorecards`), which a sync of the
    /// stream `scorecards` stores. Its name is Gong's in small letters, such as
    /// `discovery_call`. Ranges become scales, and questions to be answered in free words are
    /// left out. Gong does not say where an answer shows, so a generative model answers.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidValue`] for what is no such scorecard or has no question left.
    pub fn from_gong(json: &str) -> Result<Self> {
        let invalid = |message: &str, field| {
            Error::new(ErrorCode::InvalidValue, message.to_owned()).with_field(field)
        };
        let card: Value =
            serde_json::from_str(json).map_err(|_| invalid("is not JSON", "scorecard"))?;
        let title = text(&card, "scorecardName").unwrap_or_default();
        let asked = card.get("questions").and_then(Value::as_array);
        let questions: Vec<Question> = asked.into_iter().flatten().filter_map(question).collect();
        if questions.is_empty() {
            return Err(invalid("has no question that can be answered", "questions"));
        }
        Self::new(id(&title, "gong_scorecard"), title, questions)
    }

    /// Whether people still fill a scorecard of Gong in.
    pub fn is_enabled_in_gong(json: &str) -> bool {
        let card: Option<Value> = serde_json::from_str(json).ok();
        let enabled = card.as_ref().and_then(|card| card.get("enabled"));
        enabled.and_then(Value::as_bool) != Some(false)
    }
}

/// `None` for a question that is answered in free words, and for the overall one.
fn question(asked: &Value) -> Option<Question> {
    if asked.get("isOverall").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let words = text(asked, "questionText")?;
    let options = asked.get("answerOptions").and_then(Value::as_array);
    let choices: Vec<Choice> = options
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(at, option)| Some(Choice::new(format!("option_{at}"), text(option, "text")?)))
        .collect();
    let kind = match asked.get("questionType").and_then(Value::as_str) {
        Some("RANGE") => AnswerKind::Scale,
        Some("BOOLEAN" | "YES_NO") => AnswerKind::YesNo,
        Some("OPEN") => return None,
        _ if choices.len() > 1 => AnswerKind::Choice,
        _ => return None,
    };
    let key = text(asked, "questionId").unwrap_or_default();
    let mut question = Question::new(id(&key, "question"), words, kind);
    if kind == AnswerKind::Choice {
        question.choices = choices;
    }
    Some(question)
}

/// Text, or a number as text, that is not blank.
fn text(object: &Value, key: &str) -> Option<String> {
    let text = match object.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Small letters, digits and underscores.
fn id(text: &str, otherwise: &str) -> String {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let joined = parts.join("_");
    let short: String = joined.chars().take(NAME_LENGTH).collect();
    if short.is_empty() {
        return otherwise.to_owned();
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_small() {
        assert_eq!(id("Discovery Call (EMEA)", "x"), "discovery_call_emea");
        assert_eq!(id("日本", "x"), "x");
        assert!(id(&"a ".repeat(100), "x").len() <= NAME_LENGTH);
    }

    #[test]
    fn questions_keep_their_kind() {
        let json = r#"{"scorecardId": "6", "scorecardName": "Discovery Call", "enabled": true, "questions": [
            {"questionId": "1", "questionText": "How well was the need found?", "questionType": "RANGE", "minRange": "1", "maxRange": "5"},
            {"questionId": 2, "questionText": "Was a next step agreed?", "questionType": "BOOLEAN"},
            {"questionId": "3", "questionText": "Anything else?", "questionType": "OPEN"},
            {"questionId": "4", "questionText": "Overall", "questionType": "RANGE", "isOverall": true},
            {"questionId": "5", "questionText": "Who led?", "questionType": "SELECT",
             "answerOptions": [{"id": "a", "text": "Rep"}, {"id": "b", "text": "Customer"}]}
        ]}"#;
        let card = Scorecard::from_gong(json).unwrap();
        assert_eq!(
            (card.name(), card.title()),
            ("discovery_call", "Discovery Call")
        );
        let kinds: Vec<AnswerKind> = card.questions().iter().map(|one| one.answer).collect();
        assert_eq!(
            kinds,
            [AnswerKind::Scale, AnswerKind::YesNo, AnswerKind::Choice]
        );
        assert_eq!(card.questions()[1].id, "2");
        assert!(Scorecard::is_enabled_in_gong(json));
        let error = Scorecard::from_gong(r#"{"scorecardName": "X"}"#).unwrap_err();
        assert_eq!(error.field(), Some("questions"));
    }
}
