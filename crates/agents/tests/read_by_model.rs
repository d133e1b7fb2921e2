//! Whether an answer says that a generative model read what it speaks of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::num::NonZeroUsize;
use std::sync::Arc;

use agents::insights::{InsightBuilder, analyse_backlog};
use agents::task::{Dispatcher, Task};
use serde_json::Value;
use support::{PhraseLanguage, Subjects};

/// Tasks that list and find calls and speak of nothing that was read.
const LISTS: [&str; 3] = ["list_calls", "search_calls", "find_similar_calls"];

#[tokio::test]
async fn every_answer_says_whether_a_model_read_what_it_speaks_of() {
    let org = support::small_org();
    for generates in [true, false] {
        let store = support::store_of(&org).await;
        let language = InsightBuilder::new(Arc::new(PhraseLanguage {
            generates,
            ..PhraseLanguage::default()
        }));
        let workers = NonZeroUsize::MIN;
        let report = analyse_backlog(Arc::clone(&store) as _, language.clone(), workers, |_| {});
        assert_eq!(report.await.unwrap().failed, []);
        let dispatcher = Dispatcher::new(Arc::clone(&store) as _, language);
        let subjects = Subjects::of(&*store).await;
        let mut wrong: Vec<&str> = Vec::new();
        for spec in Task::specs() {
            let reply = answer(&dispatcher, &subjects.sample(spec.name)).await;
            assert_eq!(reply["success"], true, "{reply}");
            let is_read = generates && !LISTS.contains(&spec.name);
            if reply["ai_enhanced"] != is_read {
                wrong.push(spec.name);
            }
        }
        assert_eq!(
            wrong,
            Vec::<&str>::new(),
            "where a model reads: {generates}"
        );
    }
}

async fn answer(dispatcher: &Dispatcher, task: &Value) -> Value {
    let task = task.to_string();
    let answered = dispatcher.run_json_at(task.as_bytes(), support::anchor());
    answered.await.0
}
