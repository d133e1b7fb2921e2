//! Lists of short spoken expressions, matched word by word.

/// Words and fixed phrases, all in lower-case ASCII letters.
pub(super) struct Lexicon {
    words: &'static [&'static str],
    phrases: &'static [&'static [&'static str]],
    /// One bit per letter that an expression begins with: most words of a text
    /// are ruled out by their first letter alone.
    initials: u32,
}

impl Lexicon {
    pub(super) const fn new(
        words: &'static [&'static str],
        phrases: &'static [&'static [&'static str]],
    ) -> Self {
        let mut initials = 0;
        let mut i = 0;
        while i < words.len() {
            initials |= initial(words[i]);
            i += 1;
        }
        i = 0;
        while i < phrases.len() {
            initials |= initial(phrases[i][0]);
            i += 1;
        }
        Self {
            words,
            phrases,
            initials,
        }
    }

    /// How many expressions `text` holds. A phrase counts once, the longest match
    /// wins, and no word is used twice.
    pub(super) fn count(&self, text: &str) -> u64 {
        let mut words = words_of(text);
        let mut found = 0;
        while let Some(word) = words.next() {
            let used = self.matched(word, &words);
            found += u64::from(used > 0);
            for _ in 1..used {
                words.next();
            }
        }
        found
    }

    /// Whether `text` has words and consists of these expressions only.
    pub(super) fn covers(&self, text: &str) -> bool {
        let mut words = words_of(text);
        let mut any = false;
        while let Some(word) = words.next() {
            let used = self.matched(word, &words);
            if used == 0 {
                return false;
            }
            any = true;
            for _ in 1..used {
                words.next();
            }
        }
        any
    }

    /// Length in words of the longest expression that starts with `word`; 0 for none.
    fn matched<'t>(&self, word: &str, rest: &(impl Iterator<Item = &'t str> + Clone)) -> usize {
        if initial(word) & self.initials == 0 {
            return 0;
        }
        let phrase = self
            .phrases
            .iter()
            .filter(|phrase| {
                phrase.split_first().is_some_and(|(first, others)| {
                    first.eq_ignore_ascii_case(word) && begins_with(rest.clone(), others)
                })
            })
            .map(|phrase| phrase.len())
            .max();
        phrase.unwrap_or_else(|| {
            let known = |known: &&str| known.eq_ignore_ascii_case(word);
            usize::from(self.words.iter().any(known))
        })
    }
}

fn begins_with<'t>(mut words: impl Iterator<Item = &'t str>, expected: &[&str]) -> bool {
    expected.iter().all(|expected| {
        words
            .next()
            .is_some_and(|word| expected.eq_ignore_ascii_case(word))
    })
}

/// The bit of a word's first letter; 0 when that is not an ASCII letter.
const fn initial(word: &str) -> u32 {
    match word.as_bytes() {
        [first, ..] if first.is_ascii_alphabetic() => 1 << (first.to_ascii_lowercase() - b'a'),
        _ => 0,
    }
}

/// White-space separated words without the punctuation around them; marks that
/// hold no letter or digit are not words.
fn words_of(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Lexicon;

    const LEXICON: Lexicon = Lexicon::new(
        &["um", "you"],
        &[&["you", "know"], &["you", "know", "what"]],
    );

    #[test]
    fn the_longest_expression_wins_and_counts_once() {
        assert_eq!(LEXICON.count("you know what"), 1);
        assert_eq!(LEXICON.count("You know, you -- um, YOU, um..."), 5);
        assert_eq!(LEXICON.count("umbrella young"), 0);
        assert_eq!(LEXICON.count(""), 0);
    }

    #[test]
    fn covers_only_texts_made_of_its_expressions() {
        assert!(LEXICON.covers("Um, you know."));
        assert!(!LEXICON.covers("Um, they know."));
        assert!(!LEXICON.covers("-- ..."));
        assert!(!LEXICON.covers(""));
    }
}
