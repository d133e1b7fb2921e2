//! Which privileges a role lacks, by the very scripts that grant them.

use std::collections::HashSet;
use std::str::FromStr;

use resilience::ErrorKind;
use snowflake_sql::{Identifier, Slot, SqlPool, SqlText};

use super::checked::{AccountCheck, ask};
use super::granted::Granted;
use super::session::Session;
use crate::snowflake::failure::of_sql;
use crate::{Error, Result};

/// Scripts with what prints each.
const SCRIPTS: [(&str, &str); 4] = [
    (
        include_str!("../../../sql/snowflake/setup/02_roles.sql"),
        SETUP,
    ),
    (
        include_str!("../../../sql/snowflake/setup/03_cortex.sql"),
        SETUP,
    ),
    (
        include_str!("../../../sql/snowflake/setup/04_account.sql"),
        SETUP,
    ),
    (
        include_str!("../../../sql/snowflake/setup/06_grants.sql"),
        GRANTS,
    ),
];

const SETUP: &str = "Run `snowflake_setup print setup` as the administrators that it names.";
const GRANTS: &str = "Run `snowflake_setup print grants` as the schema's owner.";

/// How many missing privileges are named.
const SHOWN: usize = 10;

/// How many roles a role's privileges are looked for in.
const MOST_ROLES: usize = 50;

/// What a role is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantedRole {
    /// Applies migrations, and owns what they make.
    Owner,
    /// Lands, transforms and removes.
    Ingest,
    /// Asks models and mirrors the CRM.
    Enrich,
    /// Reads.
    Agent,
}

impl GrantedRole {
    const ALL: [Self; 4] = [Self::Owner, Self::Ingest, Self::Enrich, Self::Agent];

    /// Its name on a command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Ingest => "ingest",
            Self::Enrich => "enrich",
            Self::Agent => "agent",
        }
    }

    /// Everything the scripts grant to it, with what to run where it is lacking.
    fn needs(self, session: &Session) -> Vec<(Granted, &'static str)> {
        let slot = format!("{{{}_role}}", self.as_str());
        let mut needs = Vec::new();
        for (script, remedy) in SCRIPTS {
            let lines = script
                .lines()
                .filter_map(|line| line.strip_prefix("GRANT "));
            let grants = lines.filter_map(|line| line.split_once(" TO ROLE "));
            let ours = grants.filter(|(_, role)| role.starts_with(&slot));
            for (granted, _) in ours {
                let each = Granted::of_script(granted, session);
                needs.extend(each.into_iter().map(|one| (one, remedy)));
            }
        }
        needs
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
    let granted = match granted_to(pool, name).await? {
        Ok(granted) => granted,
        Err(error) => return Ok(AccountCheck::unknown(CHECK, error.to_string())),
    };
    let needs = role.needs(session);
    let missing = needs.iter().filter(|(need, _)| !need.is_among(&granted));
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        let cause = format!("{name} has all {} of {}", needs.len(), role.as_str());
        return Ok(AccountCheck::passed(CHECK, cause));
    }
    let shown = missing.iter().take(SHOWN).map(|(need, _)| need.to_string());
    let mut named = shown.collect::<Vec<_>>().join(", ");
    if missing.len() > SHOWN {
        named = format!("{named} and {} more", missing.len() - SHOWN);
    }
    let mut remedies: Vec<&str> = missing.iter().map(|(_, remedy)| *remedy).collect();
    remedies.dedup();
    Ok(AccountCheck::failed(
        CHECK,
        format!("{name} lacks {named}"),
        remedies.join(" "),
    ))
}

/// What a role may do by itself, as everybody, and by the roles that it was granted; or why the
/// account does not tell what it may do by itself.
async fn granted_to(
    pool: &dyn SqlPool,
    role: &str,
) -> Result<snowflake_sql::Result<HashSet<Granted>>> {
    let mut granted = HashSet::new();
    let mut roles = vec![role.to_owned(), "PUBLIC".to_owned()];
    let mut asked = 0;
    while let Some(role) = roles.get(asked).cloned() {
        let identifier = Identifier::stored(role).map_err(of_sql)?;
        let slots = [("role", Slot::Identifier(&identifier))];
        let text = SqlText::template(
            include_str!("../../../sql/snowflake/check/grants.sql"),
            &slots,
        );
        asked += 1;
        let rows = match ask(pool, "check_grants", text.map_err(of_sql)?).await {
            Ok(rows) => rows,
            Err(error) if asked == 1 => return Ok(Err(error)),
            Err(_) => continue, // What another role may do is not told to everybody.
        };
        for row in rows.iter() {
            let text = |column| row.text(column).ok().flatten();
            let cells = (text("privilege"), text("granted_on"), text("name"));
            let (Some(privilege), Some(kind), Some(name)) = cells else {
                continue;
            };
            let name = name.trim_matches('"');
            let is_role = kind == "ROLE" && privilege == "USAGE";
            if is_role && roles.len() < MOST_ROLES && !roles.iter().any(|role| role == name) {
                roles.push(name.to_owned());
            }
            granted.insert(Granted::of_account(privilege, kind, name));
        }
    }
    Ok(Ok(granted))
}
