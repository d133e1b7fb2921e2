//! The known codes, with what each calls for and the source of that fact.

use resilience::ErrorKind;

use crate::Remedy;

/// Whether the words of a refusal may repeat data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// They name databases, tables, columns, roles: names of the statement's text,
    /// into which no value gets.
    AboutObjects,
    /// They may repeat a bound value or a cell.
    MayHoldValues,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) code: &'static str,
    pub(super) kind: ErrorKind,
    pub(super) remedy: Remedy,
    pub(super) words: Words,
    /// What a person can do; empty where the words say it already.
    pub(super) hint: &'static str,
}

pub(super) fn find(code: &str) -> Option<&'static Known> {
    TABLE.iter().find(|known| known.code == code)
}

const fn row(
    code: &'static str,
    kind: ErrorKind,
    remedy: Remedy,
    words: Words,
    hint: &'static str,
) -> Known {
    Known {
        code,
        kind,
        remedy,
        words,
        hint,
    }
}

use ErrorKind::{
    Auth, Cancelled, Config, Internal, InvalidInput, NotFound, Permission, QuotaExhausted,
    RateLimited, Transient, Unsupported,
};
use Remedy::{GiveUp, LongerTimeout, Reconnect, Retry};
use Words::{AboutObjects, MayHoldValues};

const MIGRATIONS: &str =
    "run this version's migrations, or grant the role what it lacks: both read the same";

/// Marks: `[g]` gosnowflake's source, `[p]` the Python connector's source, `[j]` an
/// issue of the JDBC driver that reproduced it, `[d]` docs.snowflake.com, `[k]` known
/// from public reports of the message, not tried by us. None was tried on a live
/// account.
static TABLE: &[Known] = &[
    // Sessions and tokens.
    row("390104", Transient, Reconnect, AboutObjects, ""), // [k] must log in again; fakesnow too
    row("390111", Transient, Reconnect, AboutObjects, ""), // [g] errors.go: session is gone
    row("390112", Transient, Reconnect, AboutObjects, ""), // [g] restful.go: session expired
    row("390113", Transient, Reconnect, AboutObjects, ""), // [p] network.py: master token not found
    row("390114", Transient, Reconnect, AboutObjects, ""), // [p] network.py: master token expired
    row("390115", Transient, Reconnect, AboutObjects, ""), // [p] network.py: master token invalid
    row(
        "390100",
        Auth,
        GiveUp,
        AboutObjects,
        "check user and credentials",
    ), // [j]
    row(
        "390144", // [j], [d] key-pair-auth-troubleshooting
        Auth,
        GiveUp,
        AboutObjects,
        "the key does not fit the user: compare RSA_PUBLIC_KEY_FP of DESCRIBE USER, the account \
         and the clock; an administrator asks SYSTEM$GET_LOGIN_FAILURE_DETAILS for the id in brackets",
    ),
    row(
        "394300",
        Auth,
        GiveUp,
        AboutObjects,
        "the user of the key does not exist",
    ), // [d] as above
    row(
        "394304",
        Auth,
        GiveUp,
        AboutObjects,
        "another public key is set for the user",
    ), // [d]
    row(
        "394307",
        Auth,
        GiveUp,
        AboutObjects,
        "the account does not match the address",
    ), // [d]
    row(
        "390303",
        Auth,
        GiveUp,
        AboutObjects,
        "get a new OAuth token",
    ), // [j]
    row(
        "390318",
        Auth,
        GiveUp,
        AboutObjects,
        "get a new OAuth token",
    ), // [p]
    row(
        "390189",
        Permission,
        GiveUp,
        AboutObjects,
        "grant the role to the user",
    ), // [g]
    row("390201", NotFound, GiveUp, AboutObjects, MIGRATIONS), // [g]
    row(
        "390422",
        Permission,
        GiveUp,
        AboutObjects,
        "allow this address in the network policy",
    ), // [k]
    row(
        "390432",
        Permission,
        GiveUp,
        AboutObjects,
        "tokens need a network policy on the user",
    ), // [k]
    row("390505", RateLimited, Retry, AboutObjects, ""),       // [d] sql-api: 429
    // Statements that do not compile.
    row("000002", Unsupported, GiveUp, AboutObjects, ""), // [k] unsupported feature
    row("000904", NotFound, GiveUp, AboutObjects, MIGRATIONS), // [k] invalid identifier
    row("001003", Internal, GiveUp, AboutObjects, ""),    // [k] syntax error
    row("002002", InvalidInput, GiveUp, AboutObjects, ""), // [k] object already exists
    row("002003", NotFound, GiveUp, AboutObjects, MIGRATIONS), // [k]
    row("002043", NotFound, GiveUp, AboutObjects, MIGRATIONS), // [k] the same, of USE and SHOW
    row(
        "002140", // [k] unknown function
        Unsupported,
        GiveUp,
        AboutObjects,
        "the region or the account may not have it",
    ),
    row("002141", NotFound, GiveUp, AboutObjects, MIGRATIONS), // [k] unknown user-defined function
    row(
        "003001",
        Permission,
        GiveUp,
        AboutObjects,
        "grant it to the session's role",
    ), // [k]
    // Statements that run.
    row("000603", Transient, Retry, MayHoldValues, ""), // [k] internal error with an incident
    row(
        "000604",
        Cancelled,
        GiveUp,
        AboutObjects,
        "somebody cancelled it",
    ), // [g]
    row("000605", Cancelled, GiveUp, AboutObjects, ""), // [g] not executing
    row(
        "000606", // [k]
        Config,
        GiveUp,
        AboutObjects,
        "set SNOWFLAKE_WAREHOUSE, or grant USAGE on the warehouse",
    ),
    row("000625", Transient, Retry, AboutObjects, ""), // [k] another transaction holds the lock
    row("000630", Transient, LongerTimeout, AboutObjects, ""), // [k] STATEMENT_TIMEOUT_IN_SECONDS
    row(
        "090073", // [k]
        QuotaExhausted,
        GiveUp,
        AboutObjects,
        "raise the resource monitor's quota, or wait for its next period",
    ),
    // Data that does not fit.
    row("100035", InvalidInput, GiveUp, MayHoldValues, ""), // [k] timestamp is not recognized
    row("100037", InvalidInput, GiveUp, MayHoldValues, ""), // [k] boolean is not recognized
    row("100038", InvalidInput, GiveUp, MayHoldValues, ""), // [k] number is not recognized
    row("100040", InvalidInput, GiveUp, MayHoldValues, ""), // [k] date is not recognized
    row("100069", InvalidInput, GiveUp, MayHoldValues, ""), // [k] JSON cannot be parsed
    row("100071", InvalidInput, GiveUp, MayHoldValues, ""), // [k] VARIANT cannot be cast
    row("100072", InvalidInput, GiveUp, MayHoldValues, ""), // [d] NULL in a NOT NULL column
    row("100078", InvalidInput, GiveUp, MayHoldValues, ""), // [k] text is too long
    row(
        "100090", // [k]
        InvalidInput,
        GiveUp,
        MayHoldValues,
        "the source of a MERGE has a duplicate key",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_retryable_kinds_have_a_remedy() {
        for (place, known) in TABLE.iter().enumerate() {
            assert_eq!(known.code.len(), 6, "{}", known.code);
            assert!(
                !TABLE[place + 1..]
                    .iter()
                    .any(|other| other.code == known.code),
                "{} stands twice",
                known.code
            );
            assert_eq!(
                known.kind.is_retryable(),
                known.remedy != GiveUp,
                "{}",
                known.code
            );
        }
    }
}
