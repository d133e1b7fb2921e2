//! Deals, contacts and companies: the business context of a call.

use std::fmt;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{CompanyId, ContactId, DealId, OwnerId, PipelineId, StageId, StageStay};

/// A CRM object that Gong linked to a call or to a party.
///
/// The values are what Gong saw when it was asked, which may be older than the
/// CRM's own. Several deals per call are possible, and with both timings the
/// same object comes twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrmReference {
    /// `HubSpot`, `Salesforce`, …, as Gong names the system.
    pub system: String,
    /// What it is.
    pub kind: CrmObjectKind,
    /// The CRM's own id.
    pub id: String,
    /// Whether values are of now or of the time of the call; `None` when Gong does not say.
    pub timing: Option<CrmTiming>,
    /// Name of the object.
    pub name: Option<String>,
    /// Stage of a deal as Gong saw it (name or id, as the CRM integration sends it).
    pub stage: Option<String>,
    /// Amount of a deal as Gong saw it, when it is [one](is_amount).
    pub amount: Option<Decimal>,
}

/// Whether a number can be the amount of a deal: at most 26 digits before the decimal
/// point, which every store holds. More is a typing error in the CRM.
///
/// ```
/// use calls::is_amount;
///
/// assert!(is_amount("-99999999999999999999999999.99".parse()?));
/// assert!(!is_amount("100000000000000000000000000".parse()?));
/// # Ok::<(), rust_decimal::Error>(())
/// ```
pub fn is_amount(number: Decimal) -> bool {
    number.trunc().mantissa().unsigned_abs() < 10_u128.pow(26)
}

/// What kind of CRM object a reference names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum CrmObjectKind {
    /// `Opportunity` or `Deal` on the wire.
    Deal,
    /// `Account` or `Company` on the wire.
    Company,
    /// `Contact` on the wire.
    Contact,
    /// Anything else, such as `Lead` or `User`, as the source spells it.
    Other(String),
}

impl CrmObjectKind {
    /// Reads the source's spelling, in any case.
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "opportunity" | "deal" => Self::Deal,
            "account" | "company" => Self::Company,
            "contact" => Self::Contact,
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl fmt::Display for CrmObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deal => "deal",
            Self::Company => "company",
            Self::Contact => "contact",
            Self::Other(kind) => kind,
        })
    }
}

/// When the values of a [`CrmReference`] were true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CrmTiming {
    /// When Gong was asked.
    Now,
    /// When the call took place.
    TimeOfCall,
}

/// A deal as the CRM has it. [`Deal::new`] makes one; what else is known goes into
/// its fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Deal {
    /// The CRM's id.
    pub id: DealId,
    /// Name.
    pub name: Option<String>,
    /// Amount in the deal's currency; see [`is_amount`].
    pub amount: Option<Decimal>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Pipeline.
    pub pipeline_id: Option<PipelineId>,
    /// Stage: an internal id; its label is in the [`Stage`] catalogue.
    pub stage_id: Option<StageId>,
    /// Label of the stage, when the source knows it. An unknown stage is not an error.
    pub stage_label: Option<String>,
    /// Chance to be won, 0 to 1, as the stage says.
    pub probability: Option<f64>,
    /// Expected close while open, actual close when closed.
    pub close_date: Option<Timestamp>,
    /// Creation.
    pub created: Option<Timestamp>,
    /// CRM user who owns it.
    pub owner_id: Option<OwnerId>,
    /// Owner's name, when the source knows it.
    pub owner_name: Option<String>,
    /// How it ended, by the CRM's own flags and never by stage name or date.
    pub outcome: DealOutcome,
    /// Contacts associated with it.
    pub contact_ids: Vec<ContactId>,
    /// Companies associated with it, the primary one first.
    pub company_ids: Vec<CompanyId>,
    /// The stages it was in, earliest first, as far as the CRM remembers.
    #[serde(default)]
    pub stage_stays: Vec<StageStay>,
}

impl Deal {
    /// An open deal of which only its id is known.
    pub fn new(id: impl Into<DealId>) -> Self {
        Self {
            id: id.into(),
            name: None,
            amount: None,
            currency: None,
            pipeline_id: None,
            stage_id: None,
            stage_label: None,
            probability: None,
            close_date: None,
            created: None,
            owner_id: None,
            owner_name: None,
            outcome: DealOutcome::Open,
            contact_ids: Vec::new(),
            company_ids: Vec::new(),
            stage_stays: Vec::new(),
        }
    }
}

/// How a deal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DealOutcome {
    /// Closed and won.
    Won,
    /// Closed and lost.
    Lost,
    /// Still open.
    #[default]
    Open,
    /// The CRM does not say, or not so that it can be read. Counted nowhere.
    Unknown,
}

impl DealOutcome {
    /// `won`, `lost`, `open` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Open => "open",
            Self::Unknown => "unknown",
        }
    }

    /// Reads [`as_str`](Self::as_str)'s spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "won" => Some(Self::Won),
            "lost" => Some(Self::Lost),
            "open" => Some(Self::Open),
            "unknown" => Some(Self::Unknown),
            _ => None,
        }
    }

    /// Whether the deal is known to have ended.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Won | Self::Lost)
    }
}

impl Deal {
    /// The stay that an instant falls into: from its entry, until before its exit. `None`
    /// when the CRM does not remember one.
    ///
    /// ```
    /// # fn stage_then(deal: &calls::Deal) -> Option<&str> {
    /// let call_started = "2026-03-05T12:00:00Z".parse().ok()?;
    /// let stay = deal.stay_at(call_started)?;
    /// Some(stay.stage_label.as_deref().unwrap_or(stay.stage_id.as_str()))
    /// # }
    /// ```
    pub fn stay_at(&self, instant: Timestamp) -> Option<&StageStay> {
        let holds = |stay: &&StageStay| {
            stay.entered <= instant && stay.exited.is_none_or(|exited| instant < exited)
        };
        self.stage_stays.iter().rev().find(holds)
    }

    /// Whole days from its creation to its close, 0 when it was closed on the day it was
    /// created or entered later; `None` unless it is known to be closed, and both dates are.
    pub fn days_to_close(&self) -> Option<u64> {
        if !self.outcome.is_closed() {
            return None;
        }
        let seconds = self.close_date?.as_second() - self.created?.as_second();
        u64::try_from(seconds / 86_400).map_or(Some(0), Some)
    }
}

/// A person in the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The CRM's id.
    pub id: ContactId,
    /// E-mail address.
    pub email: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Primary company.
    pub company_id: Option<CompanyId>,
}

/// A company in the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The CRM's id.
    pub id: CompanyId,
    /// Name.
    pub name: Option<String>,
    /// Web domain.
    pub domain: Option<String>,
    /// Industry, as the CRM spells it.
    pub industry: Option<String>,
}

/// A stage of a deal pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// The pipeline; stage ids are unique only within it.
    pub pipeline_id: PipelineId,
    /// The stage.
    pub id: StageId,
    /// Its display name.
    pub label: String,
    /// Chance to be won, 0 to 1.
    pub probability: Option<f64>,
    /// Position in the pipeline, from 0.
    pub display_order: u32,
}

/// A user of the CRM who owns records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The CRM's id of the owner, as [`Deal::owner_id`] has it.
    pub id: OwnerId,
    /// Full name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the user has left or was removed. What they owned stays theirs.
    pub archived: bool,
}

/// That two CRM records belong together, seen from one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Association {
    /// Id of the record that it is seen from.
    pub from_id: String,
    /// Id of the record at the other end.
    pub to_id: String,
    /// Whether the CRM calls it the main one, as the primary company of a deal is.
    /// From a company's side, whether it is the deal's or contact's primary company.
    pub is_primary: bool,
    /// Its label, such as `Decision maker`; mostly empty.
    pub labels: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_to_close_are_whole_days_of_closed_deals() {
        let instant = |text: &str| text.parse::<Timestamp>().ok();
        let deal = |outcome, created: &str, closed: &str| Deal {
            id: "1".into(),
            name: None,
            amount: None,
            currency: None,
            pipeline_id: None,
            stage_id: None,
            stage_label: None,
            probability: None,
            close_date: instant(closed),
            created: instant(created),
            owner_id: None,
            owner_name: None,
            outcome,
            contact_ids: Vec::new(),
            company_ids: Vec::new(),
            stage_stays: Vec::new(),
        };
        let (start, end) = ("2026-01-01T12:00:00Z", "2026-01-31T11:59:59Z");
        assert_eq!(deal(DealOutcome::Won, start, end).days_to_close(), Some(29));
        assert_eq!(deal(DealOutcome::Lost, end, start).days_to_close(), Some(0));
        for not_closed in [DealOutcome::Open, DealOutcome::Unknown] {
            assert_eq!(deal(not_closed, start, end).days_to_close(), None);
        }
        assert_eq!(deal(DealOutcome::Won, "unknown", end).days_to_close(), None);
    }
}
