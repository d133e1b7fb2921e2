//! `ask`: a question about some calls.

use super::common::{PERIOD, REP, named_rep, not_both, period};
use super::{AskAbout, Field, FieldKind, Fields, Task, TaskSpec};
use crate::{Error, ErrorCode, Result};

pub(super) const SPECS: &[TaskSpec] = &[TaskSpec {
    name: "ask",
    about: "Answers a question about a call, a deal, an account or a period in sentences that cite.",
    rests_on_all_insights: false,
    fields: &[
        &[
            Field::new("question", FieldKind::Text, "The question.").required(),
            Field::new("call_id", FieldKind::Id, "About this call."),
            Field::new("deal_id", FieldKind::Id, "About the calls of this deal."),
            Field::new(
                "account",
                FieldKind::Text,
                "About the calls of this company, by name or domain.",
            ),
        ],
        PERIOD,
        REP,
    ],
    read: ask,
}];

fn ask(fields: &mut Fields) -> Result<Task> {
    let question = fields.required_text("question")?;
    let (rep_field, rep) = named_rep(fields)?.unzip();
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
    if let Some(field) = rep_field.filter(|_| !matches!(about, AskAbout::Period { .. })) {
        return Err(not_both(field, first));
    }
    Ok(Task::Ask { question, about })
}
