//! Text that would be an order to a store that pasted it into its statements, and values
//! that hold it wherever they hold text.
#![allow(dead_code, unreachable_pub)]

use calls::{Company, Contact, Deal, Owner, Provenance, Stage, StageStay};
use snowflake_store::{
    CallInsights, Chunk, ChunkEmbedding, CitedItem, CrmMatch, CrmSnapshot, Gone, GoneRecords,
    MatchReason,
};

/// Text that would be an order to a store that pasted it into its statements.
pub fn hostile_strings() -> Vec<String> {
    let openings = [
        "'", "\"", "')", "$$", "\\'", "';", "`", "?", ":1", "%s", "{0}", "&x", "\u{0}", "\u{2019}",
        "/*", "--", "]", "}", "\\u0027", "é'",
    ];
    let orders = [
        "DROP TABLE STG_GONG_CALLS",
        "DELETE FROM GONG_CALLS_RAW",
        "OR 1=1",
        "OR ''=''",
        "UNION SELECT NULL",
        "; COMMIT",
        "; ROLLBACK",
        "EXECUTE IMMEDIATE 'x'",
        "CALL SYSTEM$WAIT(9)",
        "SET X = 1",
        "TRUNCATE TABLE CRM_DEALS",
        "||(SELECT 1)||",
        "AND SLEEP(1)",
        "INSERT INTO GONG_DEAD_LETTERS SELECT 1",
        "ALTER SESSION SET TIMEZONE='X'",
        "GRANT ALL TO PUBLIC",
        "REVOKE ALL",
        "USE ROLE ACCOUNTADMIN",
        "PUT file:///etc/passwd @~",
        "IDENTIFIER('X')",
        "PARSE_JSON('{}')",
        "null",
        "true",
        "[]",
        "{\"a\":1}",
    ];
    let mut strings = Vec::new();
    for opening in openings {
        for order in orders {
            strings.push(format!("{opening} {order} --{opening}"));
        }
    }
    strings
}

/// What a language backend said, in these words.
pub fn insights(text: &str) -> CallInsights {
    let finding = CitedItem {
        kind: format!("{text} kind"),
        text: format!("{text} found"),
        score: 0.5,
        sentences: vec![0],
    };
    CallInsights {
        call_id: text.into(),
        transcript_sha: None,
        sentiment: None,
        summary: Some(format!("{text} summary")),
        key_topics: vec![format!("{text} topic")],
        risks: Some(vec![finding.clone()]),
        next_steps: Some(vec![finding.clone()]),
        sentence_sentiments: vec![(0, 0.5)],
        chunks: vec![Chunk {
            first_sentence: 0,
            last_sentence: 0,
            text: format!("{text} chunk"),
            sentiment: None,
            embedding: Some(ChunkEmbedding {
                model: format!("{text} embedder"),
                vector: vec![1.0, 2.0],
            }),
        }],
        provenance: Provenance::new(format!("{text} backend"), format!("{text} model")),
    }
}

/// Records of every kind under these names, and one of each that is gone.
pub fn snapshot(strings: &[String]) -> CrmSnapshot {
    let some = |text: &String, what: &str| Some(format!("{text} {what}"));
    CrmSnapshot {
        deals: strings
            .iter()
            .map(|text| {
                let mut deal = Deal::new(text.as_str());
                deal.name = some(text, "deal");
                deal.currency = some(text, "currency");
                deal.pipeline_id = Some(text.as_str().into());
                deal.stage_id = Some(text.as_str().into());
                deal.stage_label = some(text, "label");
                deal.owner_id = Some(text.as_str().into());
                deal.owner_name = some(text, "owner");
                deal.contact_ids = vec![text.as_str().into()];
                deal.company_ids = vec![text.as_str().into()];
                deal.stage_stays = vec![StageStay {
                    stage_id: text.as_str().into(),
                    stage_label: some(text, "label then"),
                    entered: "2026-03-01T09:00:00Z".parse().unwrap(),
                    exited: None,
                }];
                deal
            })
            .collect(),
        contacts: strings
            .iter()
            .map(|text| Contact {
                id: text.as_str().into(),
                email: some(text, "contact's address"),
                name: some(text, "contact"),
                title: some(text, "title"),
                company_id: Some(text.as_str().into()),
            })
            .collect(),
        companies: strings
            .iter()
            .map(|text| Company {
                id: text.as_str().into(),
                name: some(text, "company"),
                domain: some(text, "domain"),
                industry: some(text, "industry"),
            })
            .collect(),
        stages: strings
            .iter()
            .map(|text| Stage {
                pipeline_id: text.as_str().into(),
                id: text.as_str().into(),
                label: format!("{text} stage"),
                probability: 0.5.into(),
                display_order: 1,
            })
            .collect(),
        owners: strings
            .iter()
            .map(|text| Owner {
                id: text.as_str().into(),
                name: some(text, "owner's name"),
                email: some(text, "owner's address"),
                archived: false,
            })
            .collect(),
        gone: GoneRecords {
            deals: strings.iter().map(|text| gone(text)).collect(),
            contacts: strings.iter().map(|text| gone(text)).collect(),
            companies: strings.iter().map(|text| gone(text)).collect(),
            owners: strings.iter().map(|text| gone(text)).collect(),
        },
        read_at: "2026-04-01T00:00:00Z".parse().unwrap(),
        as_of: None,
    }
}

fn gone<Id: From<String>>(text: &str) -> Gone<Id> {
    Gone {
        id: format!("{text} gone").into(),
        survivor: Some(format!("{text} survivor").into()),
    }
}

/// The texts of a [`snapshot`] beside the strings themselves.
pub const SNAPSHOT_TEXTS: [&str; 16] = [
    "deal",
    "currency",
    "label",
    "owner",
    "contact's address",
    "contact",
    "title",
    "company",
    "domain",
    "industry",
    "stage",
    "owner's name",
    "owner's address",
    "gone",
    "survivor",
    "",
];

/// A match of a call that Gong links with nothing.
pub fn crm_match(call: &str, text: &str) -> CrmMatch {
    CrmMatch {
        call_id: call.into(),
        deals: vec![format!("{text} matched deal").into()],
        contacts: vec![format!("{text} matched contact").into()],
        companies: vec![format!("{text} matched company").into()],
        reason: MatchReason::ParticipantEmail,
        matched_at: "2026-04-02T00:00:00Z".parse().unwrap(),
    }
}
