//! Synthetic calls are reproducible, fit together, and sound like their rep.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::client;

use std::collections::{BTreeMap, BTreeSet};

use calls::DealOutcome;
use client::{ANCHOR, whole_org};
use serde_json::Value;
use testkit::SimulatedCall;
use testkit::synthetic::{REPS, SyntheticConfig, SyntheticOrg, WRITTEN_DEAL};

/// A sentence with who said it.
struct Said<'a> {
    speaker: &'a str,
    start: i64,
    end: i64,
    text: &'a str,
}

fn said(call: &SimulatedCall) -> Vec<Said<'_>> {
    let monologues = call.transcript.as_ref().unwrap()["transcript"]
        .as_array()
        .unwrap();
    let sentences = monologues.iter().flat_map(|monologue| {
        let speaker = monologue["speakerId"].as_str().unwrap();
        monologue["sentences"]
            .as_array()
            .unwrap()
            .iter()
            .map(move |sentence| (speaker, sentence))
    });
    sentences
        .map(|(speaker, sentence)| Said {
            speaker,
            start: sentence["start"].as_i64().unwrap(),
            end: sentence["end"].as_i64().unwrap(),
            text: sentence["text"].as_str().unwrap(),
        })
        .collect()
}

fn parties(call: &SimulatedCall) -> &Vec<Value> {
    call.extensive["parties"].as_array().unwrap()
}

#[test]
fn the_same_configuration_gives_the_same_bytes() {
    let config = |seed| SyntheticConfig {
        seed,
        anchor: ANCHOR.parse().unwrap(),
        deals: 8,
        ..SyntheticConfig::default()
    };
    let bytes = |org: &SyntheticOrg| {
        let calls = org
            .calls
            .iter()
            .map(|call| format!("{}{:?}", call.extensive, call.transcript));
        calls.collect::<String>()
    };
    let first = SyntheticOrg::generate(&config(3));
    assert_eq!(bytes(&first), bytes(&SyntheticOrg::generate(&config(3))));
    assert_ne!(bytes(&first), bytes(&SyntheticOrg::generate(&config(4))));
}

#[test]
fn the_company_is_large_and_varied_enough() {
    let org = whole_org();
    assert!(org.calls.len() >= 150, "{}", org.calls.len());
    assert!(org.companies.len() >= 40);
    let reps: BTreeSet<&str> = org
        .calls
        .iter()
        .map(|call| {
            call.extensive["metaData"]["primaryUserId"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert!(reps.len() >= 12);
    for outcome in [DealOutcome::Won, DealOutcome::Lost, DealOutcome::Open] {
        assert!(
            org.deals
                .iter()
                .filter(|deal| deal.outcome == outcome)
                .count()
                >= 5,
            "{outcome:?}"
        );
    }
    let anchor: jiff::Timestamp = ANCHOR.parse().unwrap();
    let week = anchor - jiff::SignedDuration::from_hours(7 * 24);
    let recent = org
        .calls
        .iter()
        .filter(|call| call.filter_time().unwrap() >= week)
        .count();
    assert!(recent >= 5, "a look-back of a week finds {recent}");
    assert!(
        org.calls
            .iter()
            .all(|call| call.filter_time().unwrap() < anchor)
    );
    let ids: BTreeSet<&str> = org.calls.iter().map(|call| call.id().unwrap()).collect();
    assert_eq!(ids.len(), org.calls.len());
}

#[test]
fn sentences_are_in_order_inside_the_call_and_said_by_a_party() {
    for call in &whole_org().calls {
        let duration = call.extensive["metaData"]["duration"].as_i64().unwrap() * 1_000;
        let speakers: BTreeSet<&str> = parties(call)
            .iter()
            .filter_map(|party| party["speakerId"].as_str())
            .collect();
        let mut last_start = 0;
        let sentences = said(call);
        assert!((25..=200).contains(&sentences.len()), "{}", sentences.len());
        for sentence in &sentences {
            assert!(sentence.start >= last_start, "{:?}", call.title());
            assert!(sentence.start < sentence.end && sentence.end <= duration);
            assert!(speakers.contains(sentence.speaker));
            last_start = sentence.start;
        }
        let heard: BTreeSet<&str> = sentences.iter().map(|sentence| sentence.speaker).collect();
        assert_eq!(heard, speakers, "who never spoke has no speaker id");
    }
}

#[test]
fn texts_have_no_open_slot_and_look_like_sentences() {
    for call in &whole_org().calls {
        for sentence in said(call) {
            let text = sentence.text;
            assert!(!text.contains(['{', '}', '|']), "{text}");
            assert!(text.ends_with(['.', '?', '!']), "{text}");
            assert!(!text.starts_with(char::is_lowercase), "{text}");
            assert!(!text.contains("  ") && !text.contains(" ."), "{text}");
        }
    }
}

#[test]
fn one_deal_speaks_whole_conversations() {
    let org = whole_org();
    let is_of_it = |call: &&SimulatedCall| {
        let objects = call.extensive["context"][0]["objects"].as_array().unwrap();
        objects.iter().any(|one| one["objectId"] == WRITTEN_DEAL)
    };
    let written: Vec<&SimulatedCall> = org.calls.iter().filter(is_of_it).collect();
    assert_eq!(written.len(), 4);
    for call in &written {
        assert!(call.sentence_count() > 80, "{}", call.sentence_count());
    }
    let last = written[3];
    assert_eq!(
        parties(last)
            .iter()
            .filter(|one| one["affiliation"] == "External")
            .count(),
        2
    );
    let texts: Vec<&str> = said(last).iter().map(|one| one.text).collect();
    assert!(texts.contains(&"You'd told me 11."), "{texts:?}");
}

#[test]
fn every_call_names_a_deal_a_company_and_contacts_of_the_crm() {
    let org = whole_org();
    let deals: BTreeMap<&str, _> = org
        .deals
        .iter()
        .map(|deal| (deal.id.as_str(), deal))
        .collect();
    let companies: BTreeSet<&str> = org.companies.iter().map(|c| c.id.as_str()).collect();
    let contacts: BTreeSet<&str> = org.contacts.iter().map(|c| c.id.as_str()).collect();
    for call in &org.calls {
        let objects = call.extensive["context"][0]["objects"].as_array().unwrap();
        for object in objects {
            let id = object["objectId"].as_str().unwrap();
            match object["objectType"].as_str().unwrap() {
                "Account" => assert!(companies.contains(id)),
                "Opportunity" => assert!(deals.contains_key(id)),
                other => panic!("{other}"),
            }
        }
        let now = objects
            .iter()
            .find(|object| object["timing"] == "Now")
            .unwrap();
        let deal = deals[now["objectId"].as_str().unwrap()];
        assert_eq!(now["fields"][1]["value"], deal.stage_label.clone().unwrap());
        for party in parties(call) {
            for object in party["context"][0]["objects"]
                .as_array()
                .into_iter()
                .flatten()
            {
                assert!(contacts.contains(object["objectId"].as_str().unwrap()));
            }
        }
    }
    for deal in &org.deals {
        assert!(
            org.stages
                .iter()
                .any(|stage| Some(&stage.id) == deal.stage_id.as_ref())
        );
        assert!(
            deal.contact_ids
                .iter()
                .all(|id| contacts.contains(id.as_str()))
        );
    }
}

/// What can be measured of a rep, over all their calls.
#[derive(Default)]
struct Measures {
    calls: usize,
    own_ms: i64,
    all_ms: i64,
    sentences: usize,
    questions: usize,
    fillers: usize,
    dated_next_steps: usize,
    pause_ms: Vec<i64>,
}

fn measure(org: &SyntheticOrg) -> BTreeMap<&'static str, Measures> {
    let mut by_rep: BTreeMap<&str, Measures> = BTreeMap::new();
    for call in &org.calls {
        let user_id = &call.extensive["metaData"]["primaryUserId"];
        let index = org
            .users
            .iter()
            .position(|user| user["id"] == *user_id)
            .unwrap();
        let measures = by_rep.entry(REPS[index].character).or_default();
        let rep = parties(call)
            .iter()
            .find(|party| party["userId"] == *user_id)
            .unwrap();
        let (mut last_end, mut last_speaker) = (0, "");
        measures.calls += 1;
        let sentences = said(call);
        for sentence in &sentences {
            let length = sentence.end - sentence.start;
            measures.all_ms += length;
            if rep["speakerId"] == sentence.speaker {
                measures.own_ms += length;
                measures.sentences += 1;
                measures.questions += usize::from(sentence.text.ends_with('?'));
                let fillers = [
                    "Um,",
                    "Uh,",
                    "So, um,",
                    "You know,",
                    "I mean,",
                    "Well,",
                    "Yeah, so,",
                ];
                measures.fillers +=
                    usize::from(fillers.iter().any(|f| sentence.text.starts_with(f)));
                if last_speaker != sentence.speaker && !last_speaker.is_empty() {
                    measures.pause_ms.push(sentence.start - last_end);
                }
            }
            (last_end, last_speaker) = (sentence.end, sentence.speaker);
        }
        let booked = [
            "the invitation is on its way",
            "I will book it",
            "within the hour",
        ];
        let is_dated = sentences
            .iter()
            .any(|s| booked.iter().any(|words| s.text.contains(words)));
        measures.dated_next_steps += usize::from(is_dated);
    }
    by_rep
}

#[test]
fn reps_can_be_told_apart_by_what_can_be_measured() {
    let config = SyntheticConfig {
        seed: 11,
        anchor: ANCHOR.parse().unwrap(),
        deals: 140,
        ..SyntheticConfig::default()
    };
    let measured = measure(&SyntheticOrg::generate(&config));
    let talk = |who: &str| measured[who].own_ms as f64 / measured[who].all_ms as f64;
    let asks = |who: &str| measured[who].questions as f64 / measured[who].sentences as f64;
    let fills = |who: &str| measured[who].fillers as f64 / measured[who].sentences as f64;
    let books = |who: &str| measured[who].dated_next_steps as f64 / measured[who].calls as f64;
    let pause = |who: &str| {
        let mut pauses = measured[who].pause_ms.clone();
        pauses.sort_unstable();
        pauses[pauses.len() / 2]
    };
    for (who, m) in &measured {
        eprintln!(
            "{who}: talk {:.2}, questions {:.2}, fillers {:.2}, books {:.2}, pause {}, {} calls",
            talk(who),
            asks(who),
            fills(who),
            books(who),
            pause(who),
            m.calls
        );
    }
    assert!(talk("talks too much") > talk("solid") + 0.1);
    assert!(talk("excellent all round") < talk("shows every feature"));
    assert!(asks("asks few questions") < asks("solid") * 0.75);
    assert!(asks("excellent all round") > asks("talks too much") * 1.5);
    assert_eq!(measured["never agrees next steps"].dated_next_steps, 0);
    assert!(books("excellent all round") > 0.95);
    assert!(fills("hesitant, many fillers") > 4.0 * fills("solid"));
    assert!(pause("interrupts") < 0 && pause("good listener") > pause("solid"));
}

#[test]
fn deals_of_skilled_reps_are_won_more_often() {
    let config = SyntheticConfig {
        seed: 12,
        anchor: ANCHOR.parse().unwrap(),
        deals: 400,
        sentences: 20..=20,
        ..SyntheticConfig::default()
    };
    let org = SyntheticOrg::generate(&config);
    let rate = |skilled: bool| {
        let (mut won, mut closed) = (0, 0);
        for deal in org
            .deals
            .iter()
            .filter(|deal| deal.outcome != DealOutcome::Open)
        {
            let rep = REPS
                .iter()
                .find(|rep| Some(rep.full_name()) == deal.owner_name)
                .unwrap();
            if (rep.style.skill >= 0.6) == skilled {
                closed += 1;
                won += usize::from(deal.outcome == DealOutcome::Won);
            }
        }
        won as f64 / closed as f64
    };
    assert!(
        rate(true) > rate(false) + 0.1,
        "{} against {}",
        rate(true),
        rate(false)
    );
}

#[test]
fn a_longer_call_can_be_asked_for() {
    let config = SyntheticConfig {
        deals: 8,
        sentences: 300..=300,
        anchor: ANCHOR.parse().unwrap(),
        ..SyntheticConfig::default()
    };
    for call in SyntheticOrg::generate(&config).calls {
        assert!(call.sentence_count() >= 280, "{}", call.sentence_count());
    }
}
