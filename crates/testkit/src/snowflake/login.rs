//! Logins, and which session a request belongs to.

use std::collections::BTreeMap;

use serde_json::Value;
use url::form_urlencoded;

use super::fault::FaultEffect;
use super::record::LoginRecord;
use super::state::Changing;
use super::wire;
use crate::http::{Request, WireReply};

pub(super) fn log_in(
    changing: &mut Changing,
    request: &Request,
    fault: Option<&FaultEffect>,
) -> WireReply {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let data = &body["data"];
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let parameters: BTreeMap<String, Value> = data["SESSION_PARAMETERS"]
        .as_object()
        .map(|all| {
            all.iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        })
        .unwrap_or_default();
    let context = form_urlencoded::parse(request.query.as_bytes());
    let proof = match text("TOKEN") {
        token if token.is_empty() => text("PASSWORD"),
        token => token,
    };
    let refused = match fault {
        Some(FaultEffect::Error { code, message }) => Some((code.clone(), message.clone())),
        _ if proof.is_empty() => Some((
            "390100".to_owned(),
            "Incorrect username or password was specified.".to_owned(),
        )),
        _ => None,
    };
    changing.logins.push(LoginRecord {
        authenticator: match text("AUTHENTICATOR") {
            none if none.is_empty() => "SNOWFLAKE".to_owned(),
            some => some,
        },
        account: text("ACCOUNT_NAME"),
        user: text("LOGIN_NAME"),
        proof,
        parameters,
        context: context.into_owned().collect(),
        accepted: refused.is_none(),
    });
    if let Some((code, message)) = refused {
        return wire::json_reply(&wire::refusal(&code, &message, None));
    }
    let token = changing.sessions.log_in();
    let number = changing
        .sessions
        .get(&token)
        .map_or(0, |session| session.number);
    wire::finished(wire::json_reply(&wire::login(&token, number)), fault)
}

/// `Snowflake Token="…"`, when that session lives.
pub(super) fn token(request: &Request, changing: &Changing) -> Option<String> {
    let token = request
        .authorization
        .as_deref()?
        .strip_prefix("Snowflake Token=\"")?
        .strip_suffix('"')?;
    changing.sessions.get(token).map(|_| token.to_owned())
}
