//! Whether models can be asked from where the account is.

use snowflake_store::CheckOutcome;

use super::{Account, ENDED, HAIKU, LLAMA, Model, SERVED, needs, of};

#[tokio::test]
async fn a_model_is_looked_for_where_text_may_go() {
    use CheckOutcome::{Failed, NotConfigured, Passed};
    let elsewhere = Some(r#"["AWS_US_WEST_2"]"#);
    let cases: [(Model, &str, CheckOutcome, &str, &str); 9] = [
        (
            LLAMA,
            "DISABLED",
            Passed,
            "llama3.1-8b (AWS_EU_CENTRAL_1)",
            "",
        ),
        (HAIKU, "AWS_EU", Passed, "claude-haiku-4-5 (AWS_EU)", ""),
        (
            HAIKU,
            "AZURE_EU,AWS_US",
            Passed,
            "claude-haiku-4-5 (AWS_US)",
            "",
        ),
        (
            HAIKU,
            "AWS_GLOBAL",
            Passed,
            "claude-haiku-4-5 (AWS_GLOBAL)",
            "",
        ),
        (
            HAIKU,
            "ANY_REGION",
            Passed,
            "claude-haiku-4-5 (ANY_REGION)",
            "",
        ),
        (
            HAIKU,
            "DISABLED",
            Failed,
            "claude-haiku-4-5 is not served in the region",
            "print cross-region --to AWS_EU (ANY_REGION, AWS_US, AWS_EU)",
        ),
        (
            ("FAR", "GA", elsewhere, None),
            "ANY_REGION",
            Failed,
            "far is not served in the region",
            "Set CORTEX_MODEL to one that can be asked (other)",
        ),
        (
            ("OLD", "LEGACY", SERVED, None),
            "DISABLED",
            NotConfigured,
            "old is a legacy model",
            "(other)",
        ),
        (
            ("UNTOLD", "GA", None, None),
            "DISABLED",
            NotConfigured,
            "does not tell from where",
            "(other)",
        ),
    ];
    for (model, cross_region, outcome, cause, remedy) in cases {
        let models: Vec<Model> = vec![model, ("OTHER", "GA", SERVED, None), ENDED];
        let account = Account {
            cross_region,
            models: models.leak(),
            ..Account::default()
        };
        let checks = account.checked(&needs(&model.0.to_lowercase())).await;
        let crossing = of(&checks, "cross_region");
        assert_eq!(crossing.cause, cross_region);
        // One function is not on Snowflake's list of what regions serve themselves.
        let advice = crossing.remedy.as_deref().unwrap_or_default();
        let is_disabled = cross_region == "DISABLED";
        assert_eq!(advice.contains("AI_SENTIMENT"), is_disabled, "{advice}");
        let check = of(&checks, "models");
        assert_eq!(check.outcome, outcome, "{check:?}");
        assert!(check.cause.contains(cause), "{check:?}");
        let told = check.remedy.as_deref().unwrap_or_default();
        assert!(told.contains(remedy), "{check:?}");
        assert_eq!(told.is_empty(), outcome == Passed, "{check:?}");
    }
}

#[tokio::test]
async fn of_several_models_the_worst_is_told() {
    let mut wanted = needs("llama3.1-8b");
    wanted.models.push("claude-haiku-4-5".to_owned());
    let checks = Account::default().checked(&wanted).await;
    let check = of(&checks, "models");
    assert_eq!(check.outcome, CheckOutcome::Failed);
    assert!(check.cause.starts_with("claude-haiku-4-5 is not served"));
}

/// Snowflake lets a role ask what either its grants or the account's older list allow, and shows
/// it what its grants allow.
#[tokio::test]
async fn a_model_that_the_role_is_not_shown_may_be_on_the_older_list() {
    use CheckOutcome::{Failed, NotConfigured};
    let cases: [(&[Model], &str, CheckOutcome, &str); 6] = [
        (&[HAIKU], "All", NotConfigured, "(All) lets it be asked"),
        (
            &[HAIKU],
            "mistral-large2, LLAMA3.1-8B",
            NotConfigured,
            "lets it be asked",
        ),
        (&[], "All", NotConfigured, "(All) lets it be asked"),
        (&[HAIKU], "", NotConfigured, "is not told"),
        (&[HAIKU], "mistral-large2", Failed, "neither shown to"),
        (&[], "None", Failed, "neither shown to"),
    ];
    for (models, allowlist, outcome, cause) in cases {
        let account = Account {
            models,
            allowlist,
            ..Account::default()
        };
        let checks = account.checked(&needs("llama3.1-8b")).await;
        let check = of(&checks, "models");
        assert_eq!(check.outcome, outcome, "{check:?}");
        assert!(check.cause.contains(cause), "{check:?}");
        let remedy = check.remedy.as_deref().unwrap();
        assert!(
            remedy.contains("CORTEX-MODEL-ROLE-LLAMA3.1-8B"),
            "{check:?}"
        );
    }
}
