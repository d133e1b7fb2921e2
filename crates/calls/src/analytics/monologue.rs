//! The longest uninterrupted speech of each side.

use super::conversation::{Measurement, seconds};
use super::sides::Side;

impl Measurement<'_> {
    /// **Longest monologue**, in seconds: the longest [turn](super::floor) of the
    /// [rep](super::sides), from its first word to its last.
    ///
    /// Pauses within the turn and [backchannels](super::backchannel) of others do
    /// not shorten it. Where the whole company stands for the rep, it is the
    /// longest turn of any one colleague. `None` when the rep never held the floor.
    pub fn longest_monologue_seconds(&self) -> Option<f64> {
        self.longest_turn_seconds(Side::Rep)
    }

    /// **Longest customer story**, in seconds: the same for any one voice of the
    /// [customer](super::sides)'s side, unknown callers included.
    ///
    /// `None` when no customer ever held the floor.
    pub fn longest_customer_story_seconds(&self) -> Option<f64> {
        self.longest_turn_seconds(Side::Customer)
    }

    fn longest_turn_seconds(&self, side: Side) -> Option<f64> {
        self.stretches
            .iter()
            .filter(|turn| self.side(turn.voice) == side)
            .map(|turn| turn.end_ms.saturating_sub(turn.start_ms))
            .max()
            .map(seconds)
    }
}
