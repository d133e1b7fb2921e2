//! The agents within another program: opened once, asked as often as needed, and shut down.
//!
//! ```sh
//! cargo run --release --example quickstart    # makes the store that is read here
//! cargo run --release --example embedding -- target/quickstart/calls.db
//! ```

use std::error::Error;

use gong_snowflake::agents::task::{Task, TaskResult};
use gong_snowflake::calls::Timestamp;
use gong_snowflake::{Agents, Settings, StoreOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which store?")?;

    // Reader, fallback and shares are settings as well; see docs/configuration.md.
    let settings = Settings::builder()
        .with_environment()
        .with("store.location", format!("sqlite:{path}"), "the argument")
        .load()
        .await?;
    let agents = Agents::open(&settings, &StoreOptions::new("embedding")).await?;

    // Typed: a task in, a result out.
    let newest = Task::from_json(br#"{"task_type": "list_calls", "limit": 1}"#)?;
    let listed = agents.dispatcher().run(newest, Timestamp::now()).await?;
    let TaskResult::Listed { calls } = listed else {
        return Err("a list is answered with a list".into());
    };
    let call = calls.first().ok_or("the store has no call")?;

    // Or JSON in and JSON out, whatever the bytes are.
    let task = format!(
        r#"{{"task_type": "analyze_call", "call_id": "{}"}}"#,
        call.id
    );
    let (reply, _exit_code) = agents.dispatcher().run_json(task.as_bytes()).await;
    let result = &reply["result"];
    println!("{}: {}", call.id, result["summary"]["text"]);
    for step in result["next_steps"].as_array().into_iter().flatten() {
        println!(
            "- {} (sentence {})",
            step["text"], step["evidence"][0]["index"]
        );
    }
    println!(
        "by {}, degraded: {}",
        reply["data_source"], reply["degraded"]
    );

    agents.shutdown().await;
    Ok(())
}
