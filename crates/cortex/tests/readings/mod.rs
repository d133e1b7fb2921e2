//! An invented call, and what a careful reader wrote about it from the prompt alone.
#![allow(dead_code, unreachable_pub)] // every test file uses its own part

use calls::reading::{CallToRead, ReadTurn};
use serde_json::Value;

pub fn call() -> CallToRead {
    serde_json::from_str(include_str!("call.json")).expect("a call")
}

pub fn answer() -> Value {
    serde_json::from_str(include_str!("answer.json")).expect("an answer")
}

/// The invented call over and over, up to so many sentences.
pub fn long_call(sentences: usize) -> CallToRead {
    let mut call = call();
    let turns: Vec<ReadTurn> = call.turns.clone();
    call.turns = Vec::new();
    let mut count = 0;
    for turn in turns.iter().cycle() {
        count += turn.sentences.len();
        if count > sentences {
            return call;
        }
        call.turns.push(turn.clone());
    }
    call
}
