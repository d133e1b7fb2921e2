//! Words that fill a pause and mean nothing.
//!
//! The list is English. `like`, `so`, `well` and `right` are left out although
//! people use them as fillers: in sales calls they mostly mean something ("I'd
//! like to", "right after the demo"), and a list cannot tell. Acknowledgements
//! (`mm-hmm`) are the business of [backchannels](super::backchannel).

use super::conversation::Measurement;
use super::lexicon::Lexicon;
use super::sides::Side;

/// Single words that count as fillers.
pub const FILLER_WORDS: &[&str] = &[
    "actually",
    "basically",
    "eh",
    "er",
    "erm",
    "kinda",
    "literally",
    "sorta",
    "uh",
    "uhh",
    "uhm",
    "um",
    "umm",
];

/// Phrases that count as one filler each.
pub const FILLER_PHRASES: &[&[&str]] = &[
    &["i", "mean"],
    &["kind", "of"],
    &["sort", "of"],
    &["you", "know"],
];

const LEXICON: Lexicon = Lexicon::new(FILLER_WORDS, FILLER_PHRASES);

/// How many fillers a sentence holds, in any case and punctuation.
///
/// A phrase counts once and must stand within the sentence; no word belongs to
/// two fillers.
///
/// ```
/// use calls::analytics::fillers::count_fillers;
///
/// assert_eq!(count_fillers("Um, you know, it's basically done."), 3);
/// ```
pub fn count_fillers(text: &str) -> u64 {
    LEXICON.count(text)
}

impl Measurement<'_> {
    /// **Filler rate**, per 100 words: [fillers](count_fillers) in the
    /// [rep](super::sides)'s sentences, divided by their words (separated by white
    /// space, the fillers' own included), times 100.
    ///
    /// `None` without a rep or without words. For scale: ICSI meetings have about 3
    /// `um`/`uh` and 2 phrases per 100 words.
    pub fn filler_rate(&self) -> Option<f64> {
        self.sides.rep?;
        let (mut fillers, mut words) = (0, 0);
        for spoken in self.spoken_by(Side::Rep) {
            fillers += count_fillers(&spoken.sentence.text);
            words += spoken.sentence.word_count();
        }
        (words > 0).then(|| fillers as f64 * 100.0 / words as f64)
    }
}
