//! The statements, one file each.

use snowflake_sql::{SqlText, Statement};

use super::config::Functions;

macro_rules! statements {
    ($($name:ident = $file:literal;)+) => {$(
        pub(super) const $name: Text = Text {
            name: $file,
            text: SqlText::fixed(include_str!(concat!("../../sql/", $file, ".sql"))),
        };
    )+};
}
statements! {
    AI_SENTIMENT = "ai_sentiment";
    AI_COMPLETE = "ai_complete";
    AI_COMPLETE_STRUCTURED = "ai_complete_structured";
    AI_CLASSIFY = "ai_classify";
    AI_EMBED = "ai_embed";
    LEGACY_SENTIMENT = "legacy_sentiment";
    LEGACY_COMPLETE = "legacy_complete";
    LEGACY_CLASSIFY = "legacy_classify";
    LEGACY_EMBED_768 = "legacy_embed_768";
    LEGACY_EMBED_1024 = "legacy_embed_1024";
    MODELS = "models";
    MODELS_ALLOWLIST = "models_allowlist";
    LOCK_LEASES = "lock_leases";
    CLAIM_READINGS = "claim_readings";
    EXISTING_READINGS = "existing_readings";
    RELEASE_READINGS = "release_readings";
}

/// A statement without its values.
#[derive(Debug, Clone)]
pub(super) struct Text {
    name: &'static str,
    text: SqlText,
}

impl Text {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Not repeatable: a repetition would be paid for again, and the pool repeats what
    /// never began all the same.
    pub(super) fn statement(&self) -> Statement {
        self.unpaid().not_repeatable()
    }

    /// A statement that asks no model, and so may be repeated.
    pub(super) fn unpaid(&self) -> Statement {
        Statement::new(self.name, self.text.clone())
    }
}

pub(super) fn sentiment(functions: Functions) -> Text {
    match functions {
        Functions::Ai => AI_SENTIMENT,
        Functions::Legacy => LEGACY_SENTIMENT,
    }
}

pub(super) fn classify(functions: Functions) -> Text {
    match functions {
        Functions::Ai => AI_CLASSIFY,
        Functions::Legacy => LEGACY_CLASSIFY,
    }
}

pub(super) fn complete_name(functions: Functions) -> &'static str {
    match functions {
        Functions::Ai => AI_COMPLETE.name,
        Functions::Legacy => LEGACY_COMPLETE.name,
    }
}

pub(super) fn embed(functions: Functions, dim: usize) -> Text {
    match (functions, dim) {
        (Functions::Ai, _) => AI_EMBED,
        (Functions::Legacy, 768) => LEGACY_EMBED_768,
        (Functions::Legacy, _) => LEGACY_EMBED_1024,
    }
}
