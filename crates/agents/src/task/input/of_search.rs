//! Tasks that find calls by what was said.

use super::common::{FILTERS, MOST_FOUND, PERIOD, REP, TEAM, filter, not_both};
use super::{Field, FieldKind, Fields, Likeness, Task, TaskSpec, missing};
use crate::Result;

const LIMIT: Field = Field::number("limit", (1, MOST_FOUND), Some(10), "How many at most.");

pub(super) const SPECS: &[TaskSpec] = &[
    TaskSpec {
        name: "find_similar_calls",
        about: "Finds calls that resemble a call, or whose passages are closest to a text in meaning.",
        rests_on_all_insights: true,
        fields: &[
            &[
                Field::new("call_id", FieldKind::Id, "A call to resemble."),
                Field::new(
                    "query",
                    FieldKind::Text,
                    "A text to resemble, in place of a call.",
                ),
                LIMIT,
            ],
            REP,
            TEAM,
            PERIOD,
            FILTERS,
        ],
        read: find_similar_calls,
    },
    TaskSpec {
        name: "search_calls",
        about: "Finds calls that contain the words of a query or come close to its meaning.",
        rests_on_all_insights: true,
        fields: &[
            &[
                Field::new("query", FieldKind::Text, "Words.").required(),
                LIMIT,
            ],
            REP,
            TEAM,
            PERIOD,
            FILTERS,
        ],
        read: search_calls,
    },
];

fn find_similar_calls(fields: &mut Fields) -> Result<Task> {
    let limit = fields.number("limit")? as usize;
    let to = match (fields.id("call_id")?, fields.text("query")?) {
        (Some(call_id), None) => Likeness::CallId(call_id.into()),
        (None, Some(query)) => Likeness::Query(query),
        (None, None) => return Err(missing("call_id")),
        (Some(_), Some(_)) => return Err(not_both("query", "call_id")),
    };
    Ok(Task::FindSimilarCalls {
        to,
        filter: filter(fields)?,
        limit,
    })
}

fn search_calls(fields: &mut Fields) -> Result<Task> {
    Ok(Task::SearchCalls {
        limit: fields.number("limit")? as usize,
        query: fields.required_text("query")?,
        filter: filter(fields)?,
    })
}
