//! Teams by their managers, as Gong's users say who reports to whom.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::BTreeSet;
use std::sync::Arc;

use agents::insights::InsightBuilder;
use agents::task::Dispatcher;
use serde_json::{Value, json};
use snowflake_store::{
    CallQuery, CallReader, GongRecord, RecordPage, RecordStream, Records, SqliteStore,
};
use support::PhraseLanguage;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

struct Teams {
    store: Arc<SqliteStore>,
    dispatcher: Dispatcher,
    reps: Vec<String>,
}

impl Teams {
    async fn new() -> Self {
        let org = SyntheticOrg::generate(&SyntheticConfig {
            anchor: support::anchor(),
            deals: 8,
            ..SyntheticConfig::default()
        });
        let store = support::store_of(&org).await;
        let query = CallQuery {
            with_transcript: true,
            limit: 500,
            ..CallQuery::default()
        };
        let calls = store.find_calls(&query).await.unwrap();
        let reps: BTreeSet<String> = calls
            .iter()
            .filter_map(|call| Some(call.rep.id.as_ref()?.to_string()))
            .collect();
        let language = InsightBuilder::new(Arc::new(PhraseLanguage::default()));
        Self {
            dispatcher: Dispatcher::new(Arc::clone(&store) as _, language),
            store,
            reps: reps.into_iter().collect(),
        }
    }

    /// Users with whom each reports to.
    async fn land(&self, users: &[(&str, &str, Option<&str>)]) {
        let records = users.iter().map(|(id, first, manager)| GongRecord {
            key: (*id).to_owned(),
            day: None,
            json: json!({"id": id, "firstName": first, "lastName": "Kahn",
                "emailAddress": format!("{first}@seller.test"), "managerId": manager})
            .to_string(),
        });
        let page = RecordPage {
            stream: RecordStream::Users,
            run_id: "run".to_owned(),
            records: records.collect(),
            gone: Vec::new(),
        };
        self.store.land_records(&page).await.unwrap();
    }

    async fn reply(&self, mut task: Value) -> Value {
        if !["list_calls", "search_calls"].contains(&task["task_type"].as_str().unwrap()) {
            task["days"] = 400.into();
        }
        let (reply, _) = self
            .dispatcher
            .run_json_at(task.to_string().as_bytes(), support::anchor())
            .await;
        reply
    }

    async fn result(&self, task: Value) -> Value {
        let reply = self.reply(task).await;
        assert_eq!(reply["success"], true, "{reply}");
        reply["result"].clone()
    }
}

fn hosts(rows: &Value) -> BTreeSet<&str> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["rep"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_team_is_who_reports_to_a_manager_at_any_depth() {
    let teams = Teams::new().await;
    let [lead, under, other, ..] = &teams.reps[..] else {
        panic!("too few reps: {:?}", teams.reps);
    };
    teams
        .land(&[
            ("m-1", "Dee", None),
            (lead, "Lea", Some("m-1")),
            (under, "Una", Some(lead)),
            (other, "Ola", Some("m-2")),
        ])
        .await;
    let team = BTreeSet::from([lead.as_str(), under.as_str()]);
    for named in ["Dee Kahn", "dee kahn", "DEE@seller.test", "m-1"] {
        let overview = teams
            .result(json!({"task_type": "team_overview", "team": named}))
            .await;
        assert_eq!(hosts(&overview["reps"]), team, "{named}");
        assert_eq!(overview["team"]["reps"], 2);
        let note = "The team is who reports to Dee Kahn in Gong: 2 colleagues.";
        let notes = overview["notes"].as_array().unwrap();
        assert!(notes.contains(&json!(note)), "{notes:?}");
    }
    let all = teams.result(json!({"task_type": "team_overview"})).await;
    assert_eq!(hosts(&all["reps"]).len(), teams.reps.len());

    let benchmark = teams
        .result(json!({"task_type": "team_benchmark", "team": "m-1"}))
        .await;
    assert_eq!(hosts(&benchmark["reps"]), team);
    assert_eq!(benchmark["reps_counted"], 2);
    // A manager who hosts calls has a team, and is not in it.
    let listed = teams
        .result(json!({"task_type": "list_calls", "team": lead, "limit": 500}))
        .await;
    assert_eq!(hosts(&listed["calls"]), BTreeSet::from([under.as_str()]));
    let found = teams
        .result(json!({"task_type": "search_calls", "team": "m-1", "query": "price budget"}))
        .await;
    assert!(hosts(&found["calls"]).is_subset(&team), "{found}");

    let digest = teams
        .result(json!({"task_type": "digest", "team": "m-1"}))
        .await;
    let of_team = listed_of(&teams, "m-1").await;
    assert_eq!(digest["calls"]["held"], of_team);
    assert_eq!(digest["rep"], Value::Null);
    for task_type in ["coaching_summary", "find_patterns"] {
        let answer = teams
            .result(json!({"task_type": task_type, "team": "m-1"}))
            .await;
        assert!(answer["calls"].as_u64().unwrap() <= of_team, "{task_type}");
        assert!(answer["calls"].as_u64().unwrap() > 0, "{task_type}");
    }
    // A rep beside their own team.
    let coached = teams
        .result(json!({"task_type": "coach_rep", "rep_id": lead, "team": "m-1"}))
        .await;
    assert_eq!(coached["team"]["reps"], 2);
}

async fn listed_of(teams: &Teams, team: &str) -> u64 {
    let task = json!({"task_type": "list_calls", "team": team, "limit": 500, "days": 400});
    let listed = teams.result(task).await;
    listed["calls"].as_array().unwrap().len() as u64
}

#[tokio::test]
async fn a_team_that_nobody_knows_is_an_error_that_says_why() {
    let teams = Teams::new().await;
    let asked = |team: &str| json!({"task_type": "team_overview", "team": team});
    let none = teams.reply(asked("Dee Kahn")).await;
    assert_eq!(none["error"]["code"], "team_not_found");
    assert_eq!(none["error"]["field"], "team");
    let message = none["error"]["message"].as_str().unwrap();
    assert!(message.contains("no users of Gong"), "{message}");

    let [first, second, ..] = &teams.reps[..] else {
        panic!("too few reps: {:?}", teams.reps);
    };
    // Two who report to each other are no reason to go round for ever.
    let users = [
        ("m-1", "Dee", Some(first.as_str())),
        (first, "Lea", Some("m-1")),
    ];
    teams.land(&users).await;
    teams.land(&[(second, "Una", None)]).await;
    let near = teams.reply(asked("Dee Khan")).await;
    assert_eq!(near["error"]["code"], "team_not_found");
    assert_eq!(near["error"]["suggestions"], json!(["Dee Kahn"]));
    let nobody = teams.reply(asked("Una Kahn")).await;
    assert_eq!(nobody["error"]["code"], "team_not_found", "{nobody}");
    let circle = teams.result(asked("Dee Kahn")).await;
    assert_eq!(hosts(&circle["reps"]), BTreeSet::from([first.as_str()]));

    let both = json!({"task_type": "list_calls", "team": "m-1", "rep_id": first});
    assert_eq!(teams.reply(both).await["error"]["code"], "invalid_value");
}
