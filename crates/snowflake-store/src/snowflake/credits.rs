//! What the statements of this program cost, as the account's usage says some hours later.

use resilience::ErrorKind;

use super::failure::of_sql;
use super::statements;
use super::store::SnowflakeStore;
use crate::Result;

/// Credits that a step cost within a day.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpentCredits {
    /// The step of the query tag, such as `daemon`; `none` for a tag without one.
    pub step: String,
    /// `warehouse` or `models`.
    pub spent_on: String,
    /// `today` or `yesterday`, in UTC.
    pub day: String,
    /// How many.
    pub credits: f64,
}

impl SnowflakeStore {
    /// Credits of today and yesterday, as far as Snowflake has attributed them; it is eight hours
    /// behind with warehouses. `None` where the views of `optional/cost_views.sql` are missing
    /// or this role may not read them.
    ///
    /// # Errors
    /// The account's.
    pub async fn credits(&self) -> Result<Option<Vec<SpentCredits>>> {
        let rows = match self.ask(&statements::CREDITS.statement()).await {
            Ok(rows) => rows,
            Err(error) if is_out_of_sight(error.kind()) => {
                tracing::info!(%error, "credits are not shown");
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let spent = rows.iter().map(|row| {
            Ok(SpentCredits {
                step: row.required_text("STEP")?.to_owned(),
                spent_on: row.required_text("SPENT_ON")?.to_owned(),
                day: row.required_text("SPENT")?.to_owned(),
                credits: row.float("CREDITS")?.unwrap_or_default(),
            })
        });
        let spent: snowflake_sql::Result<Vec<SpentCredits>> = spent.collect();
        spent.map(Some).map_err(of_sql)
    }
}

/// What is missing and what is refused look alike to who may not see it.
fn is_out_of_sight(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::Permission)
}
