//! What runs by itself, or should.

use snowflake_store::CheckOutcome;

use super::{Account, Scheduled, needs, of};

#[tokio::test]
async fn what_should_run_by_itself_and_does_not_is_said_by_name() {
    use CheckOutcome::{Failed, NotConfigured};
    let usual = Scheduled::default;
    let refusal = "SQL access control error: Insufficient privileges";
    let suspended = &[
        ["GONG_TRANSFORM_TASK", "suspended", "USER_SUSPENDED"],
        ["GONG_RETENTION_TASK", "started", ""],
    ];
    let cases: [(&str, CheckOutcome, &str, &str, Scheduled); 10] = [
        (
            "streams",
            Failed,
            "GONG_CALLS_RAW_CHANGES cannot be read any more",
            "CREATE OR REPLACE STREAM",
            Scheduled {
                streams: Ok(&[["GONG_CALLS_RAW_CHANGES", "true"]]),
                ..usual()
            },
        ),
        (
            "streams",
            NotConfigured,
            "the role sees none",
            "",
            Scheduled {
                streams: Ok(&[["SOMEBODY_ELSES", "false"]]),
                ..usual()
            },
        ),
        (
            "streams",
            NotConfigured,
            "Insufficient privileges",
            "",
            Scheduled {
                streams: Err(refusal),
                ..usual()
            },
        ),
        (
            "tasks",
            Failed,
            "GONG_TRANSFORM_TASK is suspended",
            "ALTER TASK GONG_TRANSFORM_TASK RESUME",
            Scheduled {
                tasks: Ok(suspended),
                ..usual()
            },
        ),
        // Whoever stages by clients may leave tasks suspended.
        (
            "tasks",
            NotConfigured,
            "suspended: GONG_TRANSFORM_TASK",
            "RESUME",
            Scheduled {
                writer: "client",
                tasks: Ok(suspended),
                ..usual()
            },
        ),
        (
            "tasks",
            Failed,
            "failed until suspended: GONG_RETENTION_TASK",
            "VW_GONG_TASK_RUNS",
            Scheduled {
                tasks: Ok(&[
                    ["GONG_TRANSFORM_TASK", "started", ""],
                    [
                        "GONG_RETENTION_TASK",
                        "suspended",
                        "SUSPENDED_DUE_TO_ERRORS",
                    ],
                ]),
                ..usual()
            },
        ),
        (
            "tasks",
            Failed,
            "failed when last run: GONG_TRANSFORM_TASK (100038)",
            "VW_GONG_TASK_RUNS",
            Scheduled {
                runs: Ok(&[
                    ["GONG_TRANSFORM_TASK", "FAILED", "100038"],
                    ["GONG_RETENTION_TASK", "SUCCEEDED", ""],
                ]),
                ..usual()
            },
        ),
        (
            "tasks",
            NotConfigured,
            "the role sees none",
            "",
            Scheduled {
                tasks: Ok(&[]),
                ..usual()
            },
        ),
        (
            "tasks",
            NotConfigured,
            "Insufficient privileges",
            "",
            Scheduled {
                tasks: Err(refusal),
                ..usual()
            },
        ),
        (
            "tasks",
            NotConfigured,
            "how they ran is not told",
            "",
            Scheduled {
                runs: Err(refusal),
                ..usual()
            },
        ),
    ];
    for (name, outcome, cause, remedy, scheduled) in cases {
        let account = Account {
            scheduled,
            ..Account::default()
        };
        let checks = account.checked(&needs("llama3.1-8b")).await;
        let check = of(&checks, name);
        assert_eq!(check.outcome, outcome, "{check:?}");
        assert!(check.cause.contains(cause), "{check:?}");
        let told = check.remedy.as_deref().unwrap_or_default();
        assert!(told.contains(remedy), "{check:?}");
    }
}
