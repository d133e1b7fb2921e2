//! Which privileges a role lacks, by the very script that grants them.

use std::collections::HashSet;
use std::str::FromStr;

use resilience::ErrorKind;
use snowflake_sql::{Identifier, Slot, SqlPool, SqlText};

use super::checked::{AccountCheck, ask};
use super::session::Session;
use crate::snowflake::failure::of_sql;
use crate::{Error, Result};

const SCRIPT: &str = include_str!("../../../sql/snowflake/setup/06_grants.sql");

/// How many missing privileges are named.
const SHOWN: usize = 10;

/// What a role is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantedRole {
    /// Lands, transforms and removes.
    Ingest,
    /// Asks models and mirrors the CRM.
    Enrich,
    /// Reads.
    Agent,
}

impl GrantedRole {
    const ALL: [Self; 3] = [Self::Ingest, Self::Enrich, Self::Agent];

    /// Its name on a command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Enrich => "enrich",
            Self::Agent => "agent",
        }
    }

    /// Privilege and object of everything the script grants to it.
    fn needs(self) -> Vec<(&'static str, &'static str)> {
        let role = format!("TO ROLE {{{}_role}};", self.as_str());
        SCRIPT
            .lines()
            .filter_map(|line| line.strip_prefix("GRANT ")?.strip_suffix(role.as_str()))
            .filter_map(|granted| granted.split_once(" ON "))
            .filter_map(|(privileges, on)| Some((privileges, on.split_whitespace().nth(1)?)))
            .flat_map(|(privileges, object)| {
                let each = privileges.split(", ");
                each.map(move |privilege| (privilege, object))
            })
            .collect()
    }
}

impl FromStr for GrantedRole {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            Error::new(ErrorKind::InvalidInput, format!("must be one of {names}"))
                .with_field("role")
        })
    }
}

pub(super) async fn check(
    pool: &dyn SqlPool,
    role: GrantedRole,
    session: &Session,
) -> Result<AccountCheck> {
    const CHECK: &str = "privileges";
    let Some(name) = &session.role else {
        return Ok(AccountCheck::unknown(CHECK, "no role is in use"));
    };
    let identifier = Identifier::stored(name.clone()).map_err(of_sql)?;
    let slots = [("role", Slot::Identifier(&identifier))];
    let text = SqlText::template(
        include_str!("../../../sql/snowflake/check/grants.sql"),
        &slots,
    )
    .map_err(of_sql)?;
    let rows = match ask(pool, "check_grants", text).await {
        Ok(rows) => rows,
        Err(error) => return Ok(AccountCheck::unknown(CHECK, error.to_string())),
    };
    let granted: HashSet<(String, String)> = rows
        .iter()
        .filter_map(|row| {
            let privilege = row.text("privilege").ok()??;
            let object = row.text("name").ok()??;
            let object = object.rsplit('.').next()?.trim_matches('"');
            Some((privilege.to_owned(), object.to_owned()))
        })
        .collect();
    let has = |privilege: &str, object: &str| {
        let with = |privilege: &str| granted.contains(&(privilege.to_owned(), object.to_owned()));
        with(privilege) || with("OWNERSHIP")
    };
    let needs = role.needs();
    let missing: Vec<String> = needs
        .iter()
        .filter(|(privilege, object)| !has(privilege, object))
        .map(|(privilege, object)| format!("{privilege} on {object}"))
        .collect();
    if missing.is_empty() {
        let cause = format!("{name} has all {} of {}", needs.len(), role.as_str());
        return Ok(AccountCheck::passed(CHECK, cause));
    }
    let mut named = missing
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if missing.len() > SHOWN {
        named = format!("{named} and {} more", missing.len() - SHOWN);
    }
    Ok(AccountCheck::failed(
        CHECK,
        format!("{name} lacks {named}"),
        "Run `snowflake_setup print grants` as the schema's owner.",
    ))
}
