//! Each part of the score against what is labelled: how the deal ended, how good the rep was.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use agents::{CallAnalysisAgent, Part};
use calls::{CallId, RawDocument};
use cortex::{LocalLanguage, ReadingModel};
use serde_json::{Value, json};
use snowflake_store::{Landing, LandingPage, SqliteStore, TransformScope};

use crate::dialogue::as_call;

/// A dialogue's scores with its labels.
struct Scored {
    parts: BTreeMap<&'static str, f64>,
    outcome: String,
    skill: Option<u64>,
}

pub(crate) async fn print(dialogues: &Path, readings: &Path) {
    let folds = fs::read(readings.join("folds.json")).unwrap();
    let folds: Vec<Vec<String>> = serde_json::from_slice(&folds).unwrap();
    let mut scored = Vec::new();
    for (fold, ids) in folds.iter().enumerate() {
        let model = ReadingModel::from_bytes(
            &fs::read(readings.join(format!("fold-{fold}.bin"))).unwrap(),
            &fs::read(readings.join(format!("choices-{fold}.bin"))).unwrap(),
        );
        let language = Arc::new(LocalLanguage::new().with_reading_model(model.unwrap()));
        for id in ids {
            let text = fs::read(dialogues.join(format!("{id}.json"))).unwrap();
            scored.push(score(&serde_json::from_slice(&text).unwrap(), &language).await);
        }
    }
    let names = Part::ALL
        .into_iter()
        .map(Part::label)
        .chain(["Overall", "Deal health"]);
    for name in names {
        let of = |wanted: &dyn Fn(&Scored) -> bool| -> Vec<f64> {
            let fits = scored.iter().filter(|one| wanted(one));
            fits.filter_map(|one| one.parts.get(name).copied())
                .collect()
        };
        let (won, lost) = (
            of(&|one| one.outcome == "won"),
            of(&|one| one.outcome == "lost"),
        );
        let good = of(&|one| one.skill.is_some_and(|skill| skill >= 4));
        let bad = of(&|one| one.skill.is_some_and(|skill| skill <= 2));
        let calls = of(&|_| true).len();
        let (deals, skill) = (area(&won, &lost), area(&good, &bad));
        println!(
            "{}",
            json!({"part": name, "calls": calls, "deals": deals, "skill": skill})
        );
    }
}

async fn score(dialogue: &Value, language: &Arc<LocalLanguage>) -> Scored {
    let call = as_call(dialogue, "1", "1");
    let store = SqliteStore::in_memory().await.unwrap();
    let id = || CallId::new("1");
    let mut page = LandingPage::default();
    page.run_id = "separation".to_owned();
    page.calls = vec![RawDocument::new(id(), call.extensive.to_string()).unwrap()];
    page.transcripts = vec![RawDocument::new(id(), call.transcript.unwrap().to_string()).unwrap()];
    store.land(page).await.unwrap();
    store
        .transform(TransformScope::Pending { limit: 1 })
        .await
        .unwrap();
    let agent = CallAnalysisAgent::new(Arc::new(store), Arc::clone(language));
    let analysis = agent.analyse(&id()).await.unwrap();
    let mut parts: BTreeMap<&'static str, f64> = BTreeMap::new();
    parts.extend(
        analysis
            .score
            .parts
            .iter()
            .map(|part| (part.part.label(), part.score)),
    );
    parts.insert("Overall", analysis.score.overall);
    let health = analysis.reading.reading.deal_health;
    parts.extend(health.map(|health| ("Deal health", f64::from(health))));
    Scored {
        parts,
        outcome: dialogue["outcome"].as_str().unwrap_or_default().to_owned(),
        skill: dialogue["gold"]["rep_skill"].as_u64(),
    }
}

/// How often one of the first is above one of the others; ties count half.
fn area(above: &[f64], below: &[f64]) -> f64 {
    let pairs = above.iter().flat_map(|a| below.iter().map(move |b| (a, b)));
    let wins: f64 = pairs
        .map(|(a, b)| match a.total_cmp(b) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum();
    wins / (above.len() * below.len()) as f64
}
