//! A privilege on an object, as scripts grant it and as accounts tell it.

use std::collections::HashSet;
use std::fmt;

use super::session::Session;

/// The functions that are called. An account may grant each by itself.
const ASKED: [&str; 4] = ["AI_COMPLETE", "AI_CLASSIFY", "AI_EMBED", "AI_SENTIMENT"];

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Granted {
    privilege: String,
    /// Such as TABLE or DATABASE_ROLE.
    kind: String,
    /// With database and schema, where it has them; empty of the account.
    name: String,
}

impl Granted {
    /// What stands in a script between GRANT and TO ROLE; nothing of an object that the
    /// session does not have, which another check says.
    pub(super) fn of_script(granted: &str, session: &Session) -> Vec<Self> {
        if let Some(role) = granted.strip_prefix("DATABASE ROLE ") {
            return vec![Self::of_account("USAGE", "DATABASE_ROLE", role)];
        }
        let Some((privileges, on)) = granted.split_once(" ON ") else {
            return Vec::new(); // One role to another.
        };
        let (kind, object) = on.split_once(' ').unwrap_or((on, ""));
        let name = match kind {
            "ACCOUNT" => Some(String::new()),
            "WAREHOUSE" => session.warehouse.clone(),
            "DATABASE" => session.database.clone(),
            "SCHEMA" => session.place(),
            _ => session.place().map(|place| format!("{place}.{object}")),
        };
        let each = name.iter().flat_map(|name| {
            let privileges = privileges.split(", ");
            privileges.map(|privilege| Self::of_account(privilege, kind, name))
        });
        each.collect()
    }

    /// As `SHOW GRANTS` tells it.
    pub(super) fn of_account(privilege: &str, kind: &str, name: &str) -> Self {
        let name = name.replace('"', "");
        Self {
            privilege: privilege.to_owned(),
            kind: kind.to_owned(),
            name: match kind {
                "ACCOUNT" => String::new(),
                "DATABASE_ROLE" => last(&name).to_owned(),
                _ => name,
            },
        }
    }

    /// Whether it comes with what is granted.
    pub(super) fn is_among(&self, granted: &HashSet<Self>) -> bool {
        let with = |privilege: &str, name: &str| {
            let one = Self::of_account(privilege, &self.kind, name);
            granted.contains(&one)
        };
        with(&self.privilege, &self.name)
            || with("OWNERSHIP", &self.name)
            // A role that is there for the functions alone lets them be called as well.
            || (self.name == "CORTEX_USER" && with("USAGE", "AI_FUNCTIONS_USER"))
            || (self.privilege == "USE AI FUNCTIONS"
                && ASKED.iter().all(|function| {
                    with(&format!("USE AI FUNCTION {function}"), &self.name)
                }))
    }
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            privilege,
            kind,
            name,
        } = self;
        match kind.as_str() {
            "ACCOUNT" => f.write_str(privilege),
            "DATABASE_ROLE" => write!(f, "database role SNOWFLAKE.{name}"),
            _ => write!(f, "{privilege} on {}", last(name)),
        }
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
