//! What the SQL files for Snowflake keep to, beyond its grammar.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use snowflake_store::{snowflake_migrations, split_statements};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("sql/snowflake")
        .join(name)
}

/// Files of a folder by name, without their comments.
fn texts(name: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder(name)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "sql") {
            let text = fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            texts.insert(name, without_comments(&text));
        }
    }
    assert!(!texts.is_empty(), "{name}");
    texts
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("--").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The word that stands after each place of `before`.
fn words_after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(before)
        .map(|(at, _)| text[at + before.len()..].trim_start())
        .map(|rest| rest.split(|c| !name(c)).next().unwrap())
        .filter(|word| !word.is_empty())
        .collect()
}

/// `REPLY:value` of a refusal is a JSON null, which is not NULL: it would count as an
/// answer.
#[test]
fn answers_of_models_are_stored_without_json_nulls() {
    let mut seen = 0;
    for (file, text) in texts("statements") {
        for (at, found) in text.match_indices("REPLY:value") {
            let stripped = text[..at].ends_with("STRIP_NULL_VALUE(");
            let cast = text[at + found.len()..].starts_with("::");
            assert!(stripped || cast, "{file}");
            seen += 1;
        }
        for (at, found) in text.match_indices("REPLY:error") {
            assert!(text[at + found.len()..].starts_with("::VARCHAR"), "{file}");
        }
    }
    assert_eq!(seen, 1, "readings");
}

#[test]
fn every_task_stands_alone_tags_its_session_and_gives_up() {
    let files = texts("optional");
    let mut names = Vec::new();
    for file in ["tasks_serverless", "tasks_cron"] {
        let mut tasks = BTreeSet::new();
        for statement in split_statements(&files[file]) {
            let name = words_after(statement, "CREATE TASK IF NOT EXISTS")[0];
            assert!(
                statement.contains(r#"QUERY_TAG = '{"app":"gong-snowflake","#),
                "{file}: {name}"
            );
            // An account's defaults may be others than those of the client's sessions.
            for setting in [
                "SUSPEND_TASK_AFTER_NUM_FAILURES = 3",
                // Documented as a list with commas.
                "TIMEZONE = 'UTC',\n",
                "TIMESTAMP_INPUT_FORMAT = 'AUTO',\n",
                "JSON_INDENT = 0,\n",
            ] {
                assert!(statement.contains(setting), "{file}: {name}: {setting}");
            }
            // A child's failures count for its root, which would stop unpaid work too.
            assert!(!statement.contains("AFTER GONG_"), "{name}");
            assert!(!statement.contains("FINALIZE"), "{name}");
            let on_warehouse = statement.contains("WAREHOUSE = {warehouse}");
            assert_eq!(on_warehouse, file == "tasks_cron", "{file}: {name}");
            tasks.insert(name.to_owned());
        }
        names.push(tasks);
    }
    assert_eq!(names[0], names[1]);
    let procedures = words_after(&files["tasks_cron"], "CALL ");
    let made: String = snowflake_migrations()
        .unwrap()
        .iter()
        .flat_map(|migration| &migration.statements)
        .map(|statement| statement.as_str().to_owned() + "\n")
        .collect();
    for procedure in procedures {
        let create = format!("CREATE OR REPLACE PROCEDURE {procedure}()");
        assert!(made.contains(&create), "{procedure}");
    }
    let dropped = &texts("down")["optional"];
    for task in &names[0] {
        assert!(dropped.contains(&format!("DROP TASK IF EXISTS {task};")));
    }
}

/// Whoever changes rows by a stream has read it, also where nothing is selected: a run that
/// leaves calls over has to take that back, or nothing wakes the next.
#[test]
fn a_run_that_leaves_calls_over_leaves_its_stream_unread() {
    let steps = without_comments(&texts("ai")["02_steps"]);
    let (before, after) = steps.split_once("FROM GONG_AI_CHANGES").unwrap();
    let begun = before.rfind("BEGIN TRANSACTION;").unwrap();
    assert!(
        !before[begun..].contains("COMMIT"),
        "read within a transaction"
    );
    let end = after.find("COMMIT").unwrap();
    assert!(after[..end].contains("FROM GONG_AI_WAITING"), "{after}");
    assert!(after[end..].contains("ROLLBACK"));
}

/// Tasks need privileges that not every owner has, and ACCOUNT_USAGE others: one of them
/// within the migrations would stop those after it.
#[test]
fn migrations_need_nothing_but_the_schema() {
    for migration in snowflake_migrations().unwrap() {
        for statement in &migration.statements {
            let text = without_comments(statement.as_str());
            for word in ["CREATE TASK", "ACCOUNT_USAGE", "CREATE ALERT", "GRANT "] {
                assert!(!text.contains(word), "{}: {word}", migration.name);
            }
        }
    }
}

#[test]
fn a_procedure_that_fails_is_recorded_by_its_name() {
    let mut seen = 0;
    for migration in snowflake_migrations().unwrap() {
        for statement in &migration.statements {
            let text = statement.as_str();
            let Some(name) = words_after(text, "CREATE OR REPLACE PROCEDURE").pop() else {
                continue;
            };
            seen += 1;
            let recorded = format!("SELECT '{name}', :SQLCODE");
            assert!(text.contains(&recorded), "{name}");
            assert!(text.trim_end().ends_with("RAISE;\nEND;\n$$"), "{name}");
        }
    }
    // That of retention was made anew with reviews.
    assert_eq!(seen, 4);
}

#[test]
fn a_migration_that_is_taken_back_can_be_applied_again() {
    let down = texts("down");
    for migration in snowflake_migrations().unwrap() {
        let Some(text) = down.get(migration.name) else {
            let kept = ["0001_landing", "0002_staging", "0004_retention"];
            assert!(kept.contains(&migration.name), "{}", migration.name);
            continue;
        };
        let version = migration.version;
        let forgotten = format!("DELETE FROM GONG_SCHEMA_HISTORY WHERE VERSION = {version};");
        assert!(text.contains(&forgotten), "{}", migration.name);
        for statement in &migration.statements {
            let statement = without_comments(statement.as_str());
            for kind in ["TABLE", "VIEW", "STREAM"] {
                for name in words_after(&statement, &format!("CREATE {kind} IF NOT EXISTS")) {
                    let dropped = format!("DROP {kind} IF EXISTS {name};");
                    assert!(text.contains(&dropped), "{}: {name}", migration.name);
                }
            }
            for name in words_after(&statement, "CREATE OR REPLACE PROCEDURE") {
                let dropped = format!("DROP PROCEDURE IF EXISTS {name}(");
                assert!(text.contains(&dropped), "{}: {name}", migration.name);
            }
        }
    }
    assert_eq!(down.len(), snowflake_migrations().unwrap().len() - 3 + 1);
}

/// Privileges by table, of one role.
fn granted(role: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (setup, optional) = (texts("setup"), texts("optional"));
    let mut granted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let views = split_statements(&optional["cost_views"]).into_iter();
    let of_views = views.filter(|statement| statement.starts_with("GRANT "));
    for statement in split_statements(&setup["06_grants"])
        .into_iter()
        .chain(of_views)
    {
        let (privileges, rest) = statement
            .strip_prefix("GRANT ")
            .unwrap()
            .split_once(" ON ")
            .unwrap();
        let (object, to) = rest.split_once(" TO ROLE ").unwrap();
        if to == format!("{{{role}_role}}") {
            let name = object.rsplit(' ').next().unwrap();
            let privileges = privileges.split(", ").map(str::to_owned);
            granted
                .entry(name.to_owned())
                .or_default()
                .extend(privileges);
        }
    }
    granted
}

/// What a statement needs of tables and views.
fn needed(text: &str) -> Vec<(String, &'static str)> {
    let ours = ["GONG_", "STG_", "CRM_", "PIPELINE_ERRORS", "VW_"];
    let mut needed = Vec::new();
    for (before, privileges) in [
        ("INSERT INTO ", &["INSERT"][..]),
        ("MERGE INTO ", &["INSERT", "UPDATE", "SELECT"]),
        ("UPDATE STG", &[]),
        ("DELETE FROM ", &["DELETE", "SELECT"]),
        ("FROM ", &["SELECT"]),
        ("JOIN ", &["SELECT"]),
        ("USING ", &["SELECT"]),
    ] {
        for name in words_after(text, before) {
            if ours.iter().any(|prefix| name.starts_with(prefix)) {
                needed.extend(
                    privileges
                        .iter()
                        .map(|privilege| (name.to_owned(), *privilege)),
                );
            }
        }
    }
    if let Some(rest) = text.trim_start().strip_prefix("UPDATE ") {
        let name = rest.split_whitespace().next().unwrap();
        needed.push((name.to_owned(), "UPDATE"));
    }
    needed
}

fn assert_may(role: &str, file: &str, text: &str) {
    let granted = granted(role);
    for (name, privilege) in needed(text) {
        let may = granted.get(&name).is_some_and(|of| of.contains(privilege));
        assert!(may, "{role} may not {privilege} on {name}, for {file}");
    }
}

#[test]
fn grants_suffice_for_what_each_role_runs() {
    let statements = texts("statements");
    // Run within procedures alone, with the rights of their owner.
    let of_procedures = |file: &str| file.starts_with("ai_") || file == "record_procedure_error";
    // For whoever applies migrations, and for analyses.
    let not_ingestion = [
        "colleagues",
        "create_schema_history",
        "found_chunks",
        "record_migration",
        "similar_chunks",
    ];
    let mut seen = 0;
    for (file, text) in &statements {
        if !of_procedures(file) && !not_ingestion.contains(&file.as_str()) {
            assert_may("ingest", file, text);
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
    let reads = [
        "call_detail",
        "calls_for_coaching",
        "colleagues",
        "find_calls",
        "schema_history",
        "search_chunks",
        "search_findings",
        "setup_records",
        "similar_chunks",
        "team_figures",
    ];
    let found = statements.keys().filter(|file| file.starts_with("found_"));
    for file in reads.into_iter().chain(found.map(String::as_str)) {
        assert_may("agent", file, &statements[file]);
        assert_may("enrich", file, &statements[file]);
    }
    let analyses = [
        "clear_sentence_sentiments",
        "delete_chunks",
        "save_chunks",
        "save_insights",
        "save_sentence_sentiments",
        "try_writing",
    ];
    let enrichment = statements.keys().filter(|file| {
        let records = [
            "companies",
            "contacts",
            "deals",
            "owners",
            "stages",
            "gone_records",
        ];
        let of_records = records.iter().any(|kind| file.ends_with(kind));
        file.starts_with("relink_") || (of_records && !file.starts_with("clear_"))
    });
    for file in analyses.into_iter().chain(enrichment.map(String::as_str)) {
        assert_may("enrich", file, &statements[file]);
    }
}

#[test]
fn only_ingestion_reads_landing_and_nobody_writes_ahead() {
    for role in ["enrich", "agent"] {
        for name in granted(role).keys() {
            let landing = name.ends_with("_RAW") || name.ends_with("_STREAMED");
            assert!(!landing && name != "GONG_DEAD_LETTERS", "{role}: {name}");
        }
    }
    for privileges in granted("agent").values() {
        assert_eq!(privileges.iter().collect::<Vec<_>>(), ["SELECT"]);
    }
    for (file, text) in texts("setup") {
        assert!(!text.contains("FUTURE"), "{file}");
    }
}
