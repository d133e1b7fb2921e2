//! What single calls have that may recur, under the key by which it is counted.

use calls::reading::{Competitor, Confidence, Handling, Stance};

use crate::coach::moment_advice::ReadCall;
use crate::coach::moments::moments_of;
use crate::insights::is_open;

/// What kind of thing recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Family {
    Pushback,
    Competitor,
    Pain,
    Moment,
}

/// Something heard in a call.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) family: Family,
    /// What it is counted by.
    pub(super) key: String,
    /// What people read.
    pub(super) what: String,
    pub(super) sentences: Vec<usize>,
    pub(super) sure: f64,
    /// Of pushback whether the answer met it; `None` where none was asked for.
    pub(super) met: Option<bool>,
}

pub(super) fn mentions_in(call: &ReadCall<'_>) -> Vec<Mention> {
    let reading = call.reading;
    let item = |family, key: String, what: String, sentences: &[usize], sure: f64| Mention {
        family,
        key,
        what,
        sentences: sentences.to_vec(),
        sure,
        met: None,
    };
    let is_sure = Confidence::is_likely;
    let pushback = reading.pushback.iter();
    let pushback = pushback.filter(|one| is_sure(&one.confidence)).map(|one| {
        let kind = one.kind.label();
        let sure = one.confidence.value;
        Mention {
            met: (one.handling != Handling::NoneNeeded)
                .then(|| !is_open(one.handling) || one.handling == Handling::Addressed),
            ..item(Family::Pushback, kind.clone(), kind, &one.sentences, sure)
        }
    });
    let competitors = reading.competitors.iter();
    let named = competitors.filter(|one| is_sure(&one.confidence));
    let competitors = named.map(|one| {
        let what = match one.name.as_str() {
            Competitor::UNNAMED => "another vendor, unnamed".to_owned(),
            name if one.stance == Stance::Using => format!("{name} (in use)"),
            name => name.to_owned(),
        };
        let key = one.name.to_lowercase();
        let sure = one.confidence.value;
        item(Family::Competitor, key, what, &one.sentences, sure)
    });
    let pains = reading.pains.iter();
    let pains = pains.filter(|one| is_sure(&one.confidence)).map(|one| {
        let what = one.what.clone();
        let sure = one.confidence.value;
        item(
            Family::Pain,
            what.to_lowercase(),
            what,
            &one.sentences,
            sure,
        )
    });
    let moments = moments_of(reading).into_iter().map(|happened| {
        let moment = happened.moment;
        let what = moment.kind.replace('_', " ");
        item(Family::Moment, moment.kind, what, &moment.sentences, 1.0)
    });
    pushback
        .chain(competitors)
        .chain(pains)
        .chain(moments)
        .collect()
}
