//! A simulator of HubSpot's CRM API, in its versions 2026-03 and 2026-09.
//!
//! [`HubSpotSimulator`] listens on loopback and serves deals, contacts and companies
//! with their associations, owners, pipelines and properties, as HubSpot's OpenAPI
//! documents, its developer documentation and programs that talk to it show:
//!
//! - `POST /crm/objects/{version}/{type}/batch/read` (100 inputs), `GET …/{id}`,
//!   `GET …` (pages), `POST …/search`, with object type ids (`0-3`) or plural names.
//! - `POST /crm/associations/{version}/{from}/{to}/batch/read` (1,000 inputs, each with
//!   pages of its own), `GET …/labels`, `GET /crm/objects/…/{id}/associations/{to}`.
//! - `GET /crm/pipelines/{version}/deals`, `/crm/owners/{version}`,
//!   `/crm/properties/{version}/{type}`, `/account-info/{version}/details` and
//!   `…/api-usage/daily/private-apps`.
//! - Every value of a property is text or null; probabilities are written out as
//!   doubles are (`0.200000000000000011102230246251565404236316680908203125`); instants
//!   have a fraction or have none. Unknown properties in a request are ignored;
//!   properties that are known and empty come as null.
//! - A batch that lacks a record is 207 with `OBJECT_NOT_FOUND` and the ids in
//!   `context.ids`; a batch of associations is 207 when one of the records has none
//!   (`crm.associations.NO_ASSOCIATIONS_FOUND`).
//! - Search compares text in any case, but lists of texts (`IN`) in lower case only. It
//!   finds contacts by their main address, `idProperty=email` by any of them.
//! - Archived records are found with `archived=true` only, and never by search. Ids that
//!   were merged away answer with the survivor; their associations are the survivor's.
//! - Search stops at 10,000 records, never returns associations, and has its own limit
//!   of requests per second, whose replies carry no rate-limit headers.
//! - 401 `INVALID_AUTHENTICATION`, 403 `MISSING_SCOPES` with the scopes, Cloudflare's
//!   530 for a token of impossible form. 429 with `policyName`, mostly without
//!   `category`; searches' may have nothing but the message to tell them by.
//! - 404 for an id of digits is `resource not found` without a category, for another id
//!   `OBJECT_NOT_FOUND`, for an unknown path or version a page of HTML.
//!
//! # What is the simulator's own
//! Where HubSpot's behaviour is not known, status and category follow what is known of
//! neighbours, and these are invented: the messages of 400, 405, 415 and 423; the body
//! of 477; the pages of 502, 521 to 524 and 530; what form of token is impossible; 414
//! beyond 16 KiB; 400 for a batch without inputs; a record comes once in a batch, however
//! often it is asked for, and in ascending order of ids; which of the 429s carry
//! `Retry-After` and `category` (every second one); the form of cursors other than
//! search's; users' label ids. Writes, OAuth's token endpoint, custom objects, tickets
//! and sensitive properties are not simulated.
//!
//! [`HubSpotState`] changes what is served while a client runs, injects [`Fault`]s, and
//! reports the [`Traffic`] seen.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), testkit::Error> {
//! use testkit::conformance::crm::CrmFixture;
//! use testkit::hubspot::{HubSpotSimulator, ObjectType};
//!
//! let hubspot = HubSpotSimulator::builder().fixture(&CrmFixture::new()).start().await?;
//! assert!(hubspot.base_url().starts_with("http://127.0.0.1:"));
//! hubspot.state().rename_deal("9000000001", "Another name")?;
//! hubspot.state().archive(ObjectType::Deal, "9000000002")?;
//! # Ok(())
//! # }
//! ```

mod account;
mod associations;
mod builder;
mod catalogue;
mod domain;
mod edit;
mod endpoint;
mod fault;
mod filter;
mod limits;
mod links;
mod object_type;
mod objects;
mod pipeline;
mod portal;
mod properties;
mod record;
mod reply;
mod search;
mod serve;
mod server;
mod state;
mod token;
mod wire;

pub use crate::http::{RequestSummary, Traffic};
pub use builder::HubSpotSimulatorBuilder;
pub use fault::{Fault, FaultEffect};
pub use limits::{HubSpotLimits, LimitPolicy};
pub use object_type::ObjectType;
pub use server::HubSpotSimulator;
pub use state::HubSpotState;

/// Token that a simulator accepts unless told otherwise; it grants nothing elsewhere.
pub const DEFAULT_TOKEN: &str = concat!("pat-na1-", "00000000-0000-4000-8000-000000000000");
