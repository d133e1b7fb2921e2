//! Whom a store mirrors, and whether it still holds what it was given.

use snowflake_store::{CallStore, CheckQuery, Origin};

use super::documents::{calls, deletion, page, spoken, transcript_document};
use super::{done, land};

fn origin(host: &str, workspaces: &[&str]) -> Origin {
    Origin {
        host: host.to_owned(),
        workspaces: workspaces.iter().map(|&id| id.to_owned()).collect(),
    }
}

/// An origin is kept as it was said last, workspaces in order and each once.
pub async fn a_store_remembers_whom_it_mirrors(store: &dyn CallStore) {
    assert_eq!(done(store.origin().await), None);
    let everything = origin("company.api.gong.test:8080", &[]);
    done(store.set_origin(&everything).await);
    assert_eq!(done(store.origin().await), Some(everything));
    done(
        store
            .set_origin(&origin("api.gong.test", &["2", "10", "2"]))
            .await,
    );
    let kept = done(store.origin().await);
    assert_eq!(kept, Some(origin("api.gong.test", &["10", "2"])));
}

/// Live calls are those that are stored and not deleted, with a transcript or without.
pub async fn live_calls_are_counted(store: &dyn CallStore) {
    let live = async || done(store.count_live_calls().await);
    assert_eq!(live().await, 0);
    land(store, spoken("1")).await;
    land(store, calls(&["2", "3"])).await;
    land(store, page([], [transcript_document("4", &[])])).await;
    assert_eq!(live().await, 3);
    land(store, deletion(&["2", "unknown"])).await;
    assert_eq!(live().await, 2);
    land(store, calls(&["2"])).await;
    assert_eq!(live().await, 3);
}

/// A check goes through the documents that are served, and finds them as they landed. A
/// store whose engine checks its own bytes looks at none.
pub async fn documents_are_found_as_they_landed(store: &dyn CallStore) {
    for id in ["1", "2", "3"] {
        land(store, spoken(id)).await;
    }
    land(store, calls(&["4"])).await;
    land(store, deletion(&["2"])).await;
    let mut query = CheckQuery {
        after: None,
        limit: 2,
    };
    let mut checked = 0;
    loop {
        let check = done(store.check_documents(&query).await);
        assert_eq!(check.damaged, []);
        checked += check.checked;
        query.after = check.last;
        if query.after.is_none() {
            break;
        }
    }
    assert!([0, 5].contains(&checked), "{checked}");
    query.limit = 0;
    assert_eq!(done(store.check_documents(&query).await).checked, 0);
}
