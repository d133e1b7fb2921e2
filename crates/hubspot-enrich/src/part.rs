//! An answer split by key, so that each part can be cached.

use std::collections::{HashMap, HashSet};

use crate::lookup::Lookup;
use crate::{Batch, KeyMatch, Merged};

/// The part of an answer that each of its keys has, in the order of `keys`.
pub(crate) fn of_each<L: Lookup>(
    lookup: &L,
    answer: &Batch<L::Record, L::Key>,
    keys: &[L::Key],
) -> Vec<Batch<L::Record, L::Key>> {
    let mut by_place: HashMap<&str, Vec<&L::Record>> = HashMap::new();
    let mut by_rank: HashMap<String, &L::Record> = HashMap::new();
    for record in &answer.found {
        match lookup.place_key(record) {
            Some(place) => by_place.entry(place).or_default().push(record),
            None => {
                by_rank.insert(lookup.rank(record), record);
            }
        }
    }
    let spelled = |key: &L::Key| lookup.spelled(key);
    let merged: HashMap<String, &Merged<L::Key>> = answer
        .merged
        .iter()
        .map(|pair| (spelled(&pair.asked), pair))
        .collect();
    let archived: HashSet<String> = answer.archived.iter().map(spelled).collect();
    let mut matches: HashMap<String, Vec<&KeyMatch<L::Key>>> = HashMap::new();
    for pair in &answer.matches {
        matches.entry(spelled(&pair.key)).or_default().push(pair);
    }
    let part_of = |key: &L::Key| {
        let mut part = Batch::empty(answer.read_at);
        part.as_of = answer.as_of;
        let key_spelled = spelled(key);
        let mut place = key_spelled.clone();
        if let Some(pair) = merged.get(&key_spelled) {
            place = spelled(&pair.survivor);
            part.merged.push((*pair).clone());
        }
        let by_place = by_place.get(&*place).into_iter().flatten().copied();
        part.found.extend(by_place.cloned());
        for pair in matches.get(&key_spelled).into_iter().flatten() {
            part.matches.push((*pair).clone());
            let record = by_rank.get(&pair.id).copied();
            part.found.extend(record.cloned());
        }
        if part.found.is_empty() {
            part.missing.push(key.clone());
        }
        if archived.contains(&key_spelled) {
            part.archived.push(key.clone());
        }
        let ids: HashSet<String> = part
            .found
            .iter()
            .map(|record| lookup.rank(record))
            .collect();
        let unreadable = answer.unreadable.iter();
        let unreadable = unreadable.filter(|value| ids.contains(&value.record_id));
        part.unreadable.extend(unreadable.cloned());
        part
    };
    keys.iter().map(part_of).collect()
}

/// A part for a request that spells its key in another way.
pub(crate) fn spelled_as<T: Clone, Key: Clone>(part: &Batch<T, Key>, key: &Key) -> Batch<T, Key> {
    let mut part = part.clone();
    let names = part.missing.iter_mut().chain(&mut part.archived);
    names.for_each(|name| *name = key.clone());
    for pair in &mut part.matches {
        pair.key = key.clone();
    }
    for pair in &mut part.merged {
        pair.asked = key.clone();
    }
    part
}
