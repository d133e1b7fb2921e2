//! What roles may do.

use snowflake_store::{CheckOutcome, GrantedRole};

use super::{Account, needs, of};

#[tokio::test]
async fn privileges_come_with_other_roles_and_are_those_of_the_schema_in_use() {
    let wanted = needs("llama3.1-8b");
    let by_another = Account {
        by_another: true,
        ..Account::default()
    };
    let checks = by_another.checked(&wanted).await;
    let check = of(&checks, "privileges");
    assert_eq!(check.outcome, CheckOutcome::Passed, "{check:?}");

    // The same tables elsewhere are other tables.
    let elsewhere = Account {
        schema: Some("SCRATCH"),
        ..Account::default()
    };
    let checks = elsewhere.checked(&wanted).await;
    let check = of(&checks, "privileges");
    let lacks = "lacks USAGE on SCRATCH, SELECT on GONG_CALLS_RAW";
    assert!(check.cause.contains(lacks), "{check:?}");
    let remedy = check.remedy.as_deref().unwrap();
    assert!(
        remedy.contains("print setup") && remedy.contains("print grants"),
        "{remedy}"
    );
}

#[tokio::test]
async fn an_owner_is_told_what_setup_would_have_granted() {
    let mut wanted = needs("llama3.1-8b");
    wanted.role = Some(GrantedRole::Owner);
    let checks = Account::default().checked(&wanted).await;
    let check = of(&checks, "privileges");
    // Who has it as everybody does not lack it.
    assert_eq!(
        check.cause,
        "GONG_INGEST lacks OPERATE on GONG_WH, OWNERSHIP on CALLS, \
         database role SNOWFLAKE.USAGE_VIEWER, database role SNOWFLAKE.GOVERNANCE_VIEWER, \
         EXECUTE TASK, EXECUTE MANAGED TASK, EXECUTE ALERT"
    );
    assert!(check.remedy.as_deref().unwrap().contains("print setup"));
}

#[tokio::test]
async fn functions_may_be_granted_one_by_one() {
    let mut wanted = needs("llama3.1-8b");
    wanted.role = Some(GrantedRole::Enrich);
    let all: &[&str] = &[
        "USE AI FUNCTION AI_CLASSIFY",
        "USE AI FUNCTION AI_COMPLETE",
        "USE AI FUNCTION AI_EMBED",
        "USE AI FUNCTION AI_SENTIMENT",
    ];
    for (by_everybody, lacks) in [(all, false), (&all[1..], true)] {
        let account = Account {
            by_everybody,
            ..Account::default()
        };
        let checks = account.checked(&wanted).await;
        let cause = &of(&checks, "privileges").cause;
        assert_eq!(cause.contains("USE AI FUNCTIONS"), lacks, "{cause}");
    }
}
