//! What both sides of a call have heard. Talk among colleagues before the customer came or
//! after they left goes into no mail.

use calls::reading::{Handling, Pushback, PushbackKind};

use crate::conversation::{Conversation, Side};
use crate::insights::is_open;

/// Sentences after a question in which an answer is put off.
const ANSWERED_WITHIN: u32 = 3;

/// Shorter questions say too little by themselves.
const TELLING_WORDS: usize = 5;

/// How people put an answer off.
const PUT_OFF: [&str; 14] = [
    "have to check",
    "need to check",
    "let me check",
    "i'll check",
    "i can check",
    "have to ask",
    "i can ask",
    "i'll ask",
    "let me ask",
    "find out",
    "get back to you",
    "come back to you",
    "don't know off",
    "not sure off",
];

/// Sentences by number: first and last that the customer can have heard.
pub(super) struct SharedPart {
    first: usize,
    last: usize,
}

impl SharedPart {
    /// `None` when nobody of the customer spoke.
    pub(super) fn of(conversation: &Conversation<'_>) -> Option<Self> {
        let said = conversation.sentences();
        let theirs = |at: &usize| {
            let index = u32::try_from(*at).unwrap_or(u32::MAX);
            conversation.side(index) == Side::Customer
        };
        let first = (0..said.len()).find(theirs)?;
        let last = (0..said.len()).rev().find(theirs)?;
        // The last word may be the seller's: as far as one voice goes on. Two of them talk
        // to each other.
        let after = said.get(last + 1..).unwrap_or_default();
        let voice = after
            .first()
            .and_then(|sentence| sentence.speaker_id.as_ref());
        let farewell = after
            .iter()
            .take_while(|sentence| voice.is_some() && sentence.speaker_id.as_ref() == voice)
            .count();
        Some(Self {
            first,
            last: last + farewell,
        })
    }

    /// Whether all of it was said while both sides listened.
    pub(super) fn all(&self, sentences: &[usize]) -> bool {
        let mut sentences = sentences.iter();
        sentences.all(|at| (self.first..=self.last).contains(at))
    }
}

/// Questions of the customer whose answer was put off, each with what put it off.
pub(super) fn unanswered(conversation: &Conversation<'_>) -> Vec<[u32; 2]> {
    let asked = conversation.questions(Side::Customer);
    let asked = asked.into_iter().filter_map(|question| {
        let words = conversation.sentence(question)?.word_count();
        let mut next = (question + 1..=question + ANSWERED_WITHIN)
            .filter(|at| matches!(conversation.side(*at), Side::Rep | Side::Colleague));
        let answer = next.find(|at| {
            let text = conversation.sentence(*at).map(|sentence| &sentence.text);
            let text = text.map(|text| text.to_lowercase().replace('\u{2019}', "'"));
            text.is_some_and(|text| PUT_OFF.iter().any(|phrase| text.contains(phrase)))
        })?;
        (words >= TELLING_WORDS).then_some([question, answer])
    });
    asked.collect()
}

/// Whether a mail may speak of pushback: the customer asked for something openly and waits
/// for an answer. To bring up price or doubts again is not the mail's to do.
pub(super) fn waits_for_answer(one: &Pushback) -> bool {
    let is_request = matches!(
        one.kind,
        PushbackKind::ProductGap | PushbackKind::SecurityLegal
    );
    is_request && one.explicit && is_open(one.handling) && one.handling != Handling::MadeWorse
}
