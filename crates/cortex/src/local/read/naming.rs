//! Names of products and companies in a call. Twin of `Naming` and `named` in
//! `training/reading/names.py`; `data/reading_names.txt` has the words.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use super::context::Context;
use super::sentence::{normal, tokens};
use crate::text::{Stemming, inverse_document_frequency};

/// Letters that two names share at least when one is the other cut short.
const SHORTEST: usize = 4;

/// Words by the name of their list.
static LISTS: LazyLock<HashMap<&str, HashSet<&str>>> = LazyLock::new(|| {
    let table = include_str!("../../../data/reading_names.txt");
    let lines = table.lines().filter_map(|line| line.split_once(": "));
    lines
        .filter(|(name, _)| !name.starts_with('#'))
        .map(|(name, words)| (name, words.split_whitespace().collect()))
        .collect()
});

/// Whether a word, in lower case, is in a list.
pub(super) fn is_in(list: &str, word: &str) -> bool {
    LISTS.get(list).is_some_and(|words| words.contains(word))
}

/// How rare a word in lower case is in general.
pub(super) fn rarity(word: &str) -> f32 {
    inverse_document_frequency(Stemming::new().stem(word))
}

/// What a call tells of its names.
pub(super) struct Naming {
    /// Words of the parties' names and addresses, of the title and of the deal.
    own: BTreeSet<String>,
    /// Who is spoken to anywhere in the call, or spoken of as people are.
    people: BTreeSet<String>,
    /// Words that have a capital within a sentence.
    capitals: BTreeSet<String>,
}

/// One name in all its forms.
pub(super) struct Named {
    /// In the order in which they are first said.
    pub(super) forms: Vec<Form>,
    pub(super) places: Vec<Place>,
}

/// One way in which a name is said.
pub(super) struct Form {
    pub(super) text: String,
    letters: String,
    /// How often it is said so.
    count: usize,
}

/// Where a name is said: the sentence, and its words there.
pub(super) struct Place {
    pub(super) sentence: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Named {
    /// The form said most often, of those the longest, of those the first.
    pub(super) fn name(&self) -> &str {
        let forms = self.forms.iter().rev();
        let best = forms.max_by_key(|form| (form.count, form.text.chars().count()));
        best.map_or("", |form| &form.text)
    }

    /// Whether it is known as a name of people or places.
    pub(super) fn is_common(&self) -> bool {
        let name = self.name().to_lowercase();
        let mut words = name.split_whitespace();
        words.all(|word| is_in("people", word) || is_in("places", word))
    }

    /// The sentence that says it last up to another, and with it.
    pub(super) fn last_before(&self, at: usize) -> Option<usize> {
        let said = self.places.iter().map(|place| place.sentence);
        said.take_while(|said| *said <= at).last()
    }

    /// Ascending, each once.
    pub(super) fn sentences(&self) -> Vec<usize> {
        let mut sentences: Vec<usize> = self.places.iter().map(|place| place.sentence).collect();
        sentences.dedup();
        sentences
    }
}

impl Naming {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let said = context.said.iter();
        Self {
            own: own(context),
            people: people(context),
            capitals: said.flat_map(|one| one.capitals.iter().cloned()).collect(),
        }
    }

    /// Every name of the call but the parties', in the order in which they are first said.
    pub(super) fn named(&self, context: &Context<'_>) -> Vec<Named> {
        let mut found: Vec<Named> = Vec::new();
        for (sentence, one) in context.said.iter().enumerate() {
            for (text, start, end) in self.names(&one.text) {
                let letters = letters(&text);
                let is_of = |form: &Form| is_same(&form.letters, &letters);
                let known = found.iter().position(|named| named.forms.iter().any(is_of));
                let known = known.unwrap_or_else(|| {
                    found.push(Named {
                        forms: Vec::new(),
                        places: Vec::new(),
                    });
                    found.len() - 1
                });
                let named = &mut found[known];
                match named.forms.iter_mut().find(|form| form.text == text) {
                    Some(form) => form.count += 1,
                    None => named.forms.push(Form {
                        text,
                        letters,
                        count: 1,
                    }),
                }
                named.places.push(Place {
                    sentence,
                    start,
                    end,
                });
            }
        }
        found
    }

    /// Whether a form is the name of somebody who is spoken to or of.
    pub(super) fn is_person(&self, form: &str) -> bool {
        self.people.contains(&normal(form))
    }

    /// Names with the places of their first word and after their last. Words with a capital
    /// one after another are one name.
    fn names(&self, text: &str) -> Vec<(String, usize, usize)> {
        let mut names = Vec::new();
        let mut name: Vec<&str> = Vec::new();
        let mut end = 0;
        for (at, word) in text.split_whitespace().enumerate() {
            let bare = plain(word);
            let is_name = self.is_name(bare, at == 0);
            if is_name {
                name.push(bare);
                end = at + 1;
            }
            let goes_on = is_name && word.ends_with(bare);
            if goes_on || name.is_empty() {
                continue;
            }
            names.push((name.join(" "), end - name.len(), end));
            name.clear();
        }
        if !name.is_empty() {
            names.push((name.join(" "), end - name.len(), end));
        }
        names
    }

    fn is_name(&self, word: &str, begins: bool) -> bool {
        let is_written_as_one = word.starts_with(char::is_uppercase) && word.chars().count() > 2;
        if !is_written_as_one {
            return false;
        }
        let lower = normal(word);
        if lower.starts_with("i'") || self.own.contains(&lower) || is_in("nobody", &lower) {
            return false;
        }
        // What begins a sentence has a capital whatever it is.
        let is_unknown = || rarity(&lower) >= inverse_document_frequency("");
        !begins || (!is_in("common", &lower) && (self.capitals.contains(&lower) || is_unknown()))
    }
}

/// A word without the signs around it and what makes it a possessive.
pub(super) fn plain(word: &str) -> &str {
    let word = word.trim_matches(|symbol: char| !symbol.is_alphanumeric());
    let word = word.strip_suffix("'s").unwrap_or(word);
    word.strip_suffix("\u{2019}s").unwrap_or(word)
}

fn letters(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase);
    letters.filter(|symbol| symbol.is_alphanumeric()).collect()
}

/// Whether the letters of two names are of one, written otherwise or cut short ("Crew Deck",
/// "Crewdeck", "Deck").
fn is_same(one: &str, other: &str) -> bool {
    let is_cut = |short: &str, long: &str| {
        let is_long_enough = short.chars().take(SHORTEST).count() == SHORTEST;
        is_long_enough && (long.starts_with(short) || long.ends_with(short))
    };
    one == other || is_cut(one, other) || is_cut(other, one)
}

fn people(context: &Context<'_>) -> BTreeSet<String> {
    let mut people = BTreeSet::new();
    for one in context.said {
        let text = one.text.trim_end_matches(['.', '?', '!']);
        let spoken_to = [text.split_once(", "), text.rsplit_once(", ")];
        if let [Some((first, _)), Some((_, last))] = spoken_to {
            people.extend([first, last].map(normal));
        }
        for pair in one.tokens.windows(2) {
            if is_in("before_people", &pair[0]) {
                people.insert(pair[1].clone());
            }
            if is_in("after_people", &pair[1]) {
                people.insert(pair[0].clone());
            }
        }
    }
    people
}

fn own(context: &Context<'_>) -> BTreeSet<String> {
    let call = context.call;
    let mut own = BTreeSet::from_iter(tokens(&call.title));
    for party in &call.parties {
        let name = party.name.to_lowercase();
        own.extend(name.split_whitespace().map(str::to_owned));
        own.extend(party.role.iter().flat_map(|role| tokens(role)));
        let email = party.email.as_deref();
        let domain = email.and_then(|email| email.split_once('@'));
        own.extend(domain.iter().flat_map(|(_, domain)| tokens(domain)));
    }
    let deal = call.deal.as_ref().and_then(|deal| deal.name.as_deref());
    own.extend(deal.iter().flat_map(|name| tokens(name)));
    own
}
