//! Reads and validates tasks, field by field.

use calls::{CallId, DealId};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};
use snowflake_store::{CallOrder, Period, Rep};

use super::fields::{Fields, missing};
use super::model::{AskAbout, BatchCalls, Likeness, Task, TaskPeriod};
use crate::{Error, ErrorCode, Result};

/// What one task may ask for at most.
const MOST_CALLS: u64 = 500;
const MOST_FOUND: u64 = 50;
const MOST_DAYS: u64 = 3_660;
const MOST_CONCURRENCY: u64 = 64;
const MOST_COMPETITORS: usize = 100;

impl Task {
    /// Reads and validates a task.
    ///
    /// # Errors
    /// An [`ErrorCode`] of the input, with the field at fault.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        Self::from_value(parse(bytes)?)
    }

    /// Reads and validates a task that is parsed already.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    pub fn from_value(value: Value) -> Result<Self> {
        let Value::Object(object) = value else {
            return Err(Error::new(ErrorCode::InvalidJson, "is not a JSON object"));
        };
        let mut fields = Fields::of(object);
        let name = fields.required_text("task_type")?;
        let fields = &mut fields;
        let (task, known): (Self, &[&str]) = match name.as_str() {
            "analyze_call" => (analyze_call(fields)?, &["call_id", "competitors"]),
            "coach_rep" => (
                coach_rep(fields)?,
                &[
                    "rep",
                    "rep_id",
                    "rep_email",
                    "rep_name",
                    "from",
                    "to",
                    "days",
                ],
            ),
            "find_similar_calls" => (find_similar_calls(fields)?, &["call_id", "query", "limit"]),
            "batch_analysis" => (
                batch_analysis(fields)?,
                &["call_ids", "from", "to", "days", "limit", "concurrency"],
            ),
            "team_overview" => (team_overview(fields)?, &["from", "to", "days"]),
            "search_calls" => (search_calls(fields)?, &["query", "limit"]),
            "list_calls" => (
                list_calls(fields)?,
                &[
                    "rep",
                    "rep_id",
                    "rep_email",
                    "rep_name",
                    "from",
                    "to",
                    "days",
                    "deal_id",
                    "with_transcript",
                    "without_insights",
                    "order",
                    "limit",
                ],
            ),
            "ask" => (
                ask(fields)?,
                &[
                    "question",
                    "call_id",
                    "deal_id",
                    "account",
                    "from",
                    "to",
                    "days",
                    "rep",
                    "rep_id",
                    "rep_email",
                    "rep_name",
                ],
            ),
            other => {
                let shown: String = other.chars().take(60).collect();
                return Err(Error::new(
                    ErrorCode::UnknownTaskType,
                    format!(
                        "there is no task {shown:?}; the tasks are {}",
                        Self::NAMES.join(", ")
                    ),
                )
                .with_field("task_type"));
            }
        };
        std::mem::replace(fields, Fields::of(Map::new())).finish(known)?;
        Ok(task)
    }
}

impl<'de> Deserialize<'de> for Task {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The JSON of a task, or why it is none.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Error::new(
            ErrorCode::InvalidJson,
            format!("is not UTF-8 at byte {}", error.valid_up_to()),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::new(
            ErrorCode::InvalidJson,
            format!("is not JSON at line {line}, column {column}"),
        )
    })
}

fn analyze_call(fields: &mut Fields) -> Result<Task> {
    Ok(Task::AnalyzeCall {
        call_id: fields.required_id("call_id")?.into(),
        competitors: fields
            .texts("competitors", MOST_COMPETITORS)?
            .unwrap_or_default(),
    })
}

fn coach_rep(fields: &mut Fields) -> Result<Task> {
    let period = period(fields)?.unwrap_or(TaskPeriod::Days(crate::DEFAULT_DAYS));
    Ok(Task::CoachRep {
        rep: rep(fields)?.ok_or_else(|| missing("rep"))?,
        period,
    })
}

fn find_similar_calls(fields: &mut Fields) -> Result<Task> {
    let limit = limit(fields, MOST_FOUND, 10)?;
    let to = match (fields.id("call_id")?, fields.text("query")?) {
        (Some(call_id), None) => Likeness::CallId(call_id.into()),
        (None, Some(query)) => Likeness::Query(query),
        (None, None) => return Err(missing("call_id")),
        (Some(_), Some(_)) => return Err(not_both("query", "call_id")),
    };
    Ok(Task::FindSimilarCalls { to, limit })
}

fn batch_analysis(fields: &mut Fields) -> Result<Task> {
    let concurrency = fields.number("concurrency", 1, MOST_CONCURRENCY)?;
    let period = period(fields)?;
    let limit_given = fields.number("limit", 1, MOST_CALLS)?;
    let ids = fields.texts("call_ids", MOST_CALLS as usize)?;
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
    Ok(Task::BatchAnalysis {
        calls,
        concurrency: concurrency.unwrap_or(4) as usize,
    })
}

fn team_overview(fields: &mut Fields) -> Result<Task> {
    Ok(Task::TeamOverview {
        period: period(fields)?.unwrap_or(TaskPeriod::Days(crate::DEFAULT_DAYS)),
    })
}

fn search_calls(fields: &mut Fields) -> Result<Task> {
    Ok(Task::SearchCalls {
        limit: limit(fields, MOST_FOUND, 10)?,
        query: fields.required_text("query")?,
    })
}

fn list_calls(fields: &mut Fields) -> Result<Task> {
    let order = match fields.text("order")?.as_deref() {
        None | Some("newest_first") => CallOrder::NewestFirst,
        Some("oldest_first") => CallOrder::OldestFirst,
        Some(_) => {
            let message = "is neither newest_first nor oldest_first";
            return Err(Error::new(ErrorCode::InvalidValue, message).with_field("order"));
        }
    };
    Ok(Task::ListCalls {
        rep: rep(fields)?,
        period: period(fields)?,
        deal_id: fields.id("deal_id")?.map(DealId::new),
        with_transcript: fields.flag("with_transcript")?,
        without_insights: fields.flag("without_insights")?,
        order,
        limit: limit(fields, MOST_CALLS, 50)?,
    })
}

fn ask(fields: &mut Fields) -> Result<Task> {
    let question = fields.required_text("question")?;
    let rep = rep(fields)?;
    let call = fields.id("call_id")?;
    let deal = fields.id("deal_id")?;
    let account = fields.text("account")?;
    let period = period(fields)?;
    let scopes = [
        ("call_id", call.map(|id| AskAbout::Call(id.into()))),
        ("deal_id", deal.map(|id| AskAbout::Deal(id.into()))),
        ("account", account.map(AskAbout::Account)),
        (
            "from",
            period.map(|period| AskAbout::Period {
                period,
                rep: rep.clone(),
            }),
        ),
    ];
    let mut given = scopes
        .into_iter()
        .filter_map(|(field, scope)| Some((field, scope?)));
    let (first, about) = given.next().ok_or_else(|| {
        let message = "is missing, and so are deal_id, account and a period";
        Error::new(ErrorCode::MissingField, message).with_field("call_id")
    })?;
    match given.next() {
        Some(("from", _)) => return Err(not_both(first, "a period")),
        Some((second, _)) => return Err(not_both(second, first)),
        None => {}
    }
    if rep.is_some() && !matches!(about, AskAbout::Period { .. }) {
        return Err(not_both("rep", first));
    }
    Ok(Task::Ask { question, about })
}

fn limit(fields: &mut Fields, most: u64, otherwise: usize) -> Result<usize> {
    Ok(fields
        .number("limit", 1, most)?
        .map_or(otherwise, |limit| limit as usize))
}

fn rep(fields: &mut Fields) -> Result<Option<Rep>> {
    let named = [
        ("rep_id", fields.id("rep_id")?.map(|id| Rep::Id(id.into()))),
        ("rep_email", fields.text("rep_email")?.map(Rep::Email)),
        ("rep_name", fields.text("rep_name")?.map(Rep::Name)),
        ("rep", fields.id("rep")?.map(any_rep)),
    ];
    let mut given = named
        .into_iter()
        .filter_map(|(field, rep)| Some((field, rep?)));
    let first = given.next();
    if let (Some((first, _)), Some((second, _))) = (&first, given.next()) {
        return Err(not_both(second, first));
    }
    Ok(first.map(|(_, rep)| rep))
}

fn any_rep(text: String) -> Rep {
    if text.contains('@') {
        Rep::Email(text)
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Rep::Id(text.into())
    } else {
        Rep::Name(text)
    }
}

fn period(fields: &mut Fields) -> Result<Option<TaskPeriod>> {
    let from = fields.time("from", false)?;
    let to = fields.time("to", true)?;
    let days = fields.number("days", 1, MOST_DAYS)?;
    match (from, to, days) {
        (None, None, None) => Ok(None),
        (None, None, Some(days)) => Ok(Some(TaskPeriod::Days(days as u32))),
        (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => Err(not_both("days", "from and to")),
        (Some(from), None, None) => Ok(Some(TaskPeriod::Since(from))),
        (None, Some(_), None) => Err(missing("from")),
        (Some(from), Some(to), None) if from >= to => {
            Err(Error::new(ErrorCode::InvalidValue, "is not after from").with_field("to"))
        }
        (Some(from), Some(to), None) => Ok(Some(TaskPeriod::Between(Period { from, to }))),
    }
}

fn not_both(field: &str, other: &str) -> Error {
    Error::new(
        ErrorCode::InvalidValue,
        format!("cannot be given together with {other}"),
    )
    .with_field(field)
}
