//! One sample of each task.

use calls::Affiliation;
use serde_json::{Value, json};
use snowflake_store::{CallQuery, CallReader};

/// What samples speak of, in a store.
#[derive(Debug)]
pub(crate) struct Subjects {
    call_ids: Vec<String>,
    rep: String,
    deal_id: String,
    account: String,
}

impl Subjects {
    /// The newest calls of a store, their rep and deal.
    pub(crate) async fn of(store: &dyn CallReader) -> Self {
        let query = CallQuery {
            with_transcript: true,
            limit: 3,
            ..CallQuery::default()
        };
        let calls = store.find_calls(&query).await.unwrap();
        let detail = store.call_detail(&calls[0].id).await.unwrap().unwrap();
        let parties = detail.call.parties.iter();
        let mut outside = parties.filter(|party| party.affiliation == Affiliation::External);
        let address = outside.find_map(|party| party.email.clone()).unwrap();
        Self {
            account: address.rsplit_once('@').unwrap().1.to_owned(),
            call_ids: calls.iter().map(|call| call.id.to_string()).collect(),
            rep: calls[0].rep.email.clone().unwrap(),
            deal_id: calls[0].deal_id.as_ref().unwrap().to_string(),
        }
    }

    /// A sample of a task by its name. A new task needs one here, and runs through everything
    /// that is done to each task then.
    pub(crate) fn sample(&self, task: &str) -> Value {
        let (call_id, rep, deal_id) = (&self.call_ids[0], &self.rep, &self.deal_id);
        let mut sample = match task {
            "analyze_call" => json!({"call_id": call_id, "competitors": ["Brightwell"]}),
            "batch_analysis" => json!({"call_ids": self.call_ids}),
            "list_calls" => json!({"limit": 5, "days": 90}),
            "find_similar_calls" => json!({"call_id": call_id, "limit": 3}),
            "search_calls" => json!({"query": "budget price", "limit": 3}),
            "coach_rep" | "coaching_summary" | "sentiment_trends" => {
                json!({"rep_email": rep, "days": 90})
            }
            "team_overview" | "team_benchmark" | "find_patterns" | "digest" => json!({"days": 90}),
            "ask" => json!({"call_id": call_id, "question": "What does it cost?"}),
            "score_call" | "follow_up" => json!({"call_id": call_id}),
            "scorecard" => json!({"scorecard": "bant", "call_id": call_id}),
            "deal_overview" => json!({"deal_id": deal_id}),
            "account_timeline" => json!({"account": self.account}),
            other => panic!("the task {other} has no sample in tests/support/samples.rs"),
        };
        sample["task_type"] = task.into();
        sample
    }
}
