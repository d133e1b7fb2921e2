//! Definitions of the properties that the simulated portal has.

use serde_json::{Value, json};

use super::object_type::ObjectType;

/// How HubSpot compares and validates values of a property. On the wire every value
/// is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
    Text,
    Number,
    DateTime,
    Bool,
    Enumeration,
}

/// A property that every portal has: name and type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property(pub(super) &'static str, pub(super) ValueType);

use ValueType::{Bool, DateTime, Enumeration, Number, Text};

const DEAL_PROPERTIES: &[Property] = &[
    Property("amount", Number),
    Property("amount_in_home_currency", Number),
    Property("closed_lost_reason", Text),
    Property("closed_won_reason", Text),
    Property("closedate", DateTime),
    Property("createdate", DateTime),
    Property("days_to_close", Number),
    Property("deal_currency_code", Enumeration),
    Property("dealname", Text),
    Property("dealstage", Enumeration),
    Property("dealtype", Enumeration),
    Property("description", Text),
    Property("hs_acv", Number),
    Property("hs_analytics_source", Enumeration),
    Property("hs_arr", Number),
    Property("hs_createdate", DateTime),
    Property("hs_deal_stage_probability", Number),
    Property("hs_forecast_amount", Number),
    Property("hs_forecast_probability", Number),
    Property("hs_is_closed", Bool),
    Property("hs_is_closed_lost", Bool),
    Property("hs_is_closed_won", Bool),
    Property("hs_lastmodifieddate", DateTime),
    Property("hs_manual_forecast_category", Enumeration),
    Property("hs_merged_object_ids", Enumeration),
    Property("hs_mrr", Number),
    Property("hs_next_step", Text),
    Property("hs_object_id", Number),
    Property("hs_priority", Enumeration),
    Property("hs_projected_amount", Number),
    Property("hs_tcv", Number),
    Property("hs_v2_date_entered_current_stage", DateTime),
    Property("hubspot_owner_id", Enumeration),
    Property("notes_last_updated", DateTime),
    Property("num_associated_contacts", Number),
    Property("pipeline", Enumeration),
];

const CONTACT_PROPERTIES: &[Property] = &[
    Property("associatedcompanyid", Number),
    Property("company", Text),
    Property("createdate", DateTime),
    Property("email", Text),
    Property("firstname", Text),
    Property("hs_additional_emails", Enumeration),
    Property("hs_lead_status", Enumeration),
    Property("hs_merged_object_ids", Enumeration),
    Property("hs_object_id", Number),
    Property("hubspot_owner_id", Enumeration),
    Property("jobtitle", Text),
    Property("lastmodifieddate", DateTime),
    Property("lastname", Text),
    Property("lifecyclestage", Enumeration),
    Property("phone", Text),
];

const COMPANY_PROPERTIES: &[Property] = &[
    Property("annualrevenue", Number),
    Property("createdate", DateTime),
    Property("domain", Text),
    Property("hs_additional_domains", Enumeration),
    Property("hs_lastmodifieddate", DateTime),
    Property("hs_merged_object_ids", Enumeration),
    Property("hs_object_id", Number),
    Property("hs_parent_company_id", Number),
    Property("hubspot_owner_id", Enumeration),
    Property("industry", Enumeration),
    Property("lifecyclestage", Enumeration),
    Property("name", Text),
    Property("numberofemployees", Number),
];

impl ObjectType {
    /// The properties that every portal has, as far as they are simulated.
    pub(super) fn standard_properties(self) -> &'static [Property] {
        match self {
            Self::Deal => DEAL_PROPERTIES,
            Self::Contact => CONTACT_PROPERTIES,
            Self::Company => COMPANY_PROPERTIES,
        }
    }
}

/// The type of a property; `None` for one that the portal does not have. The dates at
/// which a deal entered and left a stage exist for every stage.
pub(super) fn value_type(object: ObjectType, name: &str) -> Option<ValueType> {
    let standard = object.standard_properties().iter();
    let known = standard
        .filter(|Property(known, _)| *known == name)
        .map(|Property(_, kind)| *kind)
        .next();
    let stage_date = object == ObjectType::Deal
        && (name.starts_with("hs_v2_date_entered_") || name.starts_with("hs_v2_date_exited_"));
    known.or(stage_date.then_some(DateTime))
}

/// A definition in the shape of `GET /crm/properties/{version}/{type}`. Labels and
/// groups are the simulator's.
pub(super) fn definition(object: ObjectType, name: &str, kind: ValueType, is_own: bool) -> Value {
    let (value_type, field_type) = match kind {
        Text => ("string", "text"),
        Number => ("number", "number"),
        DateTime => ("datetime", "date"),
        Bool => ("bool", "booleancheckbox"),
        Enumeration => ("enumeration", "select"),
    };
    json!({
        "name": name,
        "label": name.replace('_', " "),
        "type": value_type,
        "fieldType": field_type,
        "groupName": format!("{}information", object.singular()),
        "description": "",
        "options": [],
        "displayOrder": -1,
        "calculated": name.starts_with("hs_is_closed"),
        "externalOptions": false,
        "hasUniqueValue": is_unique(object, name),
        "hidden": false,
        "hubspotDefined": !is_own,
        "archived": false,
        "formField": false,
    })
}

/// Whether records can be asked for by this property with `idProperty`.
pub(super) fn is_unique(object: ObjectType, name: &str) -> bool {
    object == ObjectType::Contact && name == "email"
}
