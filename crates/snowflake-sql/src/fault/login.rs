//! Logins that Snowflake refused. The connector keeps the words and drops the code,
//! so the words have to suffice.

use resilience::ErrorKind;

use super::{known, refused, words};
use crate::{Error, Remedy, SqlFault};

/// Words of a refused login and the code that goes with them.
const WORDS: &[(&str, &str)] = &[
    ("jwt token is invalid", "390144"),
    ("incorrect username or password", "390100"),
    ("oauth access token expired", "390318"),
    ("invalid oauth access token", "390303"),
    ("network policy is required", "390432"),
    ("is not allowed to access snowflake", "390422"),
];

/// A login that Snowflake refused.
pub(crate) fn refused_login(message: Option<&str>) -> Error {
    let said = message.unwrap_or("no reason given");
    let lower = said.to_ascii_lowercase();
    let code = WORDS
        .iter()
        .find(|(words, _)| lower.contains(words))
        .map(|(_, code)| *code)
        .or_else(|| {
            (lower.contains("role") && lower.contains("does not exist or not authorized"))
                .then_some("390189")
        });
    if code.and_then(known::find).is_some() {
        return refused(code, message, None).context("login");
    }
    // A user's name may stand here, but nothing of the data.
    let fault = SqlFault {
        code: None,
        query_id: None,
        message: words::printable(said),
        remedy: Remedy::GiveUp,
    };
    Error::of_fault(ErrorKind::Auth, fault).context("login")
}

/// A login that was refused in words that hold what must not come out.
pub(crate) fn unrepeatable_login() -> Error {
    Error::new(
        ErrorKind::Auth,
        "login: Snowflake's words are left out because they repeat the credentials",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_login_tell_its_code() {
        for (said, kind, code) in [
            (
                "JWT token is invalid. [7fb87e37]",
                ErrorKind::Auth,
                Some("390144"),
            ),
            (
                "Incorrect username or password was specified.",
                ErrorKind::Auth,
                Some("390100"),
            ),
            (
                "Role 'X' specified in the connect string does not exist or not authorized.",
                ErrorKind::Permission,
                Some("390189"),
            ),
            (
                "Incoming request with IP/Token 1.2.3.4 is not allowed to access Snowflake.",
                ErrorKind::Permission,
                Some("390422"),
            ),
            (
                "Your user account has been temporarily locked",
                ErrorKind::Auth,
                None,
            ),
        ] {
            let error = refused_login(Some(said));
            assert_eq!(error.kind(), kind, "{said}");
            let fault = error.fault().expect("a refusal has a fault");
            assert_eq!(fault.code.as_deref(), code, "{said}");
            assert_eq!(fault.remedy, Remedy::GiveUp);
        }
    }
}
