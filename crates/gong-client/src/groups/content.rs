//! What Gong found in a call. For callers of the extensive listing.

use crate::wire::records;
use crate::wire::words::TrackerKind;
use calls::{Timestamp, UserId};

records! {
    /// What Gong found in a call.
    pub struct CallContent {
        "structure" structure: Vec<CallPart>,
        "trackers" trackers: Vec<TrackerFinding>,
        "topics" topics: Vec<Topic>,
        "brief" brief: Option<String>,
        "outline" outline: Vec<OutlineSection>,
        "highlights" highlights: Vec<HighlightSection>,
        "callOutcome" call_outcome: Option<CallOutcome>,
        "keyPoints" key_points: Vec<KeyPoint>,
    }

    /// A part of a call.
    pub struct CallPart {
        "name" name: Option<String>,
        /// Seconds.
        "duration" duration: Option<i64>,
    }

    /// A topic and how long it was talked about.
    pub struct Topic {
        "name" name: Option<String>,
        /// Seconds.
        "duration" duration: Option<i64>,
    }

    /// How often a tracker was found.
    pub struct TrackerFinding {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "count" count: Option<i64>,
        "type" kind: Option<TrackerKind>,
        "occurrences" occurrences: Vec<Occurrence>,
        "phrases" phrases: Vec<TrackerPhrase>,
    }

    /// A phrase that a tracker found.
    pub struct TrackerPhrase {
        "count" count: Option<i64>,
        "occurrences" occurrences: Vec<Occurrence>,
        "phrase" phrase: Option<String>,
    }

    /// When a tracker was found.
    pub struct Occurrence {
        /// Seconds.
        "startTime" start_time: Option<f64>,
        "speakerId" speaker_id: Option<String>,
    }

    /// A section of the outline.
    pub struct OutlineSection {
        "section" section: Option<String>,
        /// Seconds.
        "startTime" start_time: Option<f64>,
        /// Seconds.
        "duration" duration: Option<f64>,
        "items" items: Vec<OutlineItem>,
    }

    /// An item of the outline.
    pub struct OutlineItem {
        "text" text: Option<String>,
        /// Seconds.
        "startTime" start_time: Option<f64>,
    }

    /// Highlights under one title, such as "Next steps".
    pub struct HighlightSection {
        "title" title: Option<String>,
        "items" items: Vec<Highlight>,
    }

    /// A highlight.
    pub struct Highlight {
        "text" text: Option<String>,
        /// Seconds.
        "startTimes" start_times: Vec<f64>,
    }

    /// A key point.
    pub struct KeyPoint {
        "text" text: Option<String>,
    }

    /// How a call ended, as its host noted.
    pub struct CallOutcome {
        "id" id: Option<String>,
        "category" category: Option<String>,
        "name" name: Option<String>,
    }

    /// Who talked how.
    pub struct Interaction {
        "speakers" speakers: Vec<SpeakerTime>,
        "interactionStats" interaction_stats: Vec<InteractionStat>,
        "video" video: Vec<VideoTime>,
        "questions" questions: Option<QuestionCounts>,
    }

    /// How long a participant talked. `id` is that of the party, not of the speaker.
    pub struct SpeakerTime {
        "id" id: Option<String>,
        "userId" user_id: Option<UserId>,
        /// Seconds.
        "talkTime" talk_time: Option<f64>,
    }

    /// A figure, such as "Talk Ratio".
    pub struct InteractionStat {
        "name" name: Option<String>,
        "value" value: Option<f64>,
    }

    /// What was shown, and how long.
    pub struct VideoTime {
        "name" name: Option<String>,
        /// Seconds.
        "duration" duration: Option<f64>,
    }

    /// How many questions each side asked.
    pub struct QuestionCounts {
        "companyCount" company_count: Option<i64>,
        "nonCompanyCount" non_company_count: Option<i64>,
    }

    /// What colleagues said about a call.
    pub struct Collaboration {
        "publicComments" public_comments: Vec<PublicComment>,
    }

    /// A comment.
    pub struct PublicComment {
        "id" id: Option<String>,
        /// Seconds.
        "audioStartTime" audio_start_time: Option<f64>,
        /// Seconds.
        "audioEndTime" audio_end_time: Option<f64>,
        "commenterUserId" commenter_user_id: Option<UserId>,
        "comment" comment: Option<String>,
        "posted" posted: Option<Timestamp>,
        "inReplyTo" in_reply_to: Option<String>,
        "duringCall" during_call: Option<bool>,
    }

    /// Signed addresses, good for about eight hours and another with every request.
    pub struct MediaUrls {
        "audioUrl" audio_url: Option<String>,
        "videoUrl" video_url: Option<String>,
    }
}
