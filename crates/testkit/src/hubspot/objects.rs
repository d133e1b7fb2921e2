//! Reading records: one, a batch, page by page.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::ObjectType;
use super::portal::Portal;
use super::properties::is_unique;
use super::record::{Asked, Record, RecordId};
use super::reply::{Problem, Reply};
use super::serve::{Exchange, id_of, texts};

/// Most inputs of a batch, and most records of a page.
const MOST_RECORDS: usize = 100;

/// The same when histories are asked for.
const MOST_RECORDS_WITH_HISTORY: usize = 50;

/// Associations of each kind that come with a record.
const LINKS_WITH_RECORD: usize = 100;

impl Exchange<'_> {
    pub(super) fn read(&self, object: ObjectType, id: &str) -> Result<Reply, Problem> {
        let archived = self.wants_archived()?;
        let lookup = self.lookup(object, self.parameter("idProperty"), archived)?;
        let record = lookup.find(id).ok_or_else(|| Problem::not_found(id))?;
        Ok(Reply::ok(&self.with_associations(record)?))
    }

    pub(super) fn batch_read(&self, object: ObjectType) -> Result<Reply, Problem> {
        let asked = Asked {
            properties: texts(&self.body["properties"]),
            with_history: texts(&self.body["propertiesWithHistory"]).unwrap_or_default(),
        };
        let archived = self.wants_archived()?;
        let lookup = self.lookup(object, self.body["idProperty"].as_str(), archived)?;
        let mut found: BTreeMap<&RecordId, &Record> = BTreeMap::new();
        let mut missing: Vec<String> = Vec::new();
        for input in self.inputs(most_records(&asked))? {
            let id = id_of(input)?;
            lookup.check(&id)?;
            match lookup.find(&id) {
                Some(record) => {
                    found.insert(&record.id, record);
                }
                None if missing.contains(&id) => {}
                None => missing.push(id),
            }
        }
        let records = found.values();
        let records = records
            .map(|record| self.portal.wire(record, &asked))
            .collect();
        let kind = object.singular().to_uppercase();
        let errors = (!missing.is_empty()).then(|| {
            json!({
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "message": format!(
                    "Could not get some {kind} objects, they may be deleted or not exist. \
                     Check that ids are valid."
                ),
                "context": {"ids": missing},
            })
        });
        Ok(Reply::batch(records, errors.into_iter().collect()))
    }

    pub(super) fn list(&self, object: ObjectType) -> Result<Reply, Problem> {
        let limit = self.limit(10, most_records(&self.asked()))?;
        let after = match self.parameter("after") {
            Some(cursor) => Some(RecordId(read_cursor(cursor)?)),
            None => None,
        };
        let archived = self.wants_archived()?;
        let mut rest = self
            .portal
            .records(object, archived)
            .skip_while(|record| after.as_ref().is_some_and(|after| record.id <= *after));
        let page: Vec<&Record> = rest.by_ref().take(limit).collect();
        let has_more = rest.next().is_some();
        let results: Result<Vec<Value>, Problem> = page
            .iter()
            .map(|record| self.with_associations(record))
            .collect();
        let mut body = json!({"results": results?});
        if let Some(last) = page.last().filter(|_| has_more) {
            body["paging"] = next_page(&last.id.0);
        }
        Ok(Reply::ok(&body))
    }

    fn lookup(
        &self,
        object: ObjectType,
        id_property: Option<&str>,
        archived: bool,
    ) -> Result<Lookup<'_>, Problem> {
        match id_property {
            None => Ok(Lookup::ById(self.portal, object, archived)),
            Some(property) if is_unique(object, property) => {
                Ok(Lookup::ByEmail(self.portal.by_email(archived)))
            }
            Some(property) => Err(Problem::invalid(format!(
                "Unable to perform read by non-unique {} property {property}",
                object.type_id()
            ))),
        }
    }

    /// What the query asks of each record.
    fn asked(&self) -> Asked {
        Asked {
            properties: self.list_parameter("properties"),
            with_history: self
                .list_parameter("propertiesWithHistory")
                .unwrap_or_default(),
        }
    }

    /// A record with the associations that the query asks for.
    fn with_associations(&self, record: &Record) -> Result<Value, Problem> {
        let mut wire = self.portal.wire(record, &self.asked());
        let mut associations = Map::new();
        for kind in self.list_parameter("associations").unwrap_or_default() {
            let to = ObjectType::parse(&kind).ok_or_else(|| {
                Problem::invalid(format!("Unable to infer object type from: {kind}"))
            })?;
            let mut results = self.named_links(record, to);
            if results.is_empty() {
                continue;
            }
            let mut links = json!({});
            if results.len() > LINKS_WITH_RECORD {
                results.truncate(LINKS_WITH_RECORD);
                let last = results.last().and_then(|link| link["id"].as_str());
                links["paging"] = next_page(last.unwrap_or_default());
            }
            links["results"] = results.into();
            associations.insert(to.plural().to_owned(), links);
        }
        if !associations.is_empty() {
            wire["associations"] = associations.into();
        }
        Ok(wire)
    }
}

/// How the inputs of a request name records.
enum Lookup<'a> {
    ById(&'a Portal, ObjectType, bool),
    ByEmail(HashMap<&'a str, &'a Record>),
}

impl<'a> Lookup<'a> {
    /// HubSpot refuses a whole batch for one input that can be no key.
    fn check(&self, key: &str) -> Result<(), Problem> {
        let (is_possible, what) = match self {
            Self::ById(..) => (key.parse::<i64>().is_ok(), "id"),
            Self::ByEmail(_) => (is_address(key), "email address"),
        };
        match is_possible {
            true => Ok(()),
            false => Err(Problem::invalid(format!(
                "Invalid input: {key} is not a valid {what}"
            ))),
        }
    }

    fn find(&self, key: &str) -> Option<&'a Record> {
        match self {
            Self::ById(portal, object, archived) => portal.find(*object, key, *archived),
            Self::ByEmail(contacts) => contacts.get(&*key.to_lowercase()).copied(),
        }
    }
}

/// Which addresses HubSpot calls invalid is not documented; those without a name or a
/// domain, and with white space, surely are.
fn is_address(text: &str) -> bool {
    let is_plain = !text.contains(char::is_whitespace);
    let parts = text.split_once('@');
    is_plain
        && parts.is_some_and(|(name, domain)| {
            !name.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

fn most_records(asked: &Asked) -> usize {
    match asked.with_history.is_empty() {
        true => MOST_RECORDS,
        false => MOST_RECORDS_WITH_HISTORY,
    }
}

/// `paging` that leads past an id. The cursor is opaque, and no number.
pub(super) fn next_page(last_id: &str) -> Value {
    use base64::Engine;
    let after = base64::engine::general_purpose::STANDARD.encode(format!("id-{last_id}"));
    json!({"next": {"after": after}})
}

/// The id in a cursor of [`next_page`].
pub(super) fn read_cursor(cursor: &str) -> Result<String, Problem> {
    use base64::Engine;
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(cursor)
        .ok();
    decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.strip_prefix("id-").map(str::to_owned))
        .ok_or_else(|| Problem::invalid("after: is not a valid paging cursor"))
}
