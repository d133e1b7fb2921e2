//! The CRM records that Gong links with a call.

use calls::{Call, CrmObjectKind, CrmReference, CrmTiming};

/// What Gong calls the one system that is read.
const SYSTEM: &str = "HubSpot";

/// Kinds of mirrored records that have an id of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Deal,
    Contact,
    Company,
    Owner,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Deal => "deal",
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Owner => "owner",
        }
    }

    fn of(kind: &CrmObjectKind) -> Option<Self> {
        match kind {
            CrmObjectKind::Deal => Some(Self::Deal),
            CrmObjectKind::Contact => Some(Self::Contact),
            CrmObjectKind::Company => Some(Self::Company),
            _ => None,
        }
    }
}

/// A record that a call is linked to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Link {
    pub(crate) kind: Kind,
    pub(crate) id: String,
}

/// The CRM context of a call, as Gong gave it.
#[derive(Debug, Default)]
pub(crate) struct GongContext<'a> {
    pub(crate) links: Vec<Link>,
    /// The first deal, once for each timing that Gong gave.
    deal: Vec<&'a CrmReference>,
    /// Objects of other systems than the one that is read.
    pub(crate) other_systems: u32,
}

impl<'a> GongContext<'a> {
    pub(crate) fn of(call: &'a Call) -> Self {
        let mut context = Self::default();
        let of_parties = call.parties.iter().flat_map(|party| &party.crm);
        for reference in call.crm.iter().chain(of_parties) {
            let Some(kind) = Kind::of(&reference.kind) else {
                continue;
            };
            if !is_read(reference) {
                context.other_systems += 1;
                continue;
            }
            let is_first_deal = context
                .deal
                .first()
                .is_none_or(|first| first.id == reference.id);
            if kind == Kind::Deal && is_first_deal {
                context.deal.push(reference);
            }
            context.links.push(Link {
                kind,
                id: reference.id.clone(),
            });
        }
        context
    }

    /// A value of the first deal as it is now: of the time of the call only where Gong
    /// gave nothing else.
    pub(crate) fn deal_now<T>(&self, value: impl Fn(&'a CrmReference) -> Option<T>) -> Option<T> {
        let at_call = |reference: &&&CrmReference| reference.timing == Some(CrmTiming::TimeOfCall);
        let now = self.deal.iter().filter(|reference| !at_call(reference));
        let then = self.deal.iter().filter(at_call);
        now.chain(then).find_map(|reference| value(reference))
    }

    /// The stage of the first deal when the call took place.
    pub(crate) fn stage_at_call(&self) -> Option<&'a str> {
        self.deal
            .iter()
            .find(|reference| reference.timing == Some(CrmTiming::TimeOfCall))
            .and_then(|reference| reference.stage.as_deref())
    }
}

/// Whether a reference is one of the system that is read.
pub(crate) fn is_read(reference: &CrmReference) -> bool {
    reference.system.eq_ignore_ascii_case(SYSTEM)
}

/// Id of the first record of a kind.
pub(crate) fn first(links: &[Link], kind: Kind) -> Option<&str> {
    links
        .iter()
        .find(|link| link.kind == kind)
        .map(|link| link.id.as_str())
}

#[cfg(test)]
mod tests {
    use calls::gong;

    use super::*;

    fn call(context: &str) -> Call {
        let json = format!(
            r#"{{"metaData": {{"id": "1", "started": "2026-01-01T10:00:00Z", "duration": 60}},
                 "context": {context}, "parties": []}}"#
        );
        gong::decode_call(&json).unwrap()
    }

    #[test]
    fn both_timings_are_one_deal_with_two_stages() {
        let call = call(
            r#"[{"system": "HubSpot", "objects": [
                {"objectType": "Opportunity", "objectId": "7", "timing": "TimeOfCall",
                 "fields": [{"name": "StageName", "value": "Demo"}, {"name": "Name", "value": "Acme"}]},
                {"objectType": "Opportunity", "objectId": "7", "timing": "Now",
                 "fields": [{"name": "StageName", "value": "Contract"}]},
                {"objectType": "Deal", "objectId": "8", "timing": "TimeOfCall",
                 "fields": [{"name": "StageName", "value": "Another deal's"}]}]},
               {"system": "Salesforce", "objects": [{"objectType": "Opportunity", "objectId": "006"}]}]"#,
        );
        let context = GongContext::of(&call);
        assert_eq!(context.stage_at_call(), Some("Demo"));
        assert_eq!(
            context.deal_now(|deal| deal.stage.as_deref()),
            Some("Contract")
        );
        assert_eq!(
            context.deal_now(|deal| deal.name.as_deref()),
            Some("Acme"),
            "what only one timing has"
        );
        assert_eq!(context.other_systems, 1);
        assert!(context.links.iter().all(|link| link.id != "006"));
    }
}
