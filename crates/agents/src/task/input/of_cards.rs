//! Tasks after a call: its score, a team's own questions, the mail to the customer.

use super::common::not_both;
use super::{Field, FieldKind, Fields, Scored, Task, TaskSpec, missing};
use crate::Result;

const SCORECARD: &str = "Name of the scorecard, such as meddicc, bant or spiced.";

pub(super) const SPECS: &[TaskSpec] = &[
    TaskSpec {
        name: "score_call",
        about: "Scores how a call was led, part by part and why, and apart from it how the deal stands.",
        rests_on_all_insights: false,
        fields: &[&[
            Field::new("call_id", FieldKind::Id, "The call.").required(),
            Field::new("scorecard", FieldKind::Text, SCORECARD),
        ]],
        read: score_call,
    },
    TaskSpec {
        name: "follow_up",
        about: "Drafts the mail to the customer after a call, and says what is for the seller alone: things to do and fields of the CRM to look at. Nothing is sent.",
        rests_on_all_insights: false,
        fields: &[&[Field::new("call_id", FieldKind::Id, "The call.").required()]],
        read: follow_up,
    },
    TaskSpec {
        name: "scorecard",
        about: "Answers a scorecard's questions about a call or a deal with the sentences that show it, or says that they are not shown.",
        rests_on_all_insights: false,
        fields: &[&[
            Field::new("scorecard", FieldKind::Text, SCORECARD).required(),
            Field::new("call_id", FieldKind::Id, "About this call."),
            Field::new("deal_id", FieldKind::Id, "About the calls of this deal."),
        ]],
        read: scorecard,
    },
];

fn score_call(fields: &mut Fields) -> Result<Task> {
    Ok(Task::ScoreCall {
        call_id: fields.required_id("call_id")?.into(),
        scorecard: fields.text("scorecard")?,
    })
}

fn follow_up(fields: &mut Fields) -> Result<Task> {
    Ok(Task::FollowUp {
        call_id: fields.required_id("call_id")?.into(),
    })
}

fn scorecard(fields: &mut Fields) -> Result<Task> {
    let scorecard = fields.required_text("scorecard")?;
    let about = match (fields.id("call_id")?, fields.id("deal_id")?) {
        (Some(call_id), None) => Scored::Call(call_id.into()),
        (None, Some(deal_id)) => Scored::Deal(deal_id.into()),
        (None, None) => return Err(missing("call_id")),
        (Some(_), Some(_)) => return Err(not_both("deal_id", "call_id")),
    };
    Ok(Task::Scorecard { scorecard, about })
}
