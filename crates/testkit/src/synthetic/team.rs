//! The selling company: its users, its workspace, the accounts in its CRM.

use fastrand::Rng;
use serde_json::{Value, json};

use super::names::{COMPANIES, SELLER_DOMAIN};
use super::plan::id;
use super::rep::{ENGINEERS, REPS};
use crate::gong::user_record::user_record;

/// Where mail to somebody goes.
pub(super) fn address(name: &str, domain: &str) -> String {
    format!("{}@{domain}", name.to_lowercase().replace(' ', "."))
}

/// Ids that all calls of one organisation share.
#[derive(Debug)]
pub(super) struct Team {
    /// Reps, then engineers.
    user_ids: Vec<String>,
    account_ids: Vec<String>,
    workspace_id: String,
}

impl Team {
    pub(super) fn new(seed: u64) -> Self {
        // Another stream than the deals', so that more deals do not change the team.
        let mut rng = Rng::with_seed(seed ^ 0x7465_616d);
        Self {
            user_ids: (0..REPS.len() + ENGINEERS.len())
                .map(|_| id(&mut rng, 18))
                .collect(),
            account_ids: COMPANIES.iter().map(|_| id(&mut rng, 10)).collect(),
            workspace_id: id(&mut rng, 15),
        }
    }

    pub(super) fn user_id(&self, index: usize) -> &str {
        &self.user_ids[index]
    }

    pub(super) fn account_id(&self, company: usize) -> &str {
        &self.account_ids[company]
    }

    pub(super) fn workspace_id(&self) -> &str {
        &self.workspace_id
    }

    pub(super) fn workspaces(&self) -> Vec<Value> {
        vec![
            json!({"id": self.workspace_id, "name": "Sales", "description": "New business and renewals"}),
        ]
    }

    pub(super) fn users(&self) -> Vec<Value> {
        let reps = REPS
            .iter()
            .map(|rep| (rep.first_name, rep.last_name, rep.title));
        let engineers = ENGINEERS
            .iter()
            .map(|(first, last)| (*first, *last, "Solutions Engineer"));
        let users = reps.chain(engineers).zip(&self.user_ids);
        users
            .map(|((first, last, title), id)| user(id, first, last, title))
            .collect()
    }
}

fn user(id: &str, first: &str, last: &str, title: &str) -> Value {
    let email = address(&format!("{first} {last}"), SELLER_DOMAIN);
    let mut user = user_record(id, email.into(), first, last, title.into());
    user["spokenLanguages"] = json!(["en-US"]);
    user
}
