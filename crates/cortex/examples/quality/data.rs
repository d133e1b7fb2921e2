//! Reads the data sets, and says which part of each is for tuning.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Result;

/// The folder that holds the sets.
#[derive(Debug)]
pub(crate) struct DataSets {
    folder: PathBuf,
}

/// Part of a set, by a hash of the meeting's id, which is fixed for good. The hash is
/// that of `tools/spoken_runs.py`, which learns from the tuning part only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Two meetings in three: tables were learned and constants chosen on them.
    Tuning,
    /// The third, which nothing was chosen on.
    Reporting,
}

impl Part {
    pub(crate) const BOTH: [Self; 2] = [Self::Reporting, Self::Tuning];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tuning => "tuning",
            Self::Reporting => "reporting",
        }
    }

    /// Whether a meeting is in this part: FNV-1a of its id, divided by 3.
    pub(crate) fn holds(self, meeting: &str) -> bool {
        let hash = meeting.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        (hash % 3 == 0) == (self == Self::Reporting)
    }
}

/// A meeting of QMSum.
#[derive(Debug, Deserialize)]
pub(crate) struct Meeting {
    pub(crate) id: String,
    #[serde(rename = "meeting_transcripts")]
    pub(crate) turns: Vec<Turn>,
    #[serde(rename = "general_query_list")]
    pub(crate) summaries: Vec<Answered>,
    #[serde(rename = "specific_query_list")]
    pub(crate) questions: Vec<Question>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Turn {
    pub(crate) speaker: String,
    pub(crate) content: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Answered {
    pub(crate) answer: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Question {
    pub(crate) query: String,
    /// First and last turn of each passage that answers it, as decimal strings.
    #[serde(rename = "relevant_text_span")]
    pub(crate) passages: Vec<(String, String)>,
}

/// A meeting of ICSI with its dialogue acts.
#[derive(Debug, Deserialize)]
struct ActedMeeting {
    #[serde(rename = "meetingId")]
    id: String,
    sentences: Vec<ActedUtterance>,
}

/// An utterance, and what it does.
#[derive(Debug, Deserialize)]
pub(crate) struct ActedUtterance {
    pub(crate) text: String,
    /// An MRDA tag: one act, or two joined by `|`.
    #[serde(rename = "da")]
    pub(crate) tag: String,
}

/// A meeting of AMI, with the acts that say what will be done.
#[derive(Debug, Deserialize)]
pub(crate) struct ActionMeeting {
    pub(crate) id: String,
    pub(crate) acts: Vec<Act>,
    /// Whether sentences of its summary name the acts that support them.
    pub(crate) linked: bool,
    summary: Vec<Summarised>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Act {
    #[serde(rename = "s")]
    pub(crate) speaker: String,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
struct Summarised {
    #[serde(rename = "type")]
    kind: String,
    acts: Vec<usize>,
}

impl ActionMeeting {
    /// Acts that support an action of the summary.
    pub(crate) fn actions(&self) -> BTreeSet<usize> {
        let actions = self.summary.iter().filter(|one| one.kind == "actions");
        actions.flat_map(|one| one.acts.clone()).collect()
    }
}

/// A phrase that means one day.
#[derive(Debug)]
pub(crate) struct DatedPhrase {
    pub(crate) text: String,
    /// When it was said.
    pub(crate) today: Date,
    /// The coming day that it means.
    pub(crate) date: Date,
}

/// A sentence of business mail.
#[derive(Debug)]
pub(crate) struct MailSentence {
    /// Whether it asks for something or promises it.
    pub(crate) is_intent: bool,
    pub(crate) text: String,
}

/// A sentence that people rated, and what Python's `vaderSentiment` says of it.
#[derive(Debug)]
pub(crate) struct RatedSentence {
    /// Compound, positive, neutral, negative.
    pub(crate) scores: [f64; 4],
    pub(crate) text: String,
}

/// Two sentences, and how similar people find them, from 0 to 5.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) sentences: [String; 2],
    pub(crate) similarity: f64,
}

impl DataSets {
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(crate) fn meetings(&self, part: Part) -> Result<Vec<Meeting>> {
        let mut meetings: Vec<Meeting> = self.lines("meetings/qmsum.jsonl.gz")?;
        meetings.retain(|meeting| part.holds(&meeting.id));
        Ok(meetings)
    }

    /// Utterances with a tag; `z` says that annotators could not decide.
    pub(crate) fn utterances(&self, part: Part) -> Result<Vec<ActedUtterance>> {
        let meetings: Vec<ActedMeeting> = self.lines("dialogue_acts/icsi_mrda.jsonl.gz")?;
        Ok(meetings
            .into_iter()
            .filter(|meeting| part.holds(&meeting.id))
            .flat_map(|meeting| meeting.sentences)
            .filter(|utterance| !matches!(utterance.tag.as_str(), "" | "z"))
            .collect())
    }

    pub(crate) fn action_meetings(&self) -> Result<Vec<ActionMeeting>> {
        self.lines("ami_actions/ami.jsonl.gz")
    }

    /// Phrases of which one date is known, and which mean a day and no time or span.
    pub(crate) fn dated_phrases(&self) -> Result<Vec<DatedPhrase>> {
        let lines: Vec<serde_json::Value> = self.lines("due_dates/datetime_specs.jsonl.gz")?;
        let phrase = |line: &serde_json::Value| {
            let [result] = line["results"].as_array()?.as_slice() else {
                return None;
            };
            let (resolution, kind) = (&result["resolution"], result["type"].as_str()?);
            let date = match kind {
                "date" => &resolution["FutureResolution"]["date"],
                "datetimeV2.date" => &resolution["values"].as_array()?.last()?["value"],
                _ => return None,
            };
            Some(DatedPhrase {
                text: line["input"].as_str()?.to_owned(),
                today: line["ref"].as_str()?.get(..10)?.parse().ok()?,
                date: date.as_str()?.parse().ok()?,
            })
        };
        Ok(lines.iter().filter_map(phrase).collect())
    }

    pub(crate) fn mail_sentences(&self) -> Result<Vec<MailSentence>> {
        let path = self.folder.join("email_intent/train.tsv");
        let table = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
        let rows = table.lines().filter_map(|line| line.split_once('\t'));
        let sentence = |(is_intent, text): (&str, &str)| MailSentence {
            is_intent: is_intent == "Yes",
            text: text.to_owned(),
        };
        Ok(rows.map(sentence).collect())
    }

    pub(crate) fn rated_sentences(&self) -> Result<Vec<RatedSentence>> {
        let table = self.unzipped("sentiment/vader_ground_truth.tsv.gz")?;
        table
            .lines()
            .skip(1)
            .map(|line| {
                let columns: Vec<&str> = line.splitn(8, '\t').collect();
                let [_, _, _, scores @ .., text] = columns.as_slice() else {
                    return Err("a row of fewer than eight columns".into());
                };
                let mut numbers = [0.0; 4];
                for (number, score) in numbers.iter_mut().zip(scores) {
                    *number = score.parse()?;
                }
                Ok(RatedSentence {
                    scores: numbers,
                    text: (*text).to_owned(),
                })
            })
            .collect()
    }

    pub(crate) fn pairs(&self, set: &str) -> Result<Vec<Pair>> {
        let path = self.folder.join(format!("similarity/stsb-en-{set}.csv"));
        let table = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
        records(&table)
            .into_iter()
            .map(|record| match record.as_slice() {
                [first, second, similarity] => Ok(Pair {
                    sentences: [first.clone(), second.clone()],
                    similarity: similarity.trim().parse()?,
                }),
                _ => Err(format!("a row of {} columns", record.len()).into()),
            })
            .collect()
    }

    /// The wordiest call, cut to so many sentences: what was said, with the speaker's
    /// id.
    pub(crate) fn call_of(&self, sentences: usize) -> Result<Vec<(String, String)>> {
        let calls: Vec<serde_json::Value> = self.lines("calls/calls.ndjson.gz")?;
        let mut wordiest = (0, Vec::new());
        for call in calls {
            let Some(monologues) = call["transcript"]["transcript"].as_array() else {
                continue;
            };
            let said: Vec<(String, String)> = monologues
                .iter()
                .filter_map(|monologue| {
                    Some((
                        monologue["speakerId"].as_str()?,
                        monologue["sentences"].as_array()?,
                    ))
                })
                .flat_map(|(speaker, said)| said.iter().map(move |one| (speaker, one)))
                .filter_map(|(speaker, one)| {
                    Some((speaker.to_owned(), one["text"].as_str()?.to_owned()))
                })
                .take(sentences)
                .collect();
            let words: usize = said.iter().map(|(_, text)| text.split(' ').count()).sum();
            if said.len() == sentences && words > wordiest.0 {
                wordiest = (words, said);
            }
        }
        match wordiest {
            (0, _) => Err(format!("no call has {sentences} sentences").into()),
            (_, said) => Ok(said),
        }
    }

    fn lines<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>> {
        let text = self.unzipped(path)?;
        let lines = text.lines();
        lines.map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    fn unzipped(&self, path: &str) -> Result<String> {
        let path = self.folder.join(path);
        let file = fs::File::open(&path).map_err(|error| at(&path, &error))?;
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text)?;
        Ok(text)
    }
}

fn at(path: &std::path::Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// Records of a table with commas, where quotes may hold commas and line ends.
fn records(table: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut cell = String::new();
    let mut is_quoted = false;
    for symbol in table.chars() {
        match symbol {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            symbol => cell.push(symbol),
        }
    }
    if !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records
}
