//! Teams: who reports to whom is what Gong's users say, so nobody writes a list.

use std::collections::BTreeSet;

use calls::UserId;
use snowflake_store::{CallReader, Colleague};

use super::names::nearest;
use crate::coach::Team;
use crate::{Error, ErrorCode, Result};

/// The team of a manager, by name, e-mail address or Gong's id: those who report to them, and
/// those who report to these.
pub(super) async fn of(store: &dyn CallReader, manager: &str) -> Result<Team> {
    let colleagues = store.colleagues().await?;
    let refused = |message: &str| Error::new(ErrorCode::TeamNotFound, message).with_field("team");
    if colleagues.is_empty() {
        let message = "the store has no users of Gong, who say who reports to whom: sync them";
        return Err(refused(message));
    }
    let text = manager.trim().to_lowercase();
    let is_meant = |one: &&Colleague| {
        let is = |known: &Option<String>| {
            let known = known.as_deref().map(str::to_lowercase);
            known.as_ref() == Some(&text)
        };
        one.id.as_str() == manager.trim() || is(&one.email) || is(&one.name)
    };
    let mut meant = colleagues.iter().filter(is_meant);
    let (Some(one), None) = (meant.next(), meant.next()) else {
        let managers = colleagues.iter().filter(|one| manages(&colleagues, one));
        let near = nearest(manager, managers.filter_map(|one| one.name.clone()));
        return Err(refused("names no manager, or several").with_suggestions(near));
    };
    let members = below(&colleagues, &one.id);
    if members.is_empty() {
        return Err(refused("nobody reports to them in Gong"));
    }
    let name = one.name.clone().or_else(|| one.email.clone());
    Ok(Team {
        of: name.unwrap_or_else(|| manager.to_owned()),
        members,
    })
}

fn manages(colleagues: &[Colleague], manager: &Colleague) -> bool {
    let mut managers = colleagues.iter().filter_map(|one| one.manager_id.as_ref());
    managers.any(|id| *id == manager.id)
}

/// Everybody below somebody, each once, whatever circles Gong holds.
fn below(colleagues: &[Colleague], manager: &UserId) -> Vec<UserId> {
    let mut members = BTreeSet::new();
    let mut managers = vec![manager];
    while let Some(above) = managers.pop() {
        let reports = colleagues.iter();
        for one in reports.filter(|one| one.manager_id.as_ref() == Some(above)) {
            if one.id != *manager && members.insert(one.id.clone()) {
                managers.push(&one.id);
            }
        }
    }
    members.into_iter().collect()
}
