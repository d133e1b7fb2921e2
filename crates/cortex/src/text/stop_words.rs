//! Words that carry no subject.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::lower_case::in_lower_case;

/// English function words, and the verbs and adverbs that every conversation is
/// full of, in lower case. Contractions are listed with and without apostrophe.
const STOP_WORDS: &str = "a about above after again against ain't all almost also although always \
    am among an and another any anybody anyone anything anyway are aren't arent around as ask at \
    away back be became because become been before being below between both but by came can can't \
    cannot cant come comes coming could couldn't couldnt couple did didn't didnt do does doesn't \
    doesnt doing don't done dont down during each either else enough especially even ever every \
    everybody everyone everything exactly far few find first for from further gave get gets \
    getting give given gives go goes going gone gonna got gotta had hadn't happen happened \
    happens has hasn't hasnt have haven't havent having he he'd he'll he's hello hence her here \
    here's hers herself hey hi him himself his how how's however i i'd i'll i'm i've id if ill im \
    in indeed instead into is isn't isnt it it'd it'll it's its itself ive just keep kept kind \
    kinda knew know known knows last later least less let let's lets like likely little ll look \
    looked looking looks lot lots made make makes making many may maybe me mean means might mine \
    more most mostly much must my myself near need needed needs neither never next nice no nobody \
    none nor not nothing now obviously of off often oh on once one ones only or other others \
    otherwise ought our ours ourselves out over own particular part people per perhaps pretty \
    probably put quite rather re really right said same saw say saying says see seem seemed seems \
    seen several shall she she'd she'll she's should shouldn't shouldnt since so some somebody \
    somehow someone something sometimes somewhat somewhere soon sort sorta still stuff such sure \
    take taken takes taking talk talked talking tell ten than thank thanks that that'd that'll \
    that's thats the their theirs them themselves then there there's theres therefore these they \
    they'd they'll they're they've theyre thing things think thinking this those though thought \
    three through thus time times to today together too took toward try trying two under unless \
    until up upon us use used uses using usually ve very via wanna want wanted wants was wasn't \
    wasnt way ways we we'd we'll we're we've well went were weren't werent weve what what's \
    whatever whats when where where's whether which while who who's whoever whole whom whose why \
    will with within without won't wont word words work would wouldn't wouldnt yes yet you you'd \
    you'll you're you've youd youll your youre yours yourself yourselves youve";

/// Sounds and words that fill a pause or show that one is listening.
const FILLERS: &str = "ah aha alright er erm hm hmm huh mhm mm mmhmm mmm okay ok oops ooh ow right \
    uh uhhuh uhuh uh-huh um uhm umm whoa wow yeah yep yup";

/// The fillers that are no words, and so never missed.
const SOUNDS: [&str; 17] = [
    "ah", "aha", "er", "erm", "hm", "hmm", "huh", "mhm", "mm", "mmhmm", "mmm", "uh", "uhhuh",
    "uhuh", "um", "uhm", "umm",
];

static STOP_WORD_SET: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| STOP_WORDS.split_whitespace().collect());

static FILLER_SET: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| FILLERS.split_whitespace().collect());

/// Whether a word, in any case, is a function word.
pub(crate) fn is_stop_word(word: &str) -> bool {
    in_lower_case(word, |word| STOP_WORD_SET.contains(word))
}

/// Whether a word, in any case, only fills a pause.
pub(crate) fn is_filler(word: &str) -> bool {
    in_lower_case(word, |word| FILLER_SET.contains(word))
}

/// Whether a word, in any case, is a sound of hesitation or assent.
pub(crate) fn is_sound(word: &str) -> bool {
    in_lower_case(word, |word| SOUNDS.contains(&word))
}
