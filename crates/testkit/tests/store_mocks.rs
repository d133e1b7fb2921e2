//! A mocked store, told to do what a real one does, keeps the store's contract: mocks
//! carry every method and value as it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use snowflake_store::{CallReader, Insights, Landing, MockCallStore, Records, SqliteStore, Upkeep};

/// Waits on a thread of its own: what a mock is told to return is not a future.
fn wait<T: Send>(future: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(future)
        });
        waiting.join().unwrap()
    })
}

/// Lets each expectation do what the store's method of the same name does.
macro_rules! delegate {
    ($mock:expr => $store:ident: $($expect:ident = $method:ident($($argument:ident),*);)+) => {
        $(
            let store = Arc::clone(&$store);
            $mock
                .$expect()
                .returning(move |$($argument),*| wait(store.$method($($argument),*)));
        )+
    };
}

async fn mocked() -> Option<(MockCallStore, ())> {
    let store = Arc::new(SqliteStore::in_memory().await.unwrap());
    let mut mock = MockCallStore::default();
    mock.landing.expect_pages_at_once().return_const(1_usize);
    delegate! { mock.landing => store:
        expect_land = land(page);
        expect_transform = transform(scope);
        expect_start_run = start_run(run);
        expect_finish_run = finish_run(run);
        expect_open_run = open_run(mode);
        expect_watermark = watermark();
        expect_position = position(stream);
        expect_known_calls = known_calls(query);
        expect_count_live_calls = count_live_calls();
        expect_record_dead_letters = record_dead_letters(letters);
        expect_dead_letters = dead_letters(query);
        expect_retire_dead_letter = retire_dead_letter(stream, key, at);
        expect_origin = origin();
        expect_set_origin = set_origin(origin);
        expect_check_documents = check_documents(query);
    }
    delegate! { mock.reader => store:
        expect_call_detail = call_detail(id);
        expect_find_calls = find_calls(query);
        expect_names = names(kind);
        expect_colleagues = colleagues();
        expect_calls_for_coaching = calls_for_coaching(rep, period, limit);
        expect_team_figures = team_figures(period, insights);
        expect_similar_chunks = similar_chunks(query, excluding, limit);
        expect_search_chunks = search_chunks(words, limit);
        expect_search_findings = search_findings(words, limit);
        expect_readings = readings(ids, reader);
    }
    delegate! { mock.records => store:
        expect_land_records = land_records(page);
        expect_records = records(query);
    }
    delegate! { mock.insights => store:
        expect_save_insights = save_insights(insights);
        expect_save_readings = save_readings(readings);
        expect_save_crm = save_crm(snapshot);
        expect_save_crm_matches = save_crm_matches(matches);
        expect_crm_wanted = crm_wanted(older_than, limit);
    }
    delegate! { mock.upkeep => store:
        expect_migrate = migrate();
        expect_health = health();
        expect_freshness = freshness();
        expect_counts = counts();
        expect_apply_retention = apply_retention(now);
        expect_preview_retention = preview_retention(now);
        expect_erase = erase(request);
        expect_export_calls = export_calls();
        expect_export_rows = export_rows(table, calls);
        expect_acquire_lease = acquire_lease(request);
        expect_release_lease = release_lease(name, owner);
    }
    Some((mock, ()))
}

testkit::store_conformance!(mocked_store, mocked, except testkit::conformance::store::LIMITED);
