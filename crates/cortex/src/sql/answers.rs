//! Answers to questions about texts by AI_EXTRACT, held against the texts.

use resilience::ErrorKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use snowflake_sql::Bind;

use super::backend::CortexSql;
use super::input::Cut;
use super::rows::{object_of, settled};
use super::statements;
use crate::generative::grounding::QuoteIndex;
use crate::{Error, Outcome, Result, Utterance};

/// Answers to questions about one text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Answers {
    /// Answers by the names of their questions, as the text words them. A question that
    /// the text does not answer is left out. A list holds what several pieces of a long
    /// text answer, or what was asked for as one.
    pub values: Map<String, Value>,
    /// Answers, or parts of lists, that were left out because the text does not say
    /// them.
    pub dropped: usize,
}

impl CortexSql {
    /// Answers to questions about each text, by AI_EXTRACT: at most 100 questions, and
    /// 512 tokens an answer. A text that is longer than a prompt may be
    /// ([`with_data_tokens`](super::CortexSqlConfig::with_data_tokens)) is asked in
    /// pieces.
    ///
    /// What is answered has to stand in the text, word for word as
    /// [`grounding`](crate::grounding) compares words; what does not is dropped and
    /// counted. So ask for what is said ("Which date do they name?"), not for what
    /// follows from it.
    ///
    /// # Errors
    /// `InvalidInput` naming `questions` when there are none or more than 100;
    /// `Unsupported` with the older functions.
    pub async fn answers(
        &self,
        texts: &[String],
        questions: &[(&str, &str)],
    ) -> Result<Vec<Outcome<Answers>>> {
        self.current_only("AI_EXTRACT")?;
        if questions.is_empty() || questions.len() > 100 {
            return Err(Error::new(ErrorKind::InvalidInput, "must be from 1 to 100")
                .with_field("questions"));
        }
        let questions: Map<String, Value> = questions
            .iter()
            .map(|(name, question)| ((*name).to_owned(), Value::from(*question)))
            .collect();
        let binds = [Bind::Text(Value::from(questions).to_string())];
        let text = statements::AI_EXTRACT;
        let cut = Cut::new(texts.iter().map(String::as_str), self.config.data_tokens);
        let mut batch = self.asker.batch();
        let replies = batch.ask(&text, &binds, &cut.inputs()).await;
        let outcomes = settled(text.name(), replies)?;
        Ok(cut
            .with_outcomes(outcomes)
            .map(|pieces| {
                let mut answers = Answers::default();
                for (piece, value) in pieces {
                    answers.add(piece, object_of(value?))?;
                }
                Ok(answers)
            })
            .collect())
    }
}

impl Answers {
    fn add(&mut self, piece: &str, value: Value) -> Outcome<()> {
        let Value::Object(answers) = value else {
            let message = "the reply holds no answers by name";
            return Err(Error::new(ErrorKind::Decode, message));
        };
        let said = [Utterance::of(piece)];
        let quotes = QuoteIndex::new(&said);
        for (name, answer) in answers {
            let Some(answer) = grounded(&quotes, answer, &mut self.dropped) else {
                continue;
            };
            match self.values.get_mut(&name) {
                None => {
                    self.values.insert(name, answer);
                }
                Some(before) if *before == answer => {}
                Some(before) => append(before, answer),
            }
        }
        Ok(())
    }
}

/// What of an answer the text says, in the words of the text.
fn grounded(quotes: &QuoteIndex<'_>, answer: Value, dropped: &mut usize) -> Option<Value> {
    let words = match answer {
        Value::Null => return None,
        Value::Array(list) => {
            let list: Vec<Value> = list
                .into_iter()
                .filter_map(|answer| grounded(quotes, answer, dropped))
                .collect();
            return (!list.is_empty()).then_some(Value::Array(list));
        }
        Value::Object(table) => {
            let table: Map<String, Value> = table
                .into_iter()
                .filter_map(|(name, answer)| Some((name, grounded(quotes, answer, dropped)?)))
                .collect();
            return (!table.is_empty()).then_some(Value::Object(table));
        }
        Value::String(text) => text,
        other => other.to_string(),
    };
    // How the function says that there is no answer.
    if words.trim().is_empty() || words.eq_ignore_ascii_case("none") {
        return None;
    }
    let found = quotes.find(&words, Some(0));
    if found.is_none() {
        *dropped += 1;
    }
    found.map(|found| Value::from(found.text))
}

/// Puts a piece's answer behind those of the pieces before it, each once.
fn append(before: &mut Value, answer: Value) {
    if !before.is_array() {
        *before = Value::Array(vec![before.take()]);
    }
    let Value::Array(list) = before else { return };
    let more = match answer {
        Value::Array(more) => more,
        other => vec![other],
    };
    for answer in more {
        if !list.contains(&answer) {
            list.push(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_the_text_says_is_answered_and_in_its_words() {
        let mut answers = Answers::default();
        let said = "We can sign on Friday, March 6th. It costs 3,500 dollars.";
        let reply = json!({
            "when": "friday march 6th",
            "price": 3500,
            "who": "Dana Smith",
            "list": ["3,500 dollars", "750,000 dollars", null],
            "nothing": "None",
        });
        answers.add(said, reply).expect("an object");
        let expected = json!({ "when": "Friday, March 6th.", "list": ["3,500 dollars."] });
        // The number is spelled otherwise in the text, and the others were not said.
        assert_eq!(Value::Object(answers.values), expected);
        assert_eq!(answers.dropped, 3);
    }

    #[test]
    fn answers_of_several_pieces_stand_side_by_side() {
        let mut answers = Answers::default();
        for said in ["Ada will write it", "Ben and Ada will read it"] {
            let who = if said.starts_with("Ada") {
                json!("Ada")
            } else {
                json!(["Ben", "Ada"])
            };
            answers.add(said, json!({ "who": who })).expect("an object");
        }
        assert_eq!(answers.values["who"], json!(["Ada", "Ben"]));
    }
}
