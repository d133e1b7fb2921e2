//! What Gong found: `content`, and parts of `interaction` and `collaboration`.

use jiff::Timestamp;
use serde::Deserialize;

use super::field::{Expected, Field, IdText, Whole, expected_objects};
use super::place::Place;
use crate::notes::Notes;
use crate::{
    Call, CallOutcome, Highlight, HighlightSection, OutlineItem, OutlineSection, PublicComment,
    QuestionCounts, SpeakerId, TopicShare, TrackerFinding, TrackerHit, TrackerOccurrence,
    TrackerPhrase, UserId,
};

type List<T> = Field<Vec<Field<T>>>;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Content {
    topics: List<Topic>,
    trackers: List<Tracker>,
    brief: Field<String>,
    outline: List<Section>,
    highlights: List<Highlights>,
    call_outcome: Field<Outcome>,
    key_points: List<KeyPoint>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Topic {
    name: Field<String>,
    duration: Field<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tracker {
    id: Field<IdText>,
    name: Field<String>,
    count: Field<Whole>,
    r#type: Field<String>,
    occurrences: List<Occurrence>,
    phrases: List<Phrase>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Occurrence {
    start_time: Field<f64>,
    speaker_id: Field<SpeakerId>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Phrase {
    phrase: Field<String>,
    count: Field<Whole>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Section {
    section: Field<String>,
    start_time: Field<f64>,
    duration: Field<f64>,
    items: List<Item>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Item {
    text: Field<String>,
    start_time: Field<f64>,
    start_times: List<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Highlights {
    title: Field<String>,
    items: List<Item>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Outcome {
    id: Field<IdText>,
    name: Field<String>,
    category: Field<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeyPoint {
    text: Field<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Interaction {
    questions: Field<Questions>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Questions {
    company_count: Field<Whole>,
    non_company_count: Field<Whole>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Collaboration {
    public_comments: List<Comment>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Comment {
    id: Field<IdText>,
    audio_start_time: Field<f64>,
    audio_end_time: Field<f64>,
    commenter_user_id: Field<UserId>,
    comment: Field<String>,
    posted: Field<Timestamp>,
    in_reply_to: Field<IdText>,
    during_call: Field<bool>,
}

expected_objects!(
    Content,
    Topic,
    Tracker,
    Occurrence,
    Phrase,
    Section,
    Item,
    Highlights,
    Outcome,
    KeyPoint,
    Interaction,
    Questions,
    Collaboration,
    Comment,
);

/// Reads `content` into a call.
pub(super) fn content(place: &Place<'_>, wire: Content, call: &mut Call, notes: &mut Notes) {
    let topics = list(&place.key("topics"), wire.topics, notes, topic);
    call.topics = topics.unwrap_or_default();
    let trackers = list(&place.key("trackers"), wire.trackers, notes, tracker);
    call.trackers = trackers
        .iter()
        .flatten()
        .map(|found| TrackerHit {
            name: found.name.clone(),
            count: found.count,
        })
        .collect();
    call.brief = place.key("brief").read(wire.brief, notes);
    let findings = &mut call.findings;
    findings.trackers = trackers;
    let outline = list(&place.key("outline"), wire.outline, notes, section);
    findings.outline = outline.unwrap_or_default();
    findings.highlights = list(
        &place.key("highlights"),
        wire.highlights,
        notes,
        highlight_section,
    );
    let points = list(&place.key("keyPoints"), wire.key_points, notes, key_point);
    findings.key_points = points.unwrap_or_default();
    let place = place.key("callOutcome");
    findings.outcome = place
        .read(wire.call_outcome, notes)
        .map(|wire| CallOutcome {
            id: id(&place.key("id"), wire.id, notes),
            name: place.key("name").read(wire.name, notes),
            category: place.key("category").read(wire.category, notes),
        });
}

/// Reads how many questions were asked.
pub(super) fn questions(
    place: &Place<'_>,
    wire: Interaction,
    notes: &mut Notes,
) -> Option<QuestionCounts> {
    let place = place.key("questions");
    let wire = place.read(wire.questions, notes)?;
    let mut count = |key, field| {
        let count: Option<Whole> = place.key(key).read(field, notes);
        count.map(|count| count.0)
    };
    Some(QuestionCounts {
        company: count("companyCount", wire.company_count),
        others: count("nonCompanyCount", wire.non_company_count),
    })
}

/// Reads what colleagues wrote.
pub(super) fn comments(
    place: &Place<'_>,
    wire: Collaboration,
    notes: &mut Notes,
) -> Vec<PublicComment> {
    let place = place.key("publicComments");
    list(&place, wire.public_comments, notes, comment).unwrap_or_default()
}

/// The items of a list that `read` makes something of; `None` without a list.
fn list<W: Expected, T>(
    place: &Place<'_>,
    wire: List<W>,
    notes: &mut Notes,
    read: impl Fn(&Place<'_>, W, &mut Notes) -> Option<T>,
) -> Option<Vec<T>> {
    let items = place.read(wire, notes)?.into_iter().enumerate();
    let items = items.filter_map(|(index, field)| {
        let place = place.item(index);
        let wire = place.read(field, notes)?;
        read(&place, wire, notes)
    });
    Some(items.collect())
}

fn id(place: &Place<'_>, wire: Field<IdText>, notes: &mut Notes) -> Option<String> {
    place.read(wire, notes).map(|id| id.0)
}

/// A topic without a name is none, and so are a tracker, a phrase and an item without words.
fn topic(place: &Place<'_>, wire: Topic, notes: &mut Notes) -> Option<TopicShare> {
    let duration = place.key("duration").read(wire.duration, notes);
    Some(TopicShare {
        name: place.key("name").read(wire.name, notes)?,
        duration_seconds: duration.unwrap_or(0.0),
    })
}

fn tracker(place: &Place<'_>, wire: Tracker, notes: &mut Notes) -> Option<TrackerFinding> {
    let count = place.key("count").read(wire.count, notes);
    let occurrences = place.key("occurrences");
    let phrases = place.key("phrases");
    Some(TrackerFinding {
        id: id(&place.key("id"), wire.id, notes),
        name: place.key("name").read(wire.name, notes)?,
        kind: place.key("type").read(wire.r#type, notes),
        count: count.map_or(0, |count| count.0),
        occurrences: list(&occurrences, wire.occurrences, notes, occurrence).unwrap_or_default(),
        phrases: list(&phrases, wire.phrases, notes, phrase).unwrap_or_default(),
    })
}

fn occurrence(place: &Place<'_>, wire: Occurrence, notes: &mut Notes) -> Option<TrackerOccurrence> {
    Some(TrackerOccurrence {
        start_seconds: place.key("startTime").read(wire.start_time, notes)?,
        speaker_id: place.key("speakerId").read(wire.speaker_id, notes),
    })
}

fn phrase(place: &Place<'_>, wire: Phrase, notes: &mut Notes) -> Option<TrackerPhrase> {
    let count = place.key("count").read(wire.count, notes);
    Some(TrackerPhrase {
        phrase: place.key("phrase").read(wire.phrase, notes)?,
        count: count.map_or(0, |count| count.0),
    })
}

fn section(place: &Place<'_>, wire: Section, notes: &mut Notes) -> Option<OutlineSection> {
    let items = list(
        &place.key("items"),
        wire.items,
        notes,
        |place, wire, notes| {
            Some(OutlineItem {
                text: place.key("text").read(wire.text, notes)?,
                start_seconds: place.key("startTime").read(wire.start_time, notes),
            })
        },
    );
    Some(OutlineSection {
        section: place.key("section").read(wire.section, notes),
        start_seconds: place.key("startTime").read(wire.start_time, notes),
        duration_seconds: place.key("duration").read(wire.duration, notes),
        items: items.unwrap_or_default(),
    })
}

fn highlight_section(
    place: &Place<'_>,
    wire: Highlights,
    notes: &mut Notes,
) -> Option<HighlightSection> {
    let items = list(
        &place.key("items"),
        wire.items,
        notes,
        |place, wire, notes| {
            let times = place.key("startTimes");
            let times = list(&times, wire.start_times, notes, |_, seconds, _| {
                Some(seconds)
            });
            Some(Highlight {
                text: place.key("text").read(wire.text, notes)?,
                start_seconds: times.unwrap_or_default(),
            })
        },
    );
    Some(HighlightSection {
        title: place.key("title").read(wire.title, notes),
        items: items.unwrap_or_default(),
    })
}

fn key_point(place: &Place<'_>, wire: KeyPoint, notes: &mut Notes) -> Option<String> {
    place.key("text").read(wire.text, notes)
}

fn comment(place: &Place<'_>, wire: Comment, notes: &mut Notes) -> Option<PublicComment> {
    let during_call = place.key("duringCall").read(wire.during_call, notes);
    Some(PublicComment {
        id: id(&place.key("id"), wire.id, notes),
        text: place.key("comment").read(wire.comment, notes)?,
        author: place
            .key("commenterUserId")
            .read(wire.commenter_user_id, notes),
        start_seconds: place
            .key("audioStartTime")
            .read(wire.audio_start_time, notes),
        end_seconds: place.key("audioEndTime").read(wire.audio_end_time, notes),
        posted: place.key("posted").read(wire.posted, notes),
        in_reply_to: id(&place.key("inReplyTo"), wire.in_reply_to, notes),
        during_call: during_call.unwrap_or(false),
    })
}
