//! Pipelines and owners: few, seldom changed, and read as a whole.

use std::collections::HashMap;

use calls::{Owner, OwnerId, PipelineId, Stage, StageId};
use jiff::Timestamp;
use resilience::ErrorKind;

use super::HubSpotApi;
use super::http::{Request, from_json};
use super::object_kind::ObjectKind;
use super::wire::{OwnerReply, PageReply, PipelineReply};
use crate::batch::distinct_by;
use crate::{Batch, Error, Result, property};

/// Owners on a page.
const PAGE: usize = 100;

impl HubSpotApi {
    pub(super) async fn read_stages(&self) -> Result<Vec<Stage>> {
        let version = self.http.config.api_version;
        let request = Request {
            endpoint: "pipelines of deals".to_owned(),
            url: self.http.url(&format!("/crm/pipelines/{version}/deals")),
            body: None,
            scopes: vec![ObjectKind::Deal.scope()],
            is_search: false,
        };
        let reply: PageReply<PipelineReply> = self.http.fetch(&request, from_json).await?;
        Ok(reply.results.into_iter().flat_map(stages_of).collect())
    }

    /// Present owners first; those who left are read only when somebody is missing.
    pub(super) async fn owners_by_id(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        let asked = distinct_by(ids, |id| id);
        if asked.is_empty() {
            return Ok(Batch::empty(Timestamp::now()));
        }
        let reading = self.read_owners(false);
        let (present, mut read_at) = self.owners.get_or_read(reading).await?;
        let mut departed = None;
        if asked.iter().any(|id| !present.contains_key(*id)) {
            let reading = self.read_owners(true);
            let (owners, owners_read_at) = self.archived_owners.get_or_read(reading).await?;
            read_at = read_at.min(owners_read_at);
            departed = Some(owners);
        }
        let mut batch = Batch::empty(read_at);
        for id in asked {
            let departed = departed.as_ref().and_then(|departed| departed.get(id));
            match present.get(id).or(departed) {
                Some(owner) => batch.found.push(owner.clone()),
                None => batch.missing.push(id.clone()),
            }
        }
        Ok(batch)
    }

    async fn read_owners(&self, archived: bool) -> Result<HashMap<OwnerId, Owner>> {
        let version = self.http.config.api_version;
        let mut owners = HashMap::new();
        let mut after: Option<String> = None;
        loop {
            let mut url = self.http.url(&format!("/crm/owners/{version}"));
            url.query_pairs_mut()
                .append_pair("limit", &PAGE.to_string())
                .append_pair("archived", &archived.to_string())
                .extend_pairs(after.iter().map(|after| ("after", after)));
            let request = Request {
                endpoint: "owners".to_owned(),
                url,
                body: None,
                scopes: vec!["crm.objects.owners.read"],
                is_search: false,
            };
            let page: PageReply<OwnerReply> = self.http.fetch(&request, from_json).await?;
            let next = page.next().map(str::to_owned);
            owners.extend(page.results.into_iter().map(|owner| {
                let owner = owner_of(owner, archived);
                (owner.id.clone(), owner)
            }));
            match next {
                None => return Ok(owners),
                Some(next) if after.as_ref() == Some(&next) => {
                    let message = "owners: a page names itself as the next page";
                    return Err(Error::new(ErrorKind::Decode, message));
                }
                Some(next) => after = Some(next),
            }
        }
    }
}

fn stages_of(pipeline: PipelineReply) -> Vec<Stage> {
    let pipeline_id = PipelineId::new(pipeline.id.0);
    let stages = pipeline.stages.unwrap_or_default().into_iter();
    let stages = stages.map(|stage| {
        let metadata = stage.metadata.unwrap_or_default();
        let probability = metadata
            .get("probability")
            .and_then(|value| value.0.as_deref());
        Stage {
            pipeline_id: pipeline_id.clone(),
            label: stage.label.unwrap_or_else(|| stage.id.0.clone()),
            id: StageId::new(stage.id.0),
            probability: property::probability(probability).value(),
            // Stages that nobody has ordered are at -1.
            display_order: stage
                .display_order
                .and_then(|order| u32::try_from(order).ok())
                .unwrap_or_default(),
        }
    });
    stages.collect()
}

fn owner_of(owner: OwnerReply, archived: bool) -> Owner {
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let names = [filled(owner.first_name), filled(owner.last_name)];
    let names: Vec<String> = names.into_iter().flatten().collect();
    Owner {
        id: OwnerId::new(owner.id.0),
        name: (!names.is_empty()).then(|| names.join(" ")),
        email: filled(owner.email),
        archived,
    }
}
