//! Splits replies into pages of records, decoding as little as possible.
//!
//! A page of a hundred transcripts is four megabytes. It is scanned once to split it
//! into records; of each record only the id is decoded.
//! The bytes of a record are passed on untouched.

use calls::gong::decode_call;
use calls::{Call, CallId, RawDocument};
use resilience::ErrorKind;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::envelope::{Envelope, Records, read_envelope, unreadable_body};
use crate::record_id::{find_call_id, find_call_id_of_call};
use crate::utf8::{Repaired, STAND_IN};
use crate::wire::Scalar;
use crate::{Cursor, Error, Page, Rejected, Result, User, Workspace};

/// Reads a reply, or what it holds under a key.
pub(crate) type Decode<T> = fn(&[u8], &'static str) -> Result<T>;

/// Why a record is not what it should be, and whose it is.
pub(crate) struct Unreadable {
    pub(crate) call_id: Option<CallId>,
    pub(crate) reason: String,
}

/// A page of `{records, <key>: […]}`, each record read by `read`.
///
/// A record that `read` refuses, or that holds invalid UTF-8, is rejected alone.
///
/// # Errors
/// `Transient` when the body ends too early, else `Decode` when it is not such a
/// reply. Neither shows content.
fn page<T>(
    body: &[u8],
    key: &'static str,
    read: impl Fn(&RawValue) -> Result<T, Unreadable>,
    id_of_broken: impl Fn(&RawValue) -> Option<CallId>,
) -> Result<Page<T>> {
    let body = Repaired::new(body);
    let Envelope {
        records,
        items,
        time_zone,
    } = read_envelope(&body.text, key)?;
    let Some(items) = items else {
        return Err(Error::new(
            ErrorKind::Decode,
            format!("the reply holds no `{key}`"),
        ));
    };
    let records = match records {
        Some(raw) if body.first_invalid_byte(raw.get()).is_some() => {
            return Err(Error::new(
                ErrorKind::Decode,
                "`records` holds invalid UTF-8",
            ));
        }
        Some(raw) => Records::read(raw)?,
        None => Records::default(),
    };
    let mut page = Page::new(Vec::with_capacity(items.len()));
    page.total_records = records.total;
    page.time_zone = time_zone;
    page.next = records.cursor.map(Cursor::new);
    for (position, raw) in items.into_iter().enumerate() {
        let outcome = match body.first_invalid_byte(raw.get()) {
            Some(offset) => Err(Unreadable {
                // The bad bytes may be the id's own.
                call_id: id_of_broken(raw).filter(|id| !id.as_str().contains(STAND_IN)),
                reason: format!("invalid UTF-8 at byte {offset} of the record"),
            }),
            None => read(raw),
        };
        match outcome {
            Ok(item) => page.items.push(item),
            Err(Unreadable { call_id, reason }) => {
                let payload = body.original(raw.get());
                page.rejected
                    .push(Rejected::new(position, call_id, reason, payload));
            }
        }
    }
    Ok(page)
}

/// A page of any listing.
pub(crate) fn records<T: Scalar>(body: &[u8], key: &'static str) -> Result<Page<T>> {
    let read = |raw: &RawValue| {
        let value = serde_json::from_str(raw.get()).ok();
        value
            .as_ref()
            .and_then(T::of)
            .ok_or_else(|| anonymous("is not an object".to_owned()))
    };
    page(body, key, read, |_| None)
}

/// A page of any listing, its records as they are.
pub(crate) fn raw(body: &[u8], key: &'static str) -> Result<Page<Box<RawValue>>> {
    page(body, key, |raw| Ok(raw.to_owned()), |_| None)
}

/// A list without pages. It is short and one cannot go on with a part of it, so an
/// unreadable record is an error.
pub(crate) fn list<T: Scalar>(body: &[u8], key: &'static str) -> Result<Vec<T>> {
    whole(key, records(body, key)?)
}

/// What a reply holds under a key; under none, the reply itself.
pub(crate) fn one<T: Scalar>(body: &[u8], key: &'static str) -> Result<T> {
    let reply = any(body)?;
    let found = match key {
        "" => Some(&reply),
        key => reply.get(key),
    };
    found.and_then(T::of).ok_or_else(|| {
        let what = match key {
            "" => "the reply is not an object".to_owned(),
            key => format!("the reply holds no `{key}`"),
        };
        Error::new(ErrorKind::Decode, what)
    })
}

/// Any JSON.
pub(crate) fn any(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|error| unreadable_body(&error, body))
}

/// A page of `POST /v2/calls/extensive`.
pub(crate) fn extensive_calls(body: &[u8], key: &'static str) -> Result<Page<RawDocument>> {
    documents(body, key, &["metaData", "id"])
}

/// A page of `POST /v2/calls/transcript`.
pub(crate) fn transcripts(body: &[u8], key: &'static str) -> Result<Page<RawDocument>> {
    documents(body, key, &["callId"])
}

fn documents(
    body: &[u8],
    key: &'static str,
    path: &'static [&'static str],
) -> Result<Page<RawDocument>> {
    page(
        body,
        key,
        |raw| {
            let call_id = find_call_id(raw.get(), path).map_err(|reason| Unreadable {
                call_id: None,
                reason,
            })?;
            Ok(RawDocument {
                call_id,
                json: raw.to_owned(),
            })
        },
        |raw| find_call_id(raw.get(), path).ok(),
    )
}

/// A page of `GET /v2/calls`.
pub(crate) fn calls(body: &[u8], key: &'static str) -> Result<Page<Call>> {
    page(
        body,
        key,
        |raw| {
            decode_call(raw.get()).map_err(|error| Unreadable {
                call_id: find_call_id_of_call(raw.get()),
                reason: error.to_string(),
            })
        },
        |raw| find_call_id_of_call(raw.get()),
    )
}

/// The reply of `GET /v2/calls/{id}`.
pub(crate) fn call(body: &[u8], _: &'static str) -> Result<Call> {
    #[derive(Deserialize)]
    struct SpecificCall<'a> {
        #[serde(borrow)]
        call: &'a RawValue,
    }
    let reply: SpecificCall<'_> =
        serde_json::from_slice(body).map_err(|error| unreadable_body(&error, body))?;
    decode_call(reply.call.get()).map_err(|error| Error::new(ErrorKind::Decode, error.to_string()))
}

/// A page of `GET /v2/users`.
pub(crate) fn users(body: &[u8], key: &'static str) -> Result<Page<User>> {
    page(
        body,
        key,
        |raw| wire::user(raw).map_err(anonymous),
        |_| None,
    )
}

/// The reply of `GET /v2/workspaces`.
pub(crate) fn workspaces(body: &[u8], key: &'static str) -> Result<Vec<Workspace>> {
    let read = |raw: &RawValue| wire::workspace(raw).map_err(anonymous);
    whole(key, page(body, key, read, |_| None)?)
}

fn whole<T>(key: &str, page: Page<T>) -> Result<Vec<T>> {
    match page.rejected.first() {
        None => Ok(page.items),
        Some(Rejected {
            position, reason, ..
        }) => Err(Error::new(
            ErrorKind::Decode,
            format!("{key}[{position}]: {reason}"),
        )),
    }
}

fn anonymous(reason: String) -> Unreadable {
    Unreadable {
        call_id: None,
        reason,
    }
}

mod wire {
    //! Users and workspaces: nulls anywhere, ids as strings or integers.

    use calls::{UserId, WorkspaceId};
    use serde::Deserialize;
    use serde_json::value::RawValue;

    use crate::{User, Workspace};

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct WireUser {
        id: UserId,
        email_address: Option<String>,
        first_name: Option<String>,
        last_name: Option<String>,
        title: Option<String>,
        manager_id: Option<UserId>,
        active: Option<bool>,
    }

    #[derive(Deserialize)]
    struct WireWorkspace {
        id: WorkspaceId,
        name: Option<String>,
        description: Option<String>,
    }

    pub(super) fn user(raw: &RawValue) -> Result<User, String> {
        let wire: WireUser = read(raw)?;
        if wire.id.as_str().is_empty() {
            return Err("id is empty".to_owned());
        }
        let mut user = User::new(wire.id);
        user.email = filled(wire.email_address);
        user.first_name = filled(wire.first_name);
        user.last_name = filled(wire.last_name);
        user.title = filled(wire.title);
        user.manager_id = wire.manager_id.filter(|id| !id.as_str().is_empty());
        user.active = wire.active.unwrap_or(true);
        Ok(user)
    }

    pub(super) fn workspace(raw: &RawValue) -> Result<Workspace, String> {
        let wire: WireWorkspace = read(raw)?;
        let mut workspace = Workspace::new(wire.id, wire.name.unwrap_or_default());
        workspace.description = filled(wire.description);
        Ok(workspace)
    }

    fn filled(text: Option<String>) -> Option<String> {
        text.filter(|text| !text.is_empty())
    }

    /// Serde's own message may quote a value, so only its place is told.
    fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, String> {
        serde_json::from_str(raw.get()).map_err(|error| {
            let text = error.to_string();
            match text.split_once(" at line ") {
                Some((missing, _)) if missing.starts_with("missing field") => missing.to_owned(),
                _ => format!(
                    "a field has an unexpected type at line {} column {}",
                    error.line(),
                    error.column()
                ),
            }
        })
    }
}

#[cfg(test)]
mod properties;
