//! Stages and owners, which the share refreshes daily in both of its schemas.

use std::collections::HashMap;

use calls::{Owner, OwnerId, PipelineId, Stage, StageId};
use jiff::Timestamp;
use serde::Deserialize;
use snowflake_sql::{Row, Slot, SqlText, Statement};

use super::DataShare;
use super::columns::Columns;
use super::failure::of_sql;
use super::records::json_array;
use crate::batch::distinct_by;
use crate::{Batch, Result, StageCatalogue, property};

const STAGES: &str = "PIPELINE_STAGES";
const OWNERS: &str = "OWNERS";

/// HubSpot's id of the object type "deal": tickets have stages too.
const DEAL_TYPE: &str = "0-3";

/// What a stage's `METADATA` holds of interest; every value is text.
#[derive(Deserialize)]
struct StageMetadata {
    #[serde(default)]
    probability: Option<String>,
}

impl DataShare {
    pub(super) async fn all_stages(&self) -> Result<StageCatalogue> {
        let read_at = Timestamp::now();
        let rows = self.rows(|columns| self.select_stages(columns)).await?;
        let mut stages = Vec::with_capacity(rows.len());
        for row in rows.iter() {
            let is_deals = optional(row, "OBJECTTYPEID").is_none_or(|kind| kind == DEAL_TYPE);
            if is_deals && !is_true(optional(row, "ARCHIVED")) {
                stages.push(read_stage(row)?);
            }
        }
        let undated = self.dated.remember(&stages);
        let mut catalogue = StageCatalogue::new(stages, read_at);
        catalogue.undated = undated;
        catalogue.as_of = self.as_of(STAGES, read_at).await?;
        Ok(catalogue)
    }

    fn select_stages(&self, columns: &Columns) -> Result<Statement> {
        columns.require(STAGES, &["PIPELINEID", "STAGEID", "LABEL"])?;
        let wanted = [
            "PIPELINEID",
            "STAGEID",
            "LABEL",
            "OBJECTTYPEID",
            "DISPLAYORDER",
            "METADATA",
            "ARCHIVED",
        ];
        let present = columns.present(STAGES, wanted.map(str::to_owned))?;
        let table = self.config.table(STAGES)?;
        let text = SqlText::template(
            include_str!("../../sql/whole_table.sql"),
            &[
                ("columns", Slot::Identifiers(&present)),
                ("table", Slot::Name(&table)),
            ],
        )
        .map_err(of_sql)?;
        Ok(Statement::new("share_stages", text))
    }

    pub(super) async fn owners_by_id(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        let mut batch = Batch::empty(Timestamp::now());
        let asked = distinct_by(ids, |id| id);
        let mut found: HashMap<String, Owner> = HashMap::new();
        if !asked.is_empty() {
            let rows = self
                .rows(|columns| Ok(self.select_owners(columns)?.bind(json_array(&asked))))
                .await?;
            batch.as_of = self.as_of(OWNERS, batch.read_at).await?;
            for row in rows.iter() {
                let owner = read_owner(row)?;
                found.insert(owner.id.to_string(), owner);
            }
        }
        for id in asked {
            match found.remove(id.as_str()) {
                Some(owner) => batch.found.push(owner),
                None => batch.missing.push(id.clone()),
            }
        }
        Ok(batch)
    }

    fn select_owners(&self, columns: &Columns) -> Result<Statement> {
        columns.require(OWNERS, &["OWNERID"])?;
        let wanted = ["OWNERID", "FIRSTNAME", "LASTNAME", "EMAIL", "ARCHIVED"];
        let present = columns.present(OWNERS, wanted.map(str::to_owned))?;
        let table = self.config.table(OWNERS)?;
        let text = SqlText::template(
            include_str!("../../sql/owners_by_id.sql"),
            &[
                ("columns", Slot::Identifiers(&present)),
                ("table", Slot::Name(&table)),
            ],
        );
        Ok(Statement::new("share_owners", text.map_err(of_sql)?))
    }
}

fn read_stage(row: Row<'_>) -> Result<Stage> {
    let text = |column| row.required_text(column).map_err(of_sql);
    let metadata = optional(row, "METADATA");
    let metadata = metadata.and_then(|json| serde_json::from_str::<StageMetadata>(json).ok());
    let probability = metadata.and_then(|metadata| metadata.probability);
    let id = text("STAGEID")?;
    Ok(Stage {
        pipeline_id: PipelineId::new(text("PIPELINEID")?),
        id: StageId::new(id),
        // As over REST: a stage without a label is called by its id.
        label: optional(row, "LABEL").unwrap_or(id).to_owned(),
        probability: property::probability(probability.as_deref()).value(),
        display_order: optional(row, "DISPLAYORDER")
            .and_then(|order| order.parse().ok())
            .unwrap_or_default(),
    })
}

fn read_owner(row: Row<'_>) -> Result<Owner> {
    let names = ["FIRSTNAME", "LASTNAME"].map(|column| optional(row, column));
    let names: Vec<&str> = names.into_iter().flatten().collect();
    Ok(Owner {
        id: OwnerId::new(row.required_text("OWNERID").map_err(of_sql)?),
        name: (!names.is_empty()).then(|| names.join(" ")),
        email: optional(row, "EMAIL").map(str::to_owned),
        archived: is_true(optional(row, "ARCHIVED")),
    })
}

/// Not blank, of a column that the share may lack.
fn optional<'a>(row: Row<'a>, column: &str) -> Option<&'a str> {
    let cell = row.text(column).ok().flatten();
    cell.filter(|text| !text.trim().is_empty())
}

fn is_true(cell: Option<&str>) -> bool {
    property::boolean(cell).value() == Some(true)
}
