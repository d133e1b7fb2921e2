//! Tasks about calls: one, many, a list.

use calls::CallId;
use snowflake_store::CallOrder;

use super::common::{FILTERS, MOST_CALLS, PERIOD, REP, TEAM, filter, not_both, period};
use super::{BatchCalls, Field, FieldKind, Fields, Task, TaskSpec};
use crate::{Error, ErrorCode, Result};

const MOST_CONCURRENCY: u64 = 64;
const MOST_COMPETITORS: usize = 100;

pub(super) const SPECS: &[TaskSpec] = &[
    TaskSpec {
        name: "analyze_call",
        about: "Analyses one call: its reading, score, priority, risks, next steps and recommendations.",
        rests_on_all_insights: false,
        fields: &[&[
            Field::new("call_id", FieldKind::Id, "The call.").required(),
            Field::new(
                "competitors",
                FieldKind::Texts {
                    most: MOST_COMPETITORS,
                },
                "Competitors to look for besides those that are found without names.",
            ),
        ]],
        read: analyze_call,
    },
    TaskSpec {
        name: "batch_analysis",
        about: "Analyses many calls, each as analyze_call does.",
        rests_on_all_insights: false,
        fields: &[
            &[
                Field::new(
                    "call_ids",
                    FieldKind::Texts {
                        most: MOST_CALLS as usize,
                    },
                    "The calls. Without them, the newest calls of the period.",
                ),
                // Without a default: it cannot be given beside `call_ids`.
                Field::number(
                    "limit",
                    (1, MOST_CALLS),
                    None,
                    "How many calls of the period at most; 50 when not given.",
                ),
                Field::number(
                    "concurrency",
                    (1, MOST_CONCURRENCY),
                    Some(4),
                    "Calls at the same time.",
                ),
            ],
            PERIOD,
        ],
        read: batch_analysis,
    },
    TaskSpec {
        name: "list_calls",
        about: "Lists calls with what is known of them without reading.",
        rests_on_all_insights: false,
        fields: &[
            REP,
            TEAM,
            PERIOD,
            FILTERS,
            &[
                Field::new(
                    "with_transcript",
                    FieldKind::Flag,
                    "Only calls with a transcript.",
                ),
                Field::new(
                    "without_insights",
                    FieldKind::Flag,
                    "Only calls that no language backend has looked at.",
                ),
                Field::new(
                    "order",
                    FieldKind::Choice(&["newest_first", "oldest_first"]),
                    "newest_first when not given.",
                ),
                Field::number("limit", (1, MOST_CALLS), Some(50), "How many at most."),
            ],
        ],
        read: list_calls,
    },
];

fn analyze_call(fields: &mut Fields) -> Result<Task> {
    Ok(Task::AnalyzeCall {
        call_id: fields.required_id("call_id")?.into(),
        competitors: fields.texts("competitors")?.unwrap_or_default(),
    })
}

fn batch_analysis(fields: &mut Fields) -> Result<Task> {
    let concurrency = fields.number("concurrency")? as usize;
    let period = period(fields)?;
    let limit_given = fields.given_number("limit")?;
    let ids = fields.texts("call_ids")?;
    let calls = match ids {
        Some(_) if period.is_some() => return Err(not_both("call_ids", "a period")),
        Some(_) if limit_given.is_some() => return Err(not_both("limit", "call_ids")),
        Some(ids) if ids.is_empty() => {
            return Err(Error::new(ErrorCode::InvalidValue, "is empty").with_field("call_ids"));
        }
        Some(ids) => BatchCalls::Ids(ids.into_iter().map(CallId::new).collect()),
        None => BatchCalls::Period {
            period,
            limit: limit_given.unwrap_or(50) as usize,
        },
    };
    Ok(Task::BatchAnalysis { calls, concurrency })
}

fn list_calls(fields: &mut Fields) -> Result<Task> {
    Ok(Task::ListCalls {
        filter: filter(fields)?,
        with_transcript: fields.flag("with_transcript")?,
        without_insights: fields.flag("without_insights")?,
        order: match fields.choice("order")? {
            Some("oldest_first") => CallOrder::OldestFirst,
            _ => CallOrder::NewestFirst,
        },
        limit: fields.number("limit")? as usize,
    })
}
