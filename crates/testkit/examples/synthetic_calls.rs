//! Prints synthetic calls as readable text.
//!
//! ```text
//! cargo run -p gong-snowflake-testkit --example synthetic_calls -- SEED HOW_MANY
//! ```

use std::collections::BTreeMap;

use serde_json::Value;
use testkit::SimulatedCall;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let count = arguments.next().map_or(Ok(1), |count| count.parse())?;
    let org = SyntheticOrg::generate(&SyntheticConfig {
        seed,
        ..SyntheticConfig::default()
    });
    for call in org.calls.iter().take(count) {
        print(call);
    }
    Ok(())
}

fn print(call: &SimulatedCall) {
    let parties = call.extensive["parties"].as_array().into_iter().flatten();
    let names: BTreeMap<&str, String> = parties
        .filter_map(|party| {
            let name = format!("{} ({})", text(&party["name"]), text(&party["affiliation"]));
            Some((party["speakerId"].as_str()?, name))
        })
        .collect();
    println!(
        "\n# {}\n{}\n",
        text(&call.extensive["metaData"]["title"]),
        text(&call.extensive["content"]["brief"])
    );
    let transcript = call
        .transcript
        .as_ref()
        .and_then(|t| t["transcript"].as_array());
    for monologue in transcript.into_iter().flatten() {
        let name = names
            .get(text(&monologue["speakerId"]))
            .map_or("?", String::as_str);
        let sentences = monologue["sentences"].as_array();
        let said: Vec<&str> = sentences
            .into_iter()
            .flatten()
            .map(|s| text(&s["text"]))
            .collect();
        let start = monologue["sentences"][0]["start"]
            .as_f64()
            .unwrap_or_default()
            / 1_000.0;
        println!("{start:7.1}  {name}: {}", said.join(" "));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}
