//! Which parts of calls to request.

use serde::Serialize;

/// Which parts of a call the extensive listing sends.
///
/// ```
/// use gong_client::{ContentParts, ContentSelector, CrmContext};
///
/// let mut selector = ContentSelector::default();
/// selector.crm_context = CrmContext::Links;
/// selector.content = ContentParts::NONE;
/// selector.content.brief = true;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentSelector {
    /// Participants.
    pub parties: bool,
    /// What is known in the CRM.
    pub crm_context: CrmContext,
    /// What Gong found.
    pub content: ContentParts,
    /// Who spoke, and how.
    pub interaction: InteractionParts,
    /// Public comments.
    pub collaboration: bool,
    /// Signed media addresses. They change with every request, so a payload
    /// that holds them never compares equal to its earlier self: leave it off
    /// for ingestion.
    pub media: bool,
}

impl Default for ContentSelector {
    /// Everything but media.
    fn default() -> Self {
        Self {
            parties: true,
            crm_context: CrmContext::Fields(ContextTiming::Both),
            content: ContentParts::ALL,
            interaction: InteractionParts::ALL,
            collaboration: true,
            media: false,
        }
    }
}

/// What of the CRM comes with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrmContext {
    /// Nothing.
    None,
    /// Links to objects, without their fields.
    Links,
    /// Links, and fields as they are or were.
    Fields(ContextTiming),
}

/// Of when the fields of the CRM are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextTiming {
    /// Of the request.
    Now,
    /// Of the call.
    TimeOfCall,
    /// Of either, beside each other.
    Both,
}

impl CrmContext {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Links => "Basic",
            Self::Fields(_) => "Extended",
        }
    }

    pub(crate) fn timing(self) -> Option<&'static [&'static str]> {
        match self {
            Self::None | Self::Links => None,
            Self::Fields(ContextTiming::Now) => Some(&["Now"]),
            Self::Fields(ContextTiming::TimeOfCall) => Some(&["TimeOfCall"]),
            Self::Fields(ContextTiming::Both) => Some(&["Now", "TimeOfCall"]),
        }
    }
}

macro_rules! parts {
    ($($(#[$about:meta])* pub struct $parts:ident { $($(#[$doc:meta])* $part:ident,)+ })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub struct $parts {
            $($(#[$doc])* pub $part: bool,)+
        }

        impl $parts {
            /// All of them.
            pub const ALL: Self = Self { $($part: true,)+ };
            /// None of them. For callers that choose singly.
            pub const NONE: Self = Self { $($part: false,)+ };
        }
    )+};
}

parts! {
    /// What Gong found in a call.
    pub struct ContentParts {
        /// The agenda.
        structure,
        /// What was spoken of, and how long.
        topics,
        /// Trackers and how often they fired.
        trackers,
        /// Where; Gong asks for `trackers` too.
        tracker_occurrences,
        /// A summary in sentences.
        brief,
        /// The course of the call.
        outline,
        /// What to remember, such as next steps.
        highlights,
        /// How the call ended, as its host noted.
        call_outcome,
        /// What matters most.
        key_points,
    }

    /// Who spoke, and how.
    pub struct InteractionParts {
        /// When each participant spoke.
        speakers,
        /// What the video showed.
        video,
        /// Figures of the host.
        person_interaction_stats,
        /// How many questions each side asked.
        questions,
    }
}
