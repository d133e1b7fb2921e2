//! Who the person is: all that they are known by.

use std::collections::{BTreeMap, BTreeSet};

use ::calls::CallId;
use serde_json::{Value, json};
use snowflake_sql::Statement;

use super::calls::{self, StoredCall};
use super::plan::Plan;
use crate::erasure::{Circle, Erased, Kind, Known, Selector, digits, folded, people, user};
use crate::snowflake::failure::of_sql;
use crate::snowflake::statements::{self, Query};
use crate::snowflake::store::SnowflakeStore;
use crate::snowflake::{new_id, now};
use crate::{RecordStream, Result};

pub(super) struct People {
    pub(super) erased: Erased,
    /// What has to be kept of them.
    selectors: Vec<Selector>,
    /// What they are known by in clear, to ask for.
    known: Vec<Known>,
    pub(super) circle: Circle,
}

impl People {
    /// Those who were erased before, or nobody under a new key.
    pub(super) async fn load(store: &SnowflakeStore) -> Result<Self> {
        let rows = store.ask(&statements::ERASED.statement()).await?;
        let mut key = None;
        let mut before = Vec::new();
        for row in rows.iter() {
            let hash = row.required_text("SELECTOR_HASH").map_err(of_sql)?;
            if row.required_text("KIND").map_err(of_sql)? == "key" {
                key.get_or_insert(hash.to_owned());
                continue;
            }
            let words = row.integer("WORD_COUNT").map_err(of_sql)?;
            before.push(Selector {
                hash: hash.to_owned(),
                kind: "",
                words: words
                    .and_then(|words| usize::try_from(words).ok())
                    .unwrap_or(0),
            });
        }
        let mut selectors = Vec::new();
        let key = key.unwrap_or_else(|| {
            let key = new_key();
            selectors.push(Selector {
                hash: key.clone(),
                kind: "key",
                words: 0,
            });
            key
        });
        let mut erased = Erased::new(&key);
        for selector in &before {
            erased.add(selector);
        }
        Ok(Self {
            erased,
            selectors,
            known: Vec::new(),
            circle: Circle::default(),
        })
    }

    /// Keeps what somebody is known by; whether it is new.
    pub(super) fn remember(&mut self, known: Known) -> bool {
        self.circle.add(&known);
        let mut is_news = !self.known.contains(&known);
        for selector in self.erased.selectors(&known) {
            if self.erased.add(&selector) {
                self.selectors.push(selector);
                is_news = true;
            }
        }
        if is_news {
            self.known.push(known);
        }
        is_news
    }

    fn remember_person(&mut self, known: Vec<Known>) -> bool {
        let mut is_news = false;
        for known in known {
            // A number may be that of a whole office.
            if known.0 != Kind::Phone {
                is_news |= self.remember(known);
            }
        }
        is_news
    }

    pub(super) fn save(&self, plan: &mut Plan) -> Result<()> {
        plan.add("GONG_ERASED", selectors(&self.selectors)?);
        Ok(())
    }

    /// Goes through calls and records until nothing new is known of the person; gives the
    /// documents of the calls in which they may stand.
    pub(super) async fn find(&mut self, store: &SnowflakeStore) -> Result<Vec<StoredCall>> {
        let mut found: BTreeMap<CallId, StoredCall> = BTreeMap::new();
        let users = users(store).await?;
        loop {
            let ids = self.ask(store).await?;
            let ids: Vec<CallId> = ids
                .into_iter()
                .filter(|id| !found.contains_key(id))
                .collect();
            for call in calls::documents(store, &ids).await? {
                found.insert(call.id.clone(), call);
            }
            let mut is_news = false;
            for call in found.values() {
                let known = call.call.as_deref().map(|call| people(&self.erased, call));
                is_news |= self.remember_person(known.unwrap_or_default());
            }
            for json in &users {
                is_news |= self.remember_person(user(&self.erased, json));
            }
            is_news |= self.find_in_crm(store).await?;
            if !is_news {
                return Ok(found.into_values().collect());
            }
        }
    }

    /// Calls in which something stands that the person is known by.
    async fn ask(&self, store: &SnowflakeStore) -> Result<BTreeSet<CallId>> {
        let (mut texts, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for (kind, value) in &self.known {
            match kind {
                Kind::Phone => numbers.extend(digits(value)),
                // How the words of a name stand together is seen here.
                Kind::Name => {
                    let words = folded(value).into_iter();
                    texts.extend(words.max_by_key(|word| word.chars().count()));
                }
                _ => {
                    texts.insert(value.trim().to_lowercase());
                }
            }
        }
        let mut ids = holding(store, statements::ERASABLE_CALLS, &texts).await?;
        ids.extend(holding(store, statements::ERASABLE_NUMBERS, &numbers).await?);
        Ok(ids)
    }

    /// Other calls of colleagues, on which somebody may say a word of the name.
    pub(super) async fn near(
        &self,
        store: &SnowflakeStore,
        found: &[StoredCall],
    ) -> Result<Vec<CallId>> {
        let (domains, words) = (self.circle.domains(), self.circle.words());
        let of_domain = holding(store, statements::ERASABLE_CALLS, domains).await?;
        let of_word = holding(store, statements::ERASABLE_CALLS, words).await?;
        let found: BTreeSet<&CallId> = found.iter().map(|one| &one.id).collect();
        let near = of_domain.intersection(&of_word);
        Ok(near.filter(|id| !found.contains(id)).cloned().collect())
    }

    async fn find_in_crm(&mut self, store: &SnowflakeStore) -> Result<bool> {
        let mut is_news = false;
        for (contact, is_contact) in [
            (
                records_of(store, statements::ERASABLE_CONTACTS).await?,
                true,
            ),
            (records_of(store, statements::ERASABLE_OWNERS).await?, false),
        ] {
            for record in contact {
                if !record.is_erased(&self.erased, is_contact) {
                    continue;
                }
                if is_contact {
                    is_news |= self.remember((Kind::Contact, record.id));
                }
                let email = record.email.map(|email| (Kind::Email, email));
                let name = record.name.map(|name| (Kind::Name, name));
                for known in email.into_iter().chain(name) {
                    is_news |= self.remember(known);
                }
            }
        }
        Ok(is_news)
    }
}

/// Calls in which one of some texts stands.
async fn holding(
    store: &SnowflakeStore,
    query: Query,
    texts: &BTreeSet<String>,
) -> Result<BTreeSet<CallId>> {
    if texts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let statement = query.statement().bind(crate::snowflake::json(texts)?);
    let rows = store.ask(&statement).await?;
    let ids = rows.iter().map(|row| row.required_text("CALL_ID"));
    ids.map(|id| id.map(CallId::new))
        .collect::<snowflake_sql::Result<_>>()
        .map_err(of_sql)
}

/// A person of the CRM.
pub(super) struct Record {
    pub(super) id: String,
    email: Option<String>,
    name: Option<String>,
}

impl Record {
    pub(super) fn is_erased(&self, erased: &Erased, is_contact: bool) -> bool {
        let email = self.email.as_deref();
        (is_contact && erased.holds(Kind::Contact, &self.id))
            || email.is_some_and(|email| erased.holds(Kind::Email, email))
    }
}

pub(super) async fn records_of(store: &SnowflakeStore, query: Query) -> Result<Vec<Record>> {
    let rows = store.ask(&query.statement()).await?;
    rows.iter()
        .map(|row| {
            let text = |column| row.text(column).map(|text| text.map(str::to_owned));
            Ok(Record {
                id: row.required_text("ID")?.to_owned(),
                email: text("EMAIL")?,
                name: text("NAME")?,
            })
        })
        .collect::<snowflake_sql::Result<_>>()
        .map_err(of_sql)
}

/// Records of Gong's users.
async fn users(store: &SnowflakeStore) -> Result<Vec<String>> {
    let records = gong_records(store).await?.into_iter();
    let users = records.filter(|(stream, _, _)| stream == RecordStream::Users.as_str());
    Ok(users.map(|(_, _, json)| json).collect())
}

/// Streams, keys and documents of Gong's records.
pub(super) async fn gong_records(store: &SnowflakeStore) -> Result<Vec<(String, String, String)>> {
    let rows = store.ask(&statements::ERASABLE_RECORDS.statement()).await?;
    rows.iter()
        .map(|row| {
            let json: Option<Value> = row.json("RAW_DATA")?;
            Ok((
                row.required_text("STREAM")?.to_owned(),
                row.required_text("RECORD_KEY")?.to_owned(),
                json.unwrap_or_default().to_string(),
            ))
        })
        .collect::<snowflake_sql::Result<_>>()
        .map_err(of_sql)
}

/// Rows of `GONG_ERASED`.
fn selectors(selectors: &[Selector]) -> Result<Statement> {
    let rows: Vec<_> = selectors
        .iter()
        .map(|one| json!({"hash": one.hash, "kind": one.kind, "words": one.words}))
        .collect();
    let rows = json!({"now": now(), "rows": rows});
    Ok(statements::SAVE_ERASED
        .statement()
        .bind(crate::snowflake::json(&rows)?))
}

/// A key of 64 characters.
fn new_key() -> String {
    // Only the tail of such an id is random: of six there are more than 256 bits.
    let ids: String = (0..6).map(|_| new_id()).collect();
    crate::payload_hash::sha256_hex(ids.as_bytes())
}
