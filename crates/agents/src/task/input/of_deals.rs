//! Tasks about deals and accounts over their calls.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::common::not_both;
use super::{DealNamed, Field, FieldKind, Fields, Task, TaskSpec, missing};
use crate::Result;

const TODAY: Field = Field::new(
    "today",
    FieldKind::Time,
    "The day as of which it is told, later calls left out; today when not given.",
);

pub(super) const SPECS: &[TaskSpec] = &[
    TaskSpec {
        name: "deal_overview",
        about: "Tells a deal over its calls: promises kept and broken, people, pushback, gaps, changes, health.",
        rests_on_all_insights: false,
        fields: &[&[
            Field::new("deal_id", FieldKind::Id, "The deal."),
            Field::new(
                "deal_name",
                FieldKind::Text,
                "The deal by its name, in place of its id.",
            ),
            Field::new(
                "account",
                FieldKind::Text,
                "The deal of the latest call with a company, by name or domain.",
            ),
            TODAY,
        ]],
        read: deal_overview,
    },
    TaskSpec {
        name: "account_timeline",
        about: "Tells an account over its calls: its deals, what happened, open steps, who took part.",
        rests_on_all_insights: false,
        fields: &[&[
            Field::new(
                "account",
                FieldKind::Text,
                "A company, by name or domain, or somebody's address there.",
            )
            .required(),
            TODAY,
        ]],
        read: account_timeline,
    },
];

fn deal_overview(fields: &mut Fields) -> Result<Task> {
    let named = [
        (
            "deal_id",
            fields.id("deal_id")?.map(|id| DealNamed::Id(id.into())),
        ),
        ("deal_name", fields.text("deal_name")?.map(DealNamed::Name)),
        ("account", fields.text("account")?.map(DealNamed::Account)),
    ];
    let mut given = named
        .into_iter()
        .filter_map(|(field, deal)| Some((field, deal?)));
    let (first, deal) = given.next().ok_or_else(|| missing("deal_id"))?;
    if let Some((second, _)) = given.next() {
        return Err(not_both(second, first));
    }
    Ok(Task::DealOverview {
        deal,
        today: today(fields)?,
    })
}

fn account_timeline(fields: &mut Fields) -> Result<Task> {
    Ok(Task::AccountTimeline {
        account: fields.required_text("account")?,
        today: today(fields)?,
    })
}

fn today(fields: &mut Fields) -> Result<Option<Date>> {
    let at = fields.time("today", false)?;
    Ok(at.map(|at| TimeZone::UTC.to_datetime(at).date()))
}
