//! Configuration of a simulator.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use calls::{Company, Contact, Deal, Owner, Stage};
use secrecy::{ExposeSecret, SecretString};

use super::limits::LimitMeter;
use super::portal::Portal;
use super::state::{Changing, Settings, Shared};
use super::token::Token;
use super::{DEFAULT_TOKEN, HubSpotLimits, HubSpotSimulator, ObjectType};
use crate::Error;
use crate::conformance::crm::CrmFixture;
use crate::http::{FaultQueue, Listener, TrafficMeter};
use crate::synthetic::SyntheticOrg;

/// What a simulator holds and how it serves it. Start it with [`start`](Self::start).
#[derive(Debug)]
pub struct HubSpotSimulatorBuilder {
    port: u16,
    token: SecretString,
    limits: HubSpotLimits,
    revoked_scopes: BTreeSet<String>,
    associations_page: usize,
    owners_page: usize,
    numeric_association_ids: bool,
    gzip_from_bytes: Option<usize>,
    portal: Portal,
    archived: Vec<(ObjectType, String)>,
    /// Ids that were merged away, and their survivors.
    merged: Vec<(ObjectType, String, String)>,
}

impl HubSpotSimulator {
    /// Configures one.
    pub fn builder() -> HubSpotSimulatorBuilder {
        HubSpotSimulatorBuilder::default()
    }
}

impl Default for HubSpotSimulatorBuilder {
    fn default() -> Self {
        Self {
            port: 0,
            token: SecretString::from(DEFAULT_TOKEN),
            limits: HubSpotLimits::default(),
            revoked_scopes: BTreeSet::new(),
            associations_page: usize::MAX,
            owners_page: usize::MAX,
            numeric_association_ids: false,
            gzip_from_bytes: Some(16 * 1024),
            portal: Portal::default(),
            archived: Vec::new(),
            merged: Vec::new(),
        }
    }
}

impl HubSpotSimulatorBuilder {
    /// Port on 127.0.0.1; 0, the default, takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The accepted token; [`DEFAULT_TOKEN`] otherwise.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        Self {
            token: SecretString::from(token),
            ..self
        }
    }

    /// Limits on requests; none by default.
    #[must_use]
    pub fn limits(self, limits: HubSpotLimits) -> Self {
        Self { limits, ..self }
    }

    /// Takes a scope from the token, such as `crm.objects.owners.read`.
    #[must_use]
    pub fn without_scope(mut self, scope: &str) -> Self {
        self.revoked_scopes.insert(scope.to_owned());
        self
    }

    /// Shorter pages of associations than HubSpot's 500 for each record, so that few
    /// records need many. At least 1.
    #[must_use]
    pub fn associations_page(self, associations: usize) -> Self {
        Self {
            associations_page: associations.max(1),
            ..self
        }
    }

    /// Shorter pages of owners than are asked for. At least 1.
    #[must_use]
    pub fn owners_page(self, owners: usize) -> Self {
        Self {
            owners_page: owners.max(1),
            ..self
        }
    }

    /// Writes `toObjectId` of associations as a number, as the version 4 that came
    /// before the dated ones did, instead of text.
    #[must_use]
    pub fn numeric_association_ids(self, numeric: bool) -> Self {
        Self {
            numeric_association_ids: numeric,
            ..self
        }
    }

    /// Compress replies of at least this many bytes for clients that accept gzip;
    /// `None` switches it off. Default 16 KiB.
    #[must_use]
    pub fn gzip_from_bytes(self, least: Option<usize>) -> Self {
        Self {
            gzip_from_bytes: least,
            ..self
        }
    }

    /// Adds stages, in pipelines of their ids. Add them before deals that do not know
    /// their probability.
    #[must_use]
    pub fn stages<'a>(mut self, stages: impl IntoIterator<Item = &'a Stage>) -> Self {
        stages
            .into_iter()
            .for_each(|stage| self.portal.put_stage(stage));
        self
    }

    /// Adds deals with the associations they name, the first company as the primary
    /// one. Owners whose names they know are added too.
    #[must_use]
    pub fn deals<'a>(mut self, deals: impl IntoIterator<Item = &'a Deal>) -> Self {
        deals
            .into_iter()
            .for_each(|deal| self.portal.put_deal(deal));
        self
    }

    /// Adds contacts with their primary companies.
    #[must_use]
    pub fn contacts<'a>(mut self, contacts: impl IntoIterator<Item = &'a Contact>) -> Self {
        contacts
            .into_iter()
            .for_each(|contact| self.portal.put_contact(contact));
        self
    }

    /// Adds companies.
    #[must_use]
    pub fn companies<'a>(mut self, companies: impl IntoIterator<Item = &'a Company>) -> Self {
        companies
            .into_iter()
            .for_each(|company| self.portal.put_company(company));
        self
    }

    /// Adds owners.
    #[must_use]
    pub fn owners<'a>(mut self, owners: impl IntoIterator<Item = &'a Owner>) -> Self {
        owners
            .into_iter()
            .for_each(|owner| self.portal.put_owner(owner));
        self
    }

    /// Adds what the conformance suite expects of a source: archived and merged records
    /// and owners who left included.
    #[must_use]
    pub fn fixture(self, fixture: &CrmFixture) -> Self {
        let (deal, contact, company) = &fixture.archived;
        let mut filled = self
            .stages(&fixture.stages)
            .deals(fixture.deals.iter().chain([deal]))
            .contacts(fixture.contacts.iter().chain([contact]))
            .companies(fixture.companies.iter().chain([company]))
            .owners(fixture.owners.iter().chain([&fixture.archived_owner]));
        filled.archived.extend([
            (ObjectType::Deal, deal.id.to_string()),
            (ObjectType::Contact, contact.id.to_string()),
            (ObjectType::Company, company.id.to_string()),
        ]);
        let (deal, contact, company) = &fixture.merged;
        let pair = |asked: &dyn ToString, survivor: &dyn ToString| {
            (asked.to_string(), survivor.to_string())
        };
        for (object, (asked, survivor)) in [
            (ObjectType::Deal, pair(&deal.asked, &deal.survivor)),
            (ObjectType::Contact, pair(&contact.asked, &contact.survivor)),
            (ObjectType::Company, pair(&company.asked, &company.survivor)),
        ] {
            filled.merged.push((object, asked, survivor));
        }
        let (contact, address) = &fixture.secondary_email;
        filled.portal.add_email(contact.as_str(), address);
        filled
    }

    /// Adds the CRM records of a synthetic company. Owners have the addresses of its
    /// users.
    #[must_use]
    pub fn org(self, org: &SyntheticOrg) -> Self {
        let mut filled = self
            .stages(&org.stages)
            .deals(&org.deals)
            .contacts(&org.contacts)
            .companies(&org.companies);
        for owner in filled.portal.owners.values_mut() {
            let user = org.users.iter().find(|user| {
                let names = [&user["firstName"], &user["lastName"]];
                let names: Vec<&str> = names.iter().filter_map(|name| name.as_str()).collect();
                owner.name.as_deref() == Some(&names.join(" "))
            });
            let address = user.and_then(|user| user["emailAddress"].as_str());
            owner.email = address.map(str::to_owned);
        }
        filled
    }

    /// Listens and serves in the current Tokio runtime until the result is dropped.
    ///
    /// # Errors
    /// `Config` when the port cannot be bound.
    pub async fn start(self) -> Result<HubSpotSimulator, Error> {
        let listener = Listener::bind(self.port).await?;
        let mut portal = self.portal;
        for (object, id) in self.archived {
            portal.edit(object, &id, |record| {
                record.archived_at = Some(record.created);
            })?;
        }
        for (object, asked, survivor) in self.merged {
            portal.absorb(object, &asked, &survivor)?;
        }
        let settings = Settings {
            started: Instant::now(),
            associations_page: self.associations_page,
            owners_page: self.owners_page,
            numeric_association_ids: self.numeric_association_ids,
            gzip_from_bytes: self.gzip_from_bytes,
        };
        let changing = Changing {
            portal,
            frozen_index: None,
            token: Token::new(self.token.expose_secret()),
            revoked_scopes: self.revoked_scopes,
            limits: LimitMeter::new(self.limits),
            refusals: 0,
            faults: FaultQueue::default(),
            traffic: TrafficMeter::default(),
            correlation_ids: fastrand::Rng::with_seed(u64::from(listener.port())),
            ahead: Duration::ZERO,
        };
        let shared = Shared {
            settings,
            changing: Mutex::new(changing),
        };
        Ok(HubSpotSimulator::serve(listener, shared))
    }
}
