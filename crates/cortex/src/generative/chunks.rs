//! Splits conversations and texts into pieces that fit a model's context.

use crate::Utterance;

use super::tokens::estimated_tokens;

/// What the JSON around a line takes: braces, keys, quotation marks, the number.
const LINE_OVERHEAD: usize = 20;

/// One utterance, or a part of one that is longer than a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Index of the utterance in the conversation.
    pub(crate) utterance: usize,
    /// The utterance.
    pub(crate) spoken: &'a Utterance,
    /// Its words, or the part of them that this line holds.
    pub(crate) text: &'a str,
}

impl Line<'_> {
    fn tokens(&self) -> usize {
        let speaker = self.spoken.speaker.as_deref().unwrap_or_default();
        LINE_OVERHEAD + estimated_tokens(speaker) + estimated_tokens(self.text)
    }
}

/// The conversation in chunks of at most `limit` tokens each, in order.
///
/// A chunk ends where a turn ends. A turn that is longer than a chunk is cut between
/// its utterances, and an utterance that is longer than a chunk between its words.
/// Blank utterances are left out.
pub(crate) fn chunks(utterances: &[Utterance], limit: usize) -> Vec<Vec<Line<'_>>> {
    let mut chunks = Vec::new();
    let mut open: Vec<Line<'_>> = Vec::new();
    let mut open_tokens = 0;
    for turn in turns(utterances) {
        let turn: Vec<(Line<'_>, usize)> = turn
            .into_iter()
            .flat_map(|line| parts(line, limit))
            .map(|line| (line, line.tokens()))
            .collect();
        let turn_tokens: usize = turn.iter().map(|(_, tokens)| tokens).sum();
        if open_tokens + turn_tokens > limit && !open.is_empty() {
            chunks.push(std::mem::take(&mut open));
            open_tokens = 0;
        }
        for (line, tokens) in turn {
            if open_tokens + tokens > limit && !open.is_empty() {
                chunks.push(std::mem::take(&mut open));
                open_tokens = 0;
            }
            open.push(line);
            open_tokens += tokens;
        }
    }
    if !open.is_empty() {
        chunks.push(open);
    }
    chunks
}

/// The text in pieces of at most `limit` tokens each, cut between words where there
/// are any. A blank text has none.
pub(crate) fn pieces(text: &str, limit: usize) -> Vec<&str> {
    cut(text, |piece| estimated_tokens(piece) <= limit)
}

/// The text in pieces of at most so many characters and tokens each, cut as [`pieces`]
/// does.
pub(crate) fn pieces_within(text: &str, characters: usize, tokens: Option<usize>) -> Vec<&str> {
    cut(text, |piece| {
        let is_short = piece.len() <= characters || piece.chars().count() <= characters;
        is_short && tokens.is_none_or(|limit| estimated_tokens(piece) <= limit)
    })
}

fn turns(utterances: &[Utterance]) -> Vec<Vec<Line<'_>>> {
    let mut turns: Vec<Vec<Line<'_>>> = Vec::new();
    for (utterance, spoken) in utterances.iter().enumerate() {
        if spoken.text.trim().is_empty() {
            continue;
        }
        let line = Line {
            utterance,
            spoken,
            text: spoken.text.trim(),
        };
        match turns.last_mut() {
            Some(turn)
                if turn
                    .first()
                    .is_some_and(|first| same_voice(first.spoken, spoken)) =>
            {
                turn.push(line);
            }
            _ => turns.push(vec![line]),
        }
    }
    turns
}

fn same_voice(left: &Utterance, right: &Utterance) -> bool {
    left.speaker == right.speaker && left.affiliation == right.affiliation
}

fn parts(line: Line<'_>, limit: usize) -> Vec<Line<'_>> {
    if line.tokens() <= limit {
        return vec![line];
    }
    let overhead = line.tokens() - estimated_tokens(line.text);
    pieces(line.text, limit.saturating_sub(overhead).max(1))
        .into_iter()
        .map(|text| Line { text, ..line })
        .collect()
}

/// Greedy pieces that all fit. A single character always fits.
fn cut(text: &str, fits: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if fits(rest) {
            pieces.push(rest);
            break;
        }
        let end = longest_fitting(rest, &fits);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    pieces
}

/// End of the longest beginning of a text that fits: after a sentence in its second
/// half, else after a word, else anywhere.
fn longest_fitting(text: &str, fits: &impl Fn(&str) -> bool) -> usize {
    let ends = ends_to_look_at(text, fits);
    let fitting = ends.partition_point(|end| fits(&text[..*end]));
    let longest = ends[fitting.max(1) - 1];
    let is_between_words = |end: usize| text[end..].starts_with(char::is_whitespace);
    let head = &text[..longest];
    let sentence = head
        .rmatch_indices(['.', '!', '?', '\u{3002}'])
        .map(|(at, mark)| at + mark.len())
        .find(|end| is_between_words(*end))
        .filter(|end| *end > longest / 2);
    let word = || match is_between_words(longest) {
        true => Some(longest),
        false => head.rfind(char::is_whitespace).filter(|end| *end > 0),
    };
    sentence.or_else(word).unwrap_or(longest)
}

/// Ends of characters, up to one that no longer fits: a long text is not read whole
/// for every piece.
fn ends_to_look_at(text: &str, fits: &impl Fn(&str) -> bool) -> Vec<usize> {
    let mut window = 256;
    loop {
        let ends: Vec<usize> = text
            .char_indices()
            .take(window)
            .map(|(at, symbol)| at + symbol.len_utf8())
            .collect();
        if ends.len() < window || ends.last().is_some_and(|end| !fits(&text[..*end])) {
            return ends;
        }
        window *= 4;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(speaker: &str, text: &str) -> Utterance {
        Utterance {
            speaker: Some(speaker.to_owned()),
            ..Utterance::of(text)
        }
    }

    #[test]
    fn a_chunk_ends_where_a_turn_ends() {
        let conversation = [
            said("A", "one two three"),
            said("B", "four five"),
            said("B", "six seven"),
            said("A", "eight"),
        ];
        // A line takes 20 tokens, its speaker one and its words up to six.
        let chunks = chunks(&conversation, 70);
        let utterances: Vec<Vec<usize>> = chunks
            .iter()
            .map(|chunk| chunk.iter().map(|line| line.utterance).collect())
            .collect();
        assert_eq!(utterances, [vec![0], vec![1, 2], vec![3]]);
    }

    #[test]
    fn a_cut_prefers_the_end_of_a_sentence() {
        let text = "We like it. It is far too slow for us though";
        assert_eq!(pieces(text, 12)[0], "We like it. It is far too slow for us");
        assert_eq!(
            pieces("We really like it. It is", 7)[0],
            "We really like it."
        );
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_chunk_is_too_long(
            conversation in prop::collection::vec(("[AB]", "([a-z]{1,30} ?|\u{4f60}|[.?] ){0,60}"), 0..12),
            limit in 30_usize..200,
        ) {
            let conversation: Vec<Utterance> =
                conversation.iter().map(|(speaker, text)| said(speaker, text)).collect();
            let chunks = chunks(&conversation, limit);
            for chunk in &chunks {
                let tokens: usize = chunk.iter().map(Line::tokens).sum();
                prop_assert!(tokens <= limit, "{} of {}", tokens, limit);
                prop_assert!(!chunk.is_empty());
            }
            let squeezed = |texts: &mut dyn Iterator<Item = &str>| -> String {
                texts.flat_map(str::chars).filter(|symbol| !symbol.is_whitespace()).collect()
            };
            prop_assert_eq!(
                squeezed(&mut conversation.iter().map(|spoken| spoken.text.as_str())),
                squeezed(&mut chunks.iter().flatten().map(|line| line.text))
            );
        }

        #[test]
        fn pieces_of_characters_keep_their_limit(text in "\\PC{0,200}", limit in 1_usize..50) {
            let pieces = pieces_within(&text, limit, None);
            for piece in &pieces {
                prop_assert!(piece.chars().count() <= limit);
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            prop_assert_eq!(pieces.iter().map(|piece| letters(piece)).sum::<usize>(), letters(&text));
        }
    }
}
