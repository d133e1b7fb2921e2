//! Deals, contacts and companies by id, and contacts by primary address.

use std::collections::{BTreeMap, HashMap, HashSet};

use calls::StageId;
use jiff::Timestamp;
use serde_json::json;

use super::HubSpotApi;
use super::batch_reply::results;
use super::http::Request;
use super::object_kind::{ObjectKind, ObjectRecord};
use super::wire::Object;
use crate::batch::distinct_by;
use crate::object_id::is_object_id;
use crate::property_reader::PropertyReader;
use crate::record::{MERGED_IDS, merged_ids};
use crate::{Batch, Merged, Result, UnreadableValue, stage_dates};

/// Inputs that one batch read takes.
const BATCH: usize = 100;
/// An id and an address to which HubSpot can have no objection, whoever has them.
pub(super) const SOUND_ID: &str = "1";
pub(super) const SOUND_ADDRESS: &str = "nobody@example.com";

impl HubSpotApi {
    /// Records by id, with survivors of merges, and archived ones if so configured.
    pub(super) async fn by_id<R: ObjectRecord>(&self, ids: &[R::Id]) -> Result<Batch<R, R::Id>> {
        let mut batch = Batch::empty(Timestamp::now());
        let asked = distinct_by(ids, |id| id);
        // HubSpot refuses a whole batch for an id that is not a number, such as another
        // CRM's: nothing of HubSpot's answers to it.
        let possible: Vec<String> = asked
            .iter()
            .map(|id| id.as_ref())
            .filter(|id| is_object_id(id))
            .map(str::to_owned)
            .collect();
        let mut answers = self.answers(R::KIND, &possible, Archived::No).await?;
        let dated = self.dated.get();
        let mut archived = HashSet::new();
        if self.http.config.finds_archived {
            let gone: Vec<String> = possible
                .iter()
                .filter(|id| !answers.contains_key(*id))
                .cloned()
                .collect();
            let binned = self.answers(R::KIND, &gone, Archived::Only).await?;
            archived.extend(binned.keys().cloned());
            answers.extend(binned);
        }
        let mut survivors: BTreeMap<String, Object> = BTreeMap::new();
        let mut found = HashSet::new();
        for id in asked {
            let Some(object) = answers.remove(id.as_ref()) else {
                batch.missing.push(id.clone());
                continue;
            };
            if archived.contains(id.as_ref()) {
                batch.archived.push(id.clone());
            }
            if object.id.0 == id.as_ref() {
                found.insert(object.id.0.clone());
                assemble(&object, &dated, &mut batch.found, &mut batch.unreadable);
            } else {
                batch.merged.push(Merged {
                    asked: id.clone(),
                    survivor: object.id.0.clone().into(),
                });
                survivors.insert(object.id.0.clone(), object);
            }
        }
        for (id, object) in survivors {
            if !found.contains(&id) {
                assemble(&object, &dated, &mut batch.found, &mut batch.unreadable);
            }
        }
        Ok(batch)
    }

    /// Which object answers to which id: the one that has it, or the one into which it
    /// was merged.
    async fn answers(
        &self,
        kind: ObjectKind,
        ids: &[String],
        archived: Archived,
    ) -> Result<HashMap<String, Object>> {
        let objects = self.read_objects(kind, ids, None, archived).await?;
        let asked: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let mut answers: HashMap<String, Object> = HashMap::new();
        let mut unexplained = false;
        for object in &objects {
            let merged = merged_ids(object.value(MERGED_IDS)).filter(|id| asked.contains(id));
            let mut is_explained = asked.contains(&*object.id.0);
            for id in merged {
                is_explained = true;
                answers
                    .entry(id.to_owned())
                    .or_insert_with(|| object.clone());
            }
            unexplained |= !is_explained;
        }
        // A record's own id is stronger than what another says of it.
        for object in objects {
            if asked.contains(&*object.id.0) {
                answers.insert(object.id.0.clone(), object);
            }
        }
        if unexplained {
            self.ask_apart(kind, ids, archived, &mut answers).await?;
        }
        Ok(answers)
    }

    /// Something came that nobody asked for by that id: a survivor that does not list the
    /// ids it took in. Alone in a batch, an id is answered by its own survivor; halves that
    /// nothing answers to are not looked into further.
    async fn ask_apart(
        &self,
        kind: ObjectKind,
        ids: &[String],
        archived: Archived,
        answers: &mut HashMap<String, Object>,
    ) -> Result<()> {
        let open: Vec<String> = ids
            .iter()
            .filter(|id| !answers.contains_key(*id))
            .cloned()
            .collect();
        // One batch is known to hold something; of several it is not known which.
        let mut parts = match open.len() {
            0..=1 => vec![open],
            many => split(&open, many.div_ceil(2).min(BATCH)),
        };
        while !parts.is_empty() {
            let readings = parts
                .iter()
                .map(|ids| self.read_objects(kind, ids, None, archived));
            let replies = self.all(readings.collect()).await?;
            let mut further = Vec::new();
            for (ids, objects) in parts.into_iter().zip(replies) {
                match (&ids[..], objects.into_iter().next()) {
                    (_, None) => {}
                    ([id], Some(object)) => {
                        answers.insert(id.clone(), object);
                    }
                    (ids, Some(_)) => further.extend(split(ids, ids.len().div_ceil(2))),
                }
            }
            parts = further;
        }
        Ok(())
    }

    /// Objects by id or by another unique property, in batches.
    pub(super) async fn read_objects(
        &self,
        kind: ObjectKind,
        keys: &[String],
        id_property: Option<&str>,
        archived: Archived,
    ) -> Result<Vec<Object>> {
        let sound = match id_property {
            None => SOUND_ID,
            Some(_) => SOUND_ADDRESS,
        };
        let sound = &sound.to_owned();
        let ask = |keys| async move {
            let request = self.batch_read(kind, keys, id_property, archived)?;
            self.http.fetch(&request, results::<Object>).await
        };
        let readings = keys.chunks(BATCH).map(|keys| self.sifted(keys, sound, ask));
        let replies = self.all(readings.collect()).await?;
        let wanted = archived == Archived::Only;
        let objects = replies.into_iter().flatten().flatten();
        Ok(objects
            .filter(|object| object.is_archived() == wanted)
            .collect())
    }

    fn batch_read(
        &self,
        kind: ObjectKind,
        keys: &[String],
        id_property: Option<&str>,
        archived: Archived,
    ) -> Result<Request> {
        let plural = kind.plural();
        let version = self.http.config.api_version;
        let mut properties: Vec<String> = kind
            .properties()
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        if kind == ObjectKind::Deal {
            properties.extend(stage_dates::properties(&self.dated.get()));
        }
        let inputs: Vec<_> = keys.iter().map(|key| json!({"id": key})).collect();
        let mut body = json!({
            "inputs": inputs,
            "properties": properties,
            "propertiesWithHistory": [],
        });
        if let Some(property) = id_property {
            body["idProperty"] = property.into();
        }
        let mut url = self
            .http
            .url(&format!("/crm/objects/{version}/{plural}/batch/read"));
        let wanted = (archived == Archived::Only).to_string();
        url.query_pairs_mut().append_pair("archived", &wanted);
        Ok(Request {
            endpoint: format!("{plural} by {}", id_property.unwrap_or("id")),
            url,
            body: Some(body.to_string().into_bytes()),
            scopes: vec![kind.scope()],
            is_search: false,
        })
    }
}

/// Which side of the recycling bin is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Archived {
    No,
    Only,
}

/// Turns an object into a record and keeps what cannot be read of it.
pub(super) fn assemble<R: ObjectRecord>(
    object: &Object,
    stages: &[StageId],
    found: &mut Vec<R>,
    unreadable: &mut Vec<UnreadableValue>,
) {
    let value_of = |property: &str| object.value(property);
    let mut properties = PropertyReader::new(&object.id.0, &value_of, stages);
    found.push(R::assemble(object.id.0.clone().into(), &mut properties));
    unreadable.append(&mut properties.unreadable);
}

/// Ids in parts of a length that is not 0.
fn split(ids: &[String], length: usize) -> Vec<Vec<String>> {
    ids.chunks(length).map(<[String]>::to_vec).collect()
}
