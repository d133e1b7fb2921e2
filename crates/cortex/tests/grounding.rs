//! Quotes are found where they were said, and nowhere else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::Affiliation;
use cortex::Utterance;
use cortex::grounding::QuoteIndex;
use proptest::prelude::*;

fn said(speaker: &str, text: &str) -> Utterance {
    Utterance {
        speaker: Some(speaker.to_owned()),
        ..Utterance::of(text)
    }
}

fn call() -> Vec<Utterance> {
    vec![
        said(
            "Ann",
            "So, um, we\u{2019}d need about 3.5% off \u{2014} is that okay?",
        ),
        said("Bob", "I don't think so."),
        said(
            "Bob",
            "Our list price is \u{20ac}12,000 a year, no exceptions.",
        ),
        said("Ann", "I don't think so either."),
        said("Ann", "The."),
        said("Bob", "Yes, the security review, the one of last year."),
    ]
}

fn place(quote: &str, claimed: Option<usize>) -> Option<usize> {
    let call = call();
    QuoteIndex::new(&call)
        .find(quote, claimed)
        .map(|found| found.first)
}

#[test]
fn spelling_makes_no_difference() {
    for quote in [
        "we'd need about 3.5% off",
        "WE`D NEED, about 3.5 % off!",
        "\u{201c}So we\u{2019}d  need\nabout\u{201d}",
        "we'd, uh, need about",
        "off - is that okay",
    ] {
        assert_eq!(place(quote, Some(0)), Some(0), "{quote}");
        assert_eq!(place(quote, Some(77)), Some(0), "{quote}: found elsewhere");
        assert_eq!(place(quote, None), Some(0), "{quote}");
    }
}

#[test]
fn what_was_not_said_is_not_found() {
    for quote in [
        "we'd need about 35% off",
        "we would need about 3.5% off",
        "we need about",
        "need we'd about",
        "we'd need ... off",
        "price is 13,000 a year",
        "I do think so",
        "",
        " ?! ",
    ] {
        assert_eq!(place(quote, None), None, "{quote}");
        assert_eq!(place(quote, Some(0)), None, "{quote}");
    }
}

#[test]
fn the_nearest_place_to_the_claimed_one_counts() {
    assert_eq!(place("I don't think so", Some(1)), Some(1));
    assert_eq!(place("I don't think so", Some(3)), Some(3));
    assert_eq!(place("I don't think so", Some(4)), Some(3));
    assert_eq!(place("I don't think so", Some(0)), Some(1));
}

#[test]
fn short_quotes_count_only_where_they_are_claimed_and_say_something() {
    assert_eq!(place("security review", Some(5)), Some(5));
    assert_eq!(place("security review", Some(0)), None, "by chance");
    assert_eq!(place("security review", None), None);
    assert_eq!(place("the", Some(5)), None, "says nothing");
    assert_eq!(
        place("The", Some(4)),
        Some(4),
        "but here it is all that was said"
    );
}

#[test]
fn a_quote_runs_on_within_one_voice_only() {
    let call = call();
    let quotes = QuoteIndex::new(&call);
    let found = quotes.find("think so. Our list price", Some(1)).unwrap();
    assert_eq!((found.first, found.last), (1, 2));
    assert_eq!(found.text, "think so. Our list price");
    assert_eq!(quotes.find("no exceptions I don't think so", None), None);
    let sides = [
        Utterance {
            affiliation: Affiliation::Internal,
            ..Utterance::of("We can do that")
        },
        Utterance {
            affiliation: Affiliation::External,
            ..Utterance::of("for you.")
        },
    ];
    assert_eq!(
        QuoteIndex::new(&sides).find("we can do that for you", None),
        None
    );
}

#[test]
fn what_is_shown_is_what_was_said() {
    let call = call();
    let quotes = QuoteIndex::new(&call);
    for (quote, shown) in [
        ("price is 12 000 a year", "price is \u{20ac}12,000 a year"),
        ("about 3 5", "about 3.5%"),
        (
            "12,000 a year no exceptions",
            "\u{20ac}12,000 a year, no exceptions.",
        ),
        ("is that okay", "is that okay?"),
    ] {
        let found = quotes.find(quote, None);
        assert_eq!(found.map(|found| found.text).as_deref(), Some(shown));
    }
}

proptest! {
    #[test]
    fn every_run_of_words_is_found_in_its_place(
        texts in prop::collection::vec("[a-z]{1,3}( [a-z]{1,3}){0,12}", 1..6),
        which in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        length in 3_usize..8,
    ) {
        let call: Vec<Utterance> = texts.iter().map(|text| Utterance::of(text.clone())).collect();
        let at = which.index(texts.len());
        let words: Vec<&str> = texts[at].split(' ').collect();
        let from = from.index(words.len());
        let quote = words[from..(from + length).min(words.len())].join(" ");
        let found = QuoteIndex::new(&call).find(&quote, Some(at));
        // Sounds of hesitation are not words, so a run may be left with too few.
        if let Some(found) = found {
            prop_assert!(found.first <= at || found.first == at);
            prop_assert!(!found.text.is_empty());
        } else {
            let sounds = ["ah", "aha", "er", "erm", "hm", "hmm", "huh", "mhm", "mm", "mmm", "uh", "um", "uhm", "umm"];
            let heard = quote.split(' ').filter(|word| !sounds.contains(word)).count();
            prop_assert!(heard < 3, "{} was said", quote);
        }
    }

    #[test]
    fn no_text_makes_it_fail(texts in prop::collection::vec("\\PC{0,40}", 0..5), quote in "\\PC{0,30}") {
        let call: Vec<Utterance> = texts.into_iter().map(Utterance::of).collect();
        let quotes = QuoteIndex::new(&call);
        if let Some(found) = quotes.find(&quote, Some(0)) {
            prop_assert!(found.first <= found.last && found.last < call.len());
        }
    }
}
