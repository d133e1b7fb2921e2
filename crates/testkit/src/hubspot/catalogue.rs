//! Pipelines, owners and properties.

use calls::Owner;
use serde_json::{Value, json};

use super::ObjectType;
use super::objects::{next_page, read_cursor};
use super::properties::{Property, ValueType, definition};
use super::record::RecordId;
use super::reply::{Problem, Reply};
use super::serve::Exchange;

const MOST_OWNERS_A_PAGE: usize = 500;

impl Exchange<'_> {
    /// Of deals; the simulator has no pipelines of other objects.
    pub(super) fn pipelines(&self, object: ObjectType) -> Reply {
        let pipelines = self.portal.pipelines.iter().enumerate();
        let results: Vec<Value> = pipelines
            .filter(|_| object == ObjectType::Deal)
            .map(|(position, pipeline)| pipeline.wire(position))
            .collect();
        Reply::ok(&json!({"results": results}))
    }

    pub(super) fn owners(&self) -> Result<Reply, Problem> {
        let limit = self
            .limit(100, MOST_OWNERS_A_PAGE)?
            .min(self.settings.owners_page);
        let archived = self.wants_archived()?;
        let after = self.parameter("after").map(read_cursor).transpose()?;
        let after = after.map(RecordId);
        let email = self.parameter("email").map(str::to_lowercase);
        let owners = self.portal.owners.iter();
        let mut rest = owners
            .filter(|(_, owner)| owner.archived == archived)
            .filter(|(_, owner)| {
                email.is_none() || owner.email.as_ref().map(|own| own.to_lowercase()) == email
            })
            .skip_while(|(id, _)| after.as_ref().is_some_and(|after| *id <= after));
        let page: Vec<(&RecordId, &Owner)> = rest.by_ref().take(limit).collect();
        let has_more = rest.next().is_some();
        let results: Vec<Value> = page.iter().map(|(_, owner)| owner_wire(owner)).collect();
        let mut body = json!({"results": results});
        if let Some((last, _)) = page.last().filter(|_| has_more) {
            body["paging"] = next_page(&last.0);
        }
        Ok(Reply::ok(&body))
    }

    pub(super) fn owner(&self, id: &str) -> Result<Reply, Problem> {
        let archived = self.wants_archived()?;
        let owner = self.portal.owners.get(&RecordId::from(id));
        let owner = owner.filter(|owner| owner.archived == archived);
        let owner = owner.ok_or_else(|| Problem::not_found(id))?;
        Ok(Reply::ok(&owner_wire(owner)))
    }

    pub(super) fn properties(&self, object: ObjectType) -> Reply {
        let standard = object.standard_properties().iter();
        let standard = standard.map(|Property(name, kind)| definition(object, name, *kind, false));
        let own = self.portal.own_properties.iter();
        let own = own
            .filter(|(of, _)| *of == object)
            .map(|(_, name)| definition(object, name, ValueType::Text, true));
        let results: Vec<Value> = standard.chain(own).collect();
        Reply::ok(&json!({"results": results}))
    }
}

/// `userId` is another number than the id, and absent once the user has gone.
fn owner_wire(owner: &Owner) -> Value {
    let name = owner.name.as_deref().unwrap_or_default();
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let user_id: Option<u64> = owner.id.as_str().parse().ok();
    let user_id = user_id.map(|id| id + 50_000_000);
    let mut wire = json!({
        "id": owner.id,
        "firstName": first,
        "lastName": last,
        "type": "PERSON",
        "userIdIncludingInactive": user_id,
        "createdAt": "2024-01-01T09:00:00.000Z",
        "updatedAt": "2024-01-01T09:00:00.000Z",
        "archived": owner.archived,
    });
    if let Some(email) = &owner.email {
        wire["email"] = email.clone().into();
    }
    if !owner.archived {
        wire["userId"] = user_id.into();
    }
    wire
}
