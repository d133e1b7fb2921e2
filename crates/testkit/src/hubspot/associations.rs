//! Reading associations: of one record, of a batch, and their labels.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::ObjectType;
use super::links::{Link, can_link};
use super::objects::{next_page, read_cursor};
use super::record::{Record, RecordId};
use super::reply::{Problem, Reply};
use super::serve::{Exchange, id_of};

/// Most inputs of a batch.
const MOST_INPUTS: usize = 1_000;

/// Associations of one record on one page.
const PAGE: usize = 500;

impl Exchange<'_> {
    pub(super) fn association_batch(
        &self,
        from: ObjectType,
        to: ObjectType,
    ) -> Result<Reply, Problem> {
        check_linkable(from, to)?;
        let (mut results, mut errors) = (Vec::new(), Vec::new());
        let mut seen: HashSet<(String, Option<String>)> = HashSet::new();
        for input in self.inputs(MOST_INPUTS)? {
            let id = id_of(input)?;
            let after = input["after"].as_str().map(str::to_owned);
            if !seen.insert((id.clone(), after.clone())) {
                continue;
            }
            let most = self.settings.associations_page.min(PAGE);
            match self.link_page(from, &id, to, after.as_deref(), most)? {
                Some(mut page) => {
                    page["from"] = json!({"id": id});
                    results.push(page);
                }
                None => errors.push(no_associations(from, &id, to)),
            }
        }
        Ok(Reply::batch(results, errors))
    }

    pub(super) fn record_associations(
        &self,
        from: ObjectType,
        id: &str,
        to: ObjectType,
    ) -> Result<Reply, Problem> {
        check_linkable(from, to)?;
        if self.portal.find(from, id, false).is_none() {
            return Err(Problem::not_found(id));
        }
        let limit = self.limit(PAGE, PAGE)?.min(self.settings.associations_page);
        let page = self.link_page(from, id, to, self.parameter("after"), limit)?;
        let mut body = json!({"results": []});
        if let Some(page) = page {
            body["results"] = page["to"].clone();
            if let Some(paging) = page.get("paging") {
                body["paging"] = paging.clone();
            }
        }
        Ok(Reply::ok(&body))
    }

    pub(super) fn association_labels(
        &self,
        from: ObjectType,
        to: ObjectType,
    ) -> Result<Reply, Problem> {
        check_linkable(from, to)?;
        let definitions = self.portal.links.definitions(from, to);
        let results: Vec<Value> = definitions.iter().map(|kind| kind.wire()).collect();
        Ok(Reply::ok(&json!({"results": results})))
    }

    /// Associations as they come with a record: one entry for each type.
    pub(super) fn named_links(&self, record: &Record, to: ObjectType) -> Vec<Value> {
        let from = record.object;
        let name = format!("{}_to_{}", from.singular(), to.singular());
        let has_primary = to == ObjectType::Company || from == ObjectType::Company;
        let mut named = Vec::new();
        for (id, link) in self.live_links(from, &record.id, to) {
            for kind in self.portal.links.types(from, to, link) {
                let name = match kind.label {
                    None if has_primary => format!("{name}_unlabeled"),
                    Some(label) if kind.category == "USER_DEFINED" => {
                        label.to_lowercase().replace(' ', "_")
                    }
                    _ => name.clone(),
                };
                named.push(json!({"id": id.0, "type": name}));
            }
        }
        named
    }

    /// `{"to": […], "paging"?}`, or `None` when there is nothing at the other end.
    fn link_page(
        &self,
        from: ObjectType,
        id: &str,
        to: ObjectType,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<Value>, Problem> {
        // Not the survivor's: under an id that was merged away there is nothing.
        let Some(record) = self.portal.exact(from, id, false) else {
            return Ok(None);
        };
        let after = after.map(read_cursor).transpose()?.map(RecordId);
        let links = self.live_links(from, &record.id, to);
        let mut rest = links.skip_while(|(id, _)| after.as_ref().is_some_and(|last| *id <= last));
        let page: Vec<_> = rest.by_ref().take(limit).collect();
        let Some((last, _)) = page.last() else {
            return Ok(None);
        };
        let ends: Vec<Value> = page
            .iter()
            .map(|(id, link)| {
                let types = self.portal.links.types(from, to, link);
                let types: Vec<Value> = types.iter().map(|kind| kind.wire()).collect();
                json!({"toObjectId": self.wire_id(id), "associationTypes": types})
            })
            .collect();
        let mut wire = json!({"to": ends});
        if rest.next().is_some() {
            wire["paging"] = next_page(&last.0);
        }
        Ok(Some(wire))
    }

    /// Records in the recycling bin are associated with nothing.
    fn live_links(
        &self,
        from: ObjectType,
        id: &RecordId,
        to: ObjectType,
    ) -> impl Iterator<Item = (&RecordId, &Link)> {
        let links = self.portal.links.of(&(from, id.clone()), to);
        links.filter(move |(id, _)| self.portal.exact(to, &id.0, false).is_some())
    }

    fn wire_id(&self, id: &RecordId) -> Value {
        match id.0.parse::<u64>() {
            Ok(number) if self.settings.numeric_association_ids => number.into(),
            _ => id.0.clone().into(),
        }
    }
}

fn check_linkable(from: ObjectType, to: ObjectType) -> Result<(), Problem> {
    match can_link(from, to) {
        true => Ok(()),
        false => Err(Problem::invalid(format!(
            "No association types between {} and {}",
            from.type_id(),
            to.type_id()
        ))),
    }
}

fn no_associations(from: ObjectType, id: &str, to: ObjectType) -> Value {
    let (from, to) = (from.singular(), to.singular());
    json!({
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": format!("No {to} is associated with {from} {id}."),
        "context": {"fromObjectId": [id], "fromObjectType": [from], "toObjectType": [to]},
    })
}
