//! Reading a call without a model: learned numbers find what was said, of whom and by
//! when; rules say how it stands.
//!
//! How much each sentence is worded like a next step, pushback and so on is learned
//! ([`numbers`], [`window`]), as is which sentences make one item ([`pair`]), how sure the
//! item is ([`item`]), who does a step ([`owners`]), which date is its own ([`due`]), how firm
//! it is ([`states`]) and of what kind pushback is ([`choices`]). What a date means, names and
//! moments are rules, each in a file of its own. `training/reading/` holds the scripts and what they learned from.

mod calendar;
mod calling;
mod choices;
mod classes;
mod competitors;
mod context;
mod date_context;
mod dates;
mod due;
mod impact;
mod item;
mod judgement;
mod model;
mod moments;
mod naming;
mod numbers;
mod owners;
mod pair;
mod plainly;
mod pushback;
mod rivals;
mod scorers;
mod sentence;
mod states;
mod steps;
mod summary;
mod table;
mod window;
mod wording;

use calls::reading::{CallToRead, CallType, Fact, Reading};
use jiff::civil::Date;

pub(crate) use self::classes::Classes;
use self::context::Context;
use self::item::{Kind, items};
pub use self::model::ReadingModel;
use self::sentence::sentences;
pub(crate) use self::sentence::{
    capitals, general, is_date_word, is_figure, listed, normal, tokens,
};

/// Reads one call.
pub(super) fn read(call: &CallToRead, model: &ReadingModel) -> Reading {
    let said = sentences(call);
    if said.is_empty() {
        return Reading::default();
    }
    let numbers = &*model.numbers;
    let scores = window::scores(numbers, &said);
    let found = |kind: Kind| items(numbers, &said, &scores, kind);
    let context = Context {
        call,
        said: &said,
        scores: &scores,
        choices: &numbers.choices,
    };
    let facts = |kind: Kind| -> Vec<Fact> {
        let items = found(kind).into_iter();
        items.map(|item| context.fact(item)).collect()
    };
    let mut reading = Reading::default();
    reading.next_steps = steps::steps(&context, found(Kind::NextSteps));
    reading.pushback = pushback::pushback(&context, found(Kind::Pushback));
    plainly::add(&context, &mut reading.pushback);
    reading.competitors = competitors::competitors(&context, found(Kind::Competitors));
    reading.pricing = facts(Kind::Pricing);
    reading.decision = facts(Kind::Decision);
    reading.timeline = facts(Kind::Timeline);
    reading.praise = facts(Kind::Praise);
    let pains = found(Kind::Pains).into_iter();
    reading.pains = pains.map(|item| context.pain(item)).collect();
    reading.call_type = calling::call_type(&context, &reading);
    if reading.call_type == Some(CallType::NotSales) {
        // Where nothing is sold nobody objects to an offer, and no seller is praised.
        reading.pushback.clear();
        reading.praise.clear();
        reading.pains.clear();
        reading.competitors.clear();
    }
    if reading.call_type.is_some_and(CallType::is_sales) {
        reading.moments = moments::moments(&context, &reading);
    }
    judgement::judge(&context, &mut reading);
    summary::summarize(&context, &mut reading);
    reading
}

/// The days that a text names, in its order.
pub(super) fn days_named(text: &str, today: Date) -> Vec<Date> {
    let said = dates::dates(&sentence::tokens(text), today);
    said.into_iter().map(|said| said.date).collect()
}
