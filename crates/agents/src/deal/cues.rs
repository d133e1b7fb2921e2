//! How people say that something promised was done, came late, or was not done.
//!
//! Patterns are words in a row with at most two others between them; `a|b` takes either. They
//! speak of doing and receiving in general: what it is about, the caller tells by other words.

/// Words between two of a pattern, at most.
const GAP: usize = 2;

/// Words before a cue in which a denial, a wish or a condition takes it back.
const REACH: usize = 3;

/// What a sentence says of a thing that was to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cues {
    /// It was done, or came.
    pub(super) done: bool,
    /// It came only just now.
    pub(super) only_now: bool,
    /// It was not done.
    pub(super) undone: bool,
}

const DONE: &[&str] = &[
    "thanks|thank|cheers for",
    "came|come|gone|went through|over|across|out|round",
    "as|like you|he|she|they|we|i|promised|agreed|discussed said|promised|agreed|mentioned|discussed",
    "i|we|you|he|she|they received|sent|read|saw|spoke|talked|checked|asked|signed|shared|tried|used|ran|found|met|finished|booked|called|filled|dug|pulled|set|passed|forwarded|had",
    "have|has|had received|sent|read|seen|done|used|spoken|talked|checked|asked|shared|signed|set|helped|finished|looked|tried|found|met|heard|filled|passed|forwarded|put|run|logged|shown|had",
    "is|are|was|were done|sent|signed|sorted|finished|approved|booked|ready|live|in",
    "all|already done|set|sorted|sent|signed|in",
    "got the|your|that|it|this|them",
];

/// At the head of a sentence: an answer to whether it was done.
const DONE_AT_HEAD: &[&str] = &["i|we|he|she|they did|have"];

const UNDONE: &[&str] = &[
    "never heard|had|got|gotten|received|saw|seen|came|sent|happened|arrived|reached|landed|turned|showed|managed|made|finished|signed|started|called",
    "have|has|had|did|was|were not heard|had|got|gotten|get|received|receive|seen|see|come|came|sent|send|happened|happen|arrived|arrive|done|do|reached|landed|turned|showed|managed|made|make|finished|finish|signed|sign|started|start|called|call|manage",
    "nothing|nobody came|come|arrived|happened|heard|received|sent|called",
    "still waiting|missing|outstanding|pending|chasing|owe|owed",
    "asked|told|reminded|chased you|him|her|them twice|three|four|several",
    "my bad|fault|mistake",
    "slipped my|through",
    "i|we|you|they forgot|forgotten",
    "dropped the ball",
    "fell|fallen through|behind",
    "was|were supposed to",
    "am|is|are|was|been chasing",
    "no sign|news|word|reply|answer|response of|from|yet|back",
];

const ONLY_NOW: &[&str] = &[
    "got|have|had|came|come|arrived|received|landed|saw|sent yesterday|finally|only|late|today|tonight",
    "got|have|had|came|come|arrived|received|landed|saw it|that|them|this yesterday|today|late|finally",
    "only|finally|just got|came|arrived|received|landed|sent|had",
    "days|weeks|week|day|month late|later|overdue",
    "last night",
];

/// What takes a cue of doing back.
const DENIALS: &[&str] = &[
    "not", "never", "no", "nobody", "nothing", "will", "would", "could", "should", "if", "can",
    "might", "may", "when", "until", "once", "let", "to", "without",
];

/// What a sentence says, by its [`words`](crate::wording::words). A question says nothing.
pub(super) fn cues(words: &[String], text: &str) -> Cues {
    if text.trim_end().ends_with('?') {
        return Cues::default();
    }
    let head = words.get(..words.len().min(4)).unwrap_or(words);
    let is_denied = |at: usize| {
        let before = words.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        before.iter().any(|word| DENIALS.contains(&word.as_str()))
    };
    let undone = UNDONE.iter().any(|pattern| has(words, pattern));
    let claims = DONE.iter().flat_map(|pattern| found(words, pattern));
    let heads = DONE_AT_HEAD.iter().flat_map(|pattern| found(head, pattern));
    let says_not = |(from, to): &(usize, usize)| {
        let inside = words
            .get(*from..(*to + 2).min(words.len()))
            .unwrap_or_default();
        is_denied(*from) || inside.iter().any(|word| word == "not" || word == "never")
    };
    Cues {
        done: claims.chain(heads).any(|span| !says_not(&span)),
        only_now: ONLY_NOW.iter().any(|pattern| has(words, pattern)),
        undone,
    }
}

/// Whether a pattern stands anywhere.
pub(super) fn has(words: &[String], pattern: &str) -> bool {
    found(words, pattern).next().is_some()
}

/// Where a pattern stands: its first and its last word.
fn found<'a>(words: &'a [String], pattern: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    (0..words.len()).filter_map(move |from| ends(words, from, pattern).map(|to| (from, to)))
}

fn ends(words: &[String], from: usize, pattern: &str) -> Option<usize> {
    let mut at = from;
    for (position, wanted) in pattern.split(' ').enumerate() {
        let gap = if position == 0 { 0 } else { GAP };
        let reach = words.get(at..(at + gap + 1).min(words.len()))?;
        let fits = |word: &String| wanted.split('|').any(|one| one == word);
        at += reach.iter().position(fits)? + 1;
    }
    Some(at - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::words;

    fn of(text: &str) -> (bool, bool, bool) {
        let cues = cues(&words(text), text);
        (cues.done, cues.only_now, cues.undone)
    }

    #[test]
    fn doing_is_told_from_leaving_undone_and_from_what_may_come() {
        for text in [
            "Thanks for the deck, it was useful.",
            "I did, on the train.",
            "The contract came through on Friday.",
            "We have signed it.",
            "They sent the file as agreed.",
        ] {
            assert_eq!(of(text), (true, false, false), "{text}");
        }
        for text in [
            "I never heard from your colleague.",
            "We haven't received the file.",
            "I'm still waiting for it.",
            "My bad, that one is on me.",
            "You were supposed to call her.",
            "I've asked you three times.",
        ] {
            assert!(of(text).2, "{text}");
        }
        for text in [
            "We will send it.",
            "Did you get the deck?",
            "If they signed it, good.",
        ] {
            assert_eq!(of(text), (false, false, false), "{text}");
        }
        assert!(of("I only got it yesterday.").1);
    }
}
