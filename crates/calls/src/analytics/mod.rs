//! Conversation analytics: pure functions over a call and its transcript.
//!
//! | figure | unit | where it is defined |
//! |---|---|---|
//! | talk ratio, talk share of the call, speaker shares | 0 to 1 | [`talk`] |
//! | longest monologue, longest customer story | seconds | [`monologue`] |
//! | interactivity | switches per minute | [`rhythm`] |
//! | patience | seconds | [`rhythm`] |
//! | questions, question rate | count, per hour | [`questions`] |
//! | filler rate | per 100 words | [`fillers`] |
//!
//! All of them stand on three ideas, each defined once: who counts as the rep
//! and who as the customer ([`sides`]), what a turn is ([`floor`]), and what does
//! not interrupt one ([`backchannel`]).
//!
//! **The definitions are ours and not Gong's.** Gong shows figures of the same
//! names but publishes no formulas, so the two are not comparable number by
//! number. The backchannel rule alone moves the longest monologue of the 75
//! meetings of the ICSI corpus from 110 to 159 s and their speaker switches from
//! 15.3 to 5.0 per minute.
//!
//! Common to all: a sentence is speech from its start to its end; one that ends
//! at or before its start is no speech time, but its words still count. Speech
//! times are unions: a moment in which a side speaks twice over counts once. The
//! order of [`Transcript::sentences`] does not matter, and neither does the point
//! from which times are counted. Work is O(n log n) in the sentences, and linear
//! when they come in time order, as Gong sends them.
//!
//! ```
//! use calls::{Sentence, Transcript, analytics};
//!
//! let say = |index, voice: &str, start_ms, end_ms, text: &str| Sentence {
//!     index, speaker_id: Some(voice.into()), topic: None, start_ms, end_ms, text: text.into(),
//! };
//! let transcript = Transcript::new("1", vec![
//!     say(0, "rep", 0, 9_000, "Let me show you the forecast page."),
//!     say(1, "buyer", 4_000, 4_300, "Okay."),
//!     say(2, "rep", 9_000, 14_000, "Every number links to its calls."),
//!     say(3, "buyer", 15_000, 19_000, "How fresh are they?"),
//! ]);
//! // "Okay." is a backchannel: the rep's turn goes on.
//! let turns = analytics::turns(&transcript);
//! assert_eq!(turns.len(), 2);
//! assert_eq!((turns[0].start_ms, turns[0].end_ms), (0, 14_000));
//! ```

pub mod backchannel;
mod conversation;
mod coverage;
pub mod fillers;
pub mod floor;
mod lexicon;
mod metrics;
pub mod monologue;
pub mod questions;
pub mod rhythm;
pub mod sides;
pub mod talk;
mod timeline;

pub use conversation::Measurement;
pub use floor::Floor;
pub use metrics::{ConversationMetrics, SpeakerShare};
pub use sides::{RepVoices, Side};

use crate::{Call, Transcript, Turn};

/// Measures one conversation.
///
/// To take single figures, or to learn who was taken for the rep, use
/// [`Measurement`].
pub fn measure(call: &Call, transcript: &Transcript) -> ConversationMetrics {
    Measurement::new(call, transcript).metrics()
}

/// Cuts a transcript into turns, in time order, backchannels left out.
///
/// Sentences that are [backchannels](backchannel) of somebody else's turn are in
/// no turn; [`Floor::of`] returns both.
pub fn turns(transcript: &Transcript) -> Vec<Turn> {
    Floor::of(transcript).turns
}
