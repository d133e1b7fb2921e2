//! From the connector's table to [`Rows`].

use resilience::ErrorKind;
use snowflake_connector_rs::decode::{PlanBuildResult, RowDecodeResult};
use snowflake_connector_rs::{ColumnType, FromRow, ResultTable, RowPlanContext, RowRef};

use super::failure;
use crate::cells::Spelling;
use crate::{Error, Result, Rows};

/// All cells of a row, spelled as [`Rows`] documents; or the place of the first that
/// cannot be.
struct Spelled(std::result::Result<Vec<Option<String>>, (usize, &'static str)>);

impl FromRow for Spelled {
    type Plan = ();

    fn build_plan(_: RowPlanContext<'_>) -> PlanBuildResult<()> {
        Ok(())
    }

    fn from_row_with_plan(row: RowRef<'_>, (): &()) -> RowDecodeResult<Self> {
        let columns = row.schema().columns();
        let mut cells = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate() {
            let cell = match row.cell_at(place)?.raw() {
                None => None,
                Some(raw) => match spelling(column.ty()).normalise(raw) {
                    Ok(text) => Some(text),
                    Err(why) => return Ok(Self(Err((place, why)))),
                },
            };
            cells.push(cell);
        }
        Ok(Self(Ok(cells)))
    }
}

fn spelling(column: &ColumnType) -> Spelling {
    match column {
        ColumnType::Boolean => Spelling::Boolean,
        ColumnType::Date => Spelling::Days,
        ColumnType::Time { .. } => Spelling::TimeOfDay,
        ColumnType::TimestampNtz { .. } | ColumnType::TimestampLtz { .. } => Spelling::Instant,
        ColumnType::TimestampTz { .. } => Spelling::InstantWithOffset,
        ColumnType::Variant | ColumnType::Object | ColumnType::Array | ColumnType::Vector => {
            Spelling::Json
        }
        _ => Spelling::AsIs,
    }
}

pub(super) fn of_table(table: &ResultTable) -> Result<Rows> {
    let columns = table.schema().columns();
    let mut rows = Vec::with_capacity(table.row_count());
    let spelled = table
        .rows::<Spelled>()
        .map_err(|error| failure::of_statement(&error))?;
    for row in spelled {
        let Spelled(cells) = row.map_err(|error| failure::of_statement(&error))?;
        rows.push(cells.map_err(|(place, why)| {
            let column = columns.get(place).map_or("", |column| column.name());
            Error::new(ErrorKind::Decode, why).with_field(column)
        })?);
    }
    let names = columns.iter().map(|column| column.name().to_owned());
    Rows::new(names, rows, Some(table.query_id().to_owned()))
}
