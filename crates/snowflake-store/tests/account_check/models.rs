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
        assert_eq!(of(&checks, "cross_region").cause, cross_region);
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
    // Without a grant of its own a role may still ask, by the account's list of models.
    let account = Account {
        models: &[],
        ..Account::default()
    };
    let checks = account.checked(&wanted).await;
    let check = of(&checks, "models");
    assert_eq!(check.outcome, CheckOutcome::NotConfigured);
    assert!(
        check
            .remedy
            .as_deref()
            .unwrap()
            .contains("CORTEX-MODEL-ROLE-ALL")
    );
}
