//! Associations of records, in batches whose inputs have pages of their own.

use std::collections::{BTreeMap, HashMap};

use calls::{Association, CompanyId, ContactId, Deal};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::HubSpotApi;
use super::batch_reply::results;
use super::http::Request;
use super::object_kind::ObjectKind;
use super::objects::SOUND_ID;
use super::wire::{AssociationType, AssociationsOfOne, Paging};
use crate::batch::distinct_by;
use crate::object_id::is_object_id;
use crate::{Batch, Error, Result};
use resilience::ErrorKind;

/// Inputs that one batch takes.
const BATCH: usize = 1_000;

/// HubSpot's type ids of the associations that are a record's main ones, by direction:
/// contact to company and back, deal to company and back.
const PRIMARY_TYPES: [u64; 4] = [1, 2, 5, 6];

/// One input of a batch: an id, and from the second page on where to go on.
struct Input {
    id: String,
    after: Option<String>,
}

/// By the other end's id.
type Ends = BTreeMap<String, Association>;

impl HubSpotApi {
    /// Associations of records of one kind with records of another.
    pub(super) async fn associated(
        &self,
        from: ObjectKind,
        ids: &[String],
        to: ObjectKind,
    ) -> Result<Batch<Association, String>> {
        let mut batch = Batch::empty(Timestamp::now());
        let asked = distinct_by(ids, |id| id.as_str());
        let first_pages: Vec<Input> = asked
            .iter()
            .filter(|id| is_object_id(id))
            .map(|id| Input {
                id: (*id).clone(),
                after: None,
            })
            .collect();
        let mut ends: HashMap<String, Ends> = HashMap::new();
        let mut inputs = first_pages;
        let sound = Input {
            id: SOUND_ID.to_owned(),
            after: None,
        };
        while !inputs.is_empty() {
            let ask = |inputs| self.association_pages(from, inputs, to);
            let readings = inputs
                .chunks(BATCH)
                .map(|inputs| self.sifted(inputs, &sound, ask));
            let replies = self.all(readings.collect()).await?;
            let mut further = Vec::new();
            for page in replies.into_iter().flatten().flatten() {
                let next = page.paging.as_ref().and_then(Paging::after);
                further.extend(next.map(|after| Input {
                    id: page.from.id.0.clone(),
                    after: Some(after.to_owned()),
                }));
                let known = ends.entry(page.from.id.0.clone()).or_default();
                for to in page.to {
                    let types = to.association_types.unwrap_or_default();
                    let association = associate(&page.from.id.0, &to.to_object_id.0, &types);
                    known.insert(to.to_object_id.0, association);
                }
            }
            check_progress(&inputs, &further)?;
            inputs = further;
        }
        for id in asked {
            let ends = ends.remove(id).unwrap_or_default();
            if ends.is_empty() {
                batch.missing.push(id.clone());
            }
            let (primary, others): (Vec<_>, Vec<_>) =
                ends.into_values().partition(|end| end.is_primary);
            batch.found.extend(primary.into_iter().chain(others));
        }
        Ok(batch)
    }

    /// Gives deals the contacts and companies that they are associated with.
    pub(super) async fn fill_associations(&self, deals: &mut [Deal]) -> Result<()> {
        let ids: Vec<String> = deals.iter().map(|deal| deal.id.to_string()).collect();
        let (contacts, companies) = tokio::try_join!(
            self.associated(ObjectKind::Deal, &ids, ObjectKind::Contact),
            self.associated(ObjectKind::Deal, &ids, ObjectKind::Company),
        )?;
        let mut contacts = other_ends(contacts);
        let mut companies = other_ends(companies);
        for deal in deals {
            let id = deal.id.as_str();
            let ends = contacts.remove(id).unwrap_or_default();
            deal.contact_ids = ends.into_iter().map(ContactId::new).collect();
            let ends = companies.remove(id).unwrap_or_default();
            deal.company_ids = ends.into_iter().map(CompanyId::new).collect();
        }
        Ok(())
    }

    async fn association_pages(
        &self,
        from: ObjectKind,
        inputs: &[Input],
        to: ObjectKind,
    ) -> Result<Vec<AssociationsOfOne>> {
        let version = self.http.config.api_version;
        let (from_name, to_name) = (from.plural(), to.plural());
        let inputs: Vec<Value> = inputs
            .iter()
            .map(|input| match &input.after {
                None => json!({"id": input.id}),
                Some(after) => json!({"id": input.id, "after": after}),
            })
            .collect();
        let request = Request {
            endpoint: format!("associations of {from_name} with {to_name}"),
            url: self.http.url(&format!(
                "/crm/associations/{version}/{from_name}/{to_name}/batch/read"
            )),
            body: Some(json!({"inputs": inputs}).to_string().into_bytes()),
            scopes: vec![from.scope(), to.scope()],
            is_search: false,
        };
        self.http
            .fetch(&request, results::<AssociationsOfOne>)
            .await
    }
}

fn associate(from_id: &str, to_id: &str, types: &[AssociationType]) -> Association {
    let is_main = |kind: &AssociationType| {
        kind.category.as_deref() == Some("HUBSPOT_DEFINED")
            && kind.type_id.is_some_and(|id| PRIMARY_TYPES.contains(&id))
    };
    let named = types.iter().filter(|kind| !is_main(kind));
    Association {
        from_id: from_id.to_owned(),
        to_id: to_id.to_owned(),
        is_primary: types.iter().any(is_main),
        labels: named.filter_map(|kind| kind.label.clone()).collect(),
    }
}

fn other_ends(batch: Batch<Association, String>) -> HashMap<String, Vec<String>> {
    let mut ends: HashMap<String, Vec<String>> = HashMap::new();
    for association in batch.found {
        let known = ends.entry(association.from_id).or_default();
        known.push(association.to_id);
    }
    ends
}

/// A cursor that leads back to its own page would be followed for ever.
fn check_progress(inputs: &[Input], further: &[Input]) -> Result<()> {
    let before: HashMap<&str, Option<&str>> = inputs
        .iter()
        .map(|input| (&*input.id, input.after.as_deref()))
        .collect();
    let stuck = further
        .iter()
        .any(|input| before.get(&*input.id) == Some(&input.after.as_deref()));
    if stuck {
        let message = "associations: a page names itself as the next page";
        return Err(Error::new(ErrorKind::Decode, message));
    }
    Ok(())
}
