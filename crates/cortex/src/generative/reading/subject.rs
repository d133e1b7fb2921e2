//! What a reading is about.

use calls::reading::CallToRead;

use super::criteria::ReadingSettings;
use super::evidence::Evidence;
use super::people::People;

/// A call, with what its answers are held against.
pub(super) struct Subject<'a> {
    pub(super) call: &'a CallToRead,
    pub(super) people: People<'a>,
    pub(super) evidence: Evidence<'a>,
    /// Whether a reading's words are of the call's language.
    pub(super) compares_words: bool,
}

impl<'a> Subject<'a> {
    pub(super) fn new(call: &'a CallToRead, settings: &ReadingSettings) -> Self {
        Self {
            call,
            people: People::of(call),
            evidence: Evidence::of(call),
            compares_words: match settings.language() {
                None => true,
                wanted => call.language.as_deref() == wanted,
            },
        }
    }
}
