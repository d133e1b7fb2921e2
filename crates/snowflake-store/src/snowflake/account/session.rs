//! Who asks, where, and whether both clocks agree.

use calls::Timestamp;
use snowflake_sql::{SqlPool, SqlText};

use super::checked::{AccountCheck, ask};

const SESSION: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/session.sql"));

/// A signed login is refused when its clock is more than a minute ahead or behind; ours has
/// to keep some distance.
const CLOCK_SECONDS: i64 = 30;

/// The session, as it describes itself.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) region: Option<String>,
    pub(super) role: Option<String>,
    pub(super) warehouse: Option<String>,
    pub(super) database: Option<String>,
    schema: Option<String>,
    now: Option<Timestamp>,
}

impl Session {
    pub(super) async fn ask(pool: &dyn SqlPool) -> snowflake_sql::Result<Self> {
        let rows = ask(pool, "check_session", SESSION).await?;
        let row = rows.first();
        let text = |column: &str| -> snowflake_sql::Result<Option<String>> {
            let value = row.as_ref().map(|row| row.text(column)).transpose()?;
            Ok(value.flatten().map(str::to_owned))
        };
        Ok(Self {
            region: text("REGION")?,
            role: text("ROLE_NAME")?,
            warehouse: text("WAREHOUSE_NAME")?,
            database: text("DATABASE_NAME")?,
            schema: text("SCHEMA_NAME")?,
            now: text("NOW_UTC")?.and_then(|now| now.parse().ok()),
        })
    }

    /// Database and schema.
    pub(super) fn place(&self) -> Option<String> {
        let (database, schema) = (self.database.as_ref()?, self.schema.as_ref()?);
        Some(format!("{database}.{schema}"))
    }

    pub(super) fn checks(&self, now: Timestamp) -> Vec<AccountCheck> {
        let region = self.region.as_deref().unwrap_or("an unknown region");
        let named = |check, value: &Option<String>, variable: &str| match value {
            Some(name) => AccountCheck::passed(check, name.clone()),
            None => AccountCheck::failed(
                check,
                "none is in use: it does not exist, or the role may not use it",
                format!("Set {variable}, and grant USAGE on it to the role."),
            ),
        };
        let schema = self.place();
        vec![
            AccountCheck::passed("connection", format!("logged in, {region}")),
            self.clock(now),
            named("role", &self.role, "SNOWFLAKE_ROLE"),
            named("warehouse", &self.warehouse, "SNOWFLAKE_WAREHOUSE"),
            named("schema", &schema, "SNOWFLAKE_DATABASE and SNOWFLAKE_SCHEMA"),
        ]
    }

    fn clock(&self, now: Timestamp) -> AccountCheck {
        let Some(there) = self.now else {
            return AccountCheck::unknown("clock", "the account does not tell its time");
        };
        let apart = now.as_second() - there.as_second();
        if apart.abs() <= CLOCK_SECONDS {
            return AccountCheck::passed("clock", format!("{} s apart", apart.abs()));
        }
        let side = if apart > 0 { "ahead" } else { "behind" };
        AccountCheck::failed(
            "clock",
            format!("this machine is {} s {side} of the account", apart.abs()),
            "Set this machine's clock: signed logins are refused when it is wrong.",
        )
    }
}
