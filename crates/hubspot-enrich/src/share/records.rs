//! Records by id.

use std::collections::{HashMap, HashSet};

use calls::{Deal, StageId};
use jiff::Timestamp;
use snowflake_sql::{Identifier, Row, Rows, Slot, SqlText, Statement};

use super::DataShare;
use super::columns::Columns;
use super::failure::of_sql;
use super::kind::ShareRecord;
use crate::batch::distinct_by;
use crate::object_id::is_object_id;
use crate::property_reader::PropertyReader;
use crate::record::{MERGED_IDS, merged_ids};
use crate::{Batch, Merged, Result, UnreadableValue, stage_dates};

/// Ids that one statement takes, bound as one JSON array.
const BATCH: usize = 10_000;

struct Survivors<R> {
    records: Vec<R>,
    /// By the ids that they took in.
    of: HashMap<String, String>,
}

impl DataShare {
    pub(super) async fn by_id<R: ShareRecord>(&self, ids: &[R::Id]) -> Result<Batch<R, R::Id>> {
        let mut batch = Batch::empty(Timestamp::now());
        let asked = distinct_by(ids, |id| id);
        let possible: Vec<&str> = asked
            .iter()
            .map(|id| id.as_ref())
            .filter(|id| is_object_id(id))
            .collect();
        let mut found: HashMap<String, R> = HashMap::new();
        let dated = self.dated.get();
        for ids in possible.chunks(BATCH) {
            let template = include_str!("../../sql/records_by_id.sql");
            let rows = self
                .rows(|columns| {
                    let text = self.select::<R>(columns, &dated, template)?;
                    Ok(Statement::new("share_records", text).bind(json_array(ids)))
                })
                .await?;
            for record in read::<R>(&rows, &dated, &mut batch.unreadable)? {
                found.insert(record.id().as_ref().to_owned(), record);
            }
        }
        if !possible.is_empty() {
            batch.as_of = self.as_of(R::TABLE, batch.read_at).await?;
        }
        let left = possible
            .iter()
            .copied()
            .filter(|id| !found.contains_key(*id));
        let mut survivors = self
            .survivors::<R>(&left.collect::<Vec<_>>(), &mut batch)
            .await?;
        for id in asked {
            match (found.remove(id.as_ref()), survivors.of.remove(id.as_ref())) {
                (Some(record), _) => batch.found.push(record),
                (None, Some(survivor)) => batch.merged.push(Merged {
                    asked: id.clone(),
                    survivor: survivor.into(),
                }),
                (None, None) => batch.missing.push(id.clone()),
            }
        }
        // One that was asked for under both ids stands there once.
        let mut there: HashSet<String> = batch
            .found
            .iter()
            .map(|record| record.id().as_ref().to_owned())
            .collect();
        let survivors = survivors.records.into_iter();
        batch
            .found
            .extend(survivors.filter(|record| there.insert(record.id().as_ref().to_owned())));
        Ok(batch)
    }

    /// Records that took in some of `ids`, as far as the share says so.
    async fn survivors<R: ShareRecord>(
        &self,
        ids: &[&str],
        batch: &mut Batch<R, R::Id>,
    ) -> Result<Survivors<R>> {
        let mut survivors = Survivors {
            records: Vec::new(),
            of: HashMap::new(),
        };
        let says = self
            .columns()
            .await?
            .has(R::TABLE, "PROPERTY_HS_MERGED_OBJECT_IDS");
        if !says {
            return Ok(survivors);
        }
        let dated = self.dated.get();
        for ids in ids.chunks(BATCH) {
            let template = include_str!("../../sql/survivors.sql");
            let rows = self
                .rows(|columns| {
                    let text = self.select::<R>(columns, &dated, template)?;
                    Ok(Statement::new("share_survivors", text).bind(json_array(ids)))
                })
                .await?;
            let asked: HashSet<&str> = ids.iter().copied().collect();
            for row in rows.iter() {
                let survivor = row.required_text("OBJECTID").map_err(of_sql)?;
                let taken_in = merged_ids(value(row, MERGED_IDS));
                for id in taken_in.filter(|id| asked.contains(id)) {
                    survivors.of.insert(id.to_owned(), survivor.to_owned());
                }
            }
            survivors
                .records
                .extend(read::<R>(&rows, &dated, &mut batch.unreadable)?);
        }
        Ok(survivors)
    }

    /// A statement that selects a kind's properties, as far as the share has them.
    pub(super) fn select<R: ShareRecord>(
        &self,
        columns: &Columns,
        dated: &[StageId],
        template: &'static str,
    ) -> Result<SqlText> {
        columns.require(R::TABLE, &["OBJECTID"])?;
        columns.require(R::TABLE, R::REQUIRED)?;
        let dates = (R::TABLE == Deal::TABLE).then(|| stage_dates::properties(dated));
        let properties = R::PROPERTIES.iter().map(|property| (*property).to_owned());
        let wanted = properties
            .chain(dates.into_iter().flatten())
            .flat_map(|property| {
                let name = property.to_ascii_uppercase();
                [
                    format!("PROPERTY_{name}"),
                    format!("PROPERTY_UNPARSED_{name}"),
                ]
            });
        let mut present = vec![Identifier::stored("OBJECTID").map_err(of_sql)?];
        present.extend(columns.present(R::TABLE, wanted)?);
        let table = self.config.table(R::TABLE)?;
        let slots = [
            ("columns", Slot::Identifiers(&present)),
            ("table", Slot::Name(&table)),
        ];
        SqlText::template(template, &slots).map_err(of_sql)
    }
}

/// Turns rows into records and keeps what cannot be read of them.
pub(super) fn read<R: ShareRecord>(
    rows: &Rows,
    stages: &[StageId],
    unreadable: &mut Vec<UnreadableValue>,
) -> Result<Vec<R>> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let id = row.required_text("OBJECTID").map_err(of_sql)?;
        let value_of = |property: &str| value(row, property);
        let mut properties = PropertyReader::new(id, &value_of, stages);
        records.push(R::assemble(id.to_owned().into(), &mut properties));
        unreadable.append(&mut properties.unreadable);
    }
    Ok(records)
}

/// The property's value, else the text that did not fit the column's type. A column that
/// the share lacks is like null.
pub(super) fn value<'a>(row: Row<'a>, property: &str) -> Option<&'a str> {
    let name = property.to_ascii_uppercase();
    let cell = |column: String| row.text(&column).ok().flatten();
    cell(format!("PROPERTY_{name}")).or_else(|| cell(format!("PROPERTY_UNPARSED_{name}")))
}

pub(super) fn json_array(texts: &[impl AsRef<str>]) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    serde_json::Value::from(texts).to_string()
}
