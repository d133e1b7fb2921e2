//! Which records belong together, with HubSpot's directional association types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::ObjectType;
use super::record::RecordId;

/// What HubSpot's reply calls an association that is the main one.
const PRIMARY_LABEL: &str = "Primary";

/// One association, the same from both ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    pub(super) is_primary: bool,
    pub(super) labels: BTreeSet<String>,
}

/// A kind of association in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinkType {
    pub(super) category: &'static str,
    pub(super) type_id: u32,
    pub(super) label: Option<String>,
}

impl LinkType {
    fn defined(type_id: u32, label: Option<&str>) -> Self {
        Self {
            category: "HUBSPOT_DEFINED",
            type_id,
            label: label.map(str::to_owned),
        }
    }

    pub(super) fn wire(&self) -> Value {
        json!({"category": self.category, "typeId": self.type_id, "label": self.label})
    }
}

/// Type ids of the primary and of the unlabelled association in one direction; `None`
/// when HubSpot does not associate the two, or the simulator does not.
fn defined_type_ids(from: ObjectType, to: ObjectType) -> Option<(Option<u32>, u32)> {
    use ObjectType::{Company, Contact, Deal};
    match (from, to) {
        (Deal, Company) => Some((Some(5), 341)),
        (Company, Deal) => Some((Some(6), 342)),
        (Contact, Company) => Some((Some(1), 279)),
        (Company, Contact) => Some((Some(2), 280)),
        (Deal, Contact) => Some((None, 3)),
        (Contact, Deal) => Some((None, 4)),
        (Deal, Deal) | (Contact, Contact) | (Company, Company) => None,
    }
}

/// Whether the simulator associates the two.
pub(super) fn can_link(from: ObjectType, to: ObjectType) -> bool {
    defined_type_ids(from, to).is_some()
}

type End = (ObjectType, RecordId);

/// All associations of a portal.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// Both directions, so that either end finds the other.
    by_end: BTreeMap<(End, ObjectType), BTreeMap<RecordId, Link>>,
    /// Users' labels between two kinds, in the order they were first used.
    labels: Vec<(ObjectType, ObjectType, String)>,
}

impl Links {
    /// Associates two records, or changes how they are associated.
    pub(super) fn change(&mut self, one: &End, other: &End, change: impl Fn(&mut Link)) {
        for (from, to) in [(one, other), (other, one)] {
            let ends = self.by_end.entry((from.clone(), to.0)).or_default();
            change(ends.entry(to.1.clone()).or_default());
        }
    }

    /// Makes one the main one of `from` among its kind; what was it before stays
    /// associated.
    pub(super) fn make_primary(&mut self, from: &End, to: &End) {
        self.unmake_primary(from, to.0);
        self.change(from, to, |link| link.is_primary = true);
    }

    /// Leaves `from` without a main one of a kind.
    pub(super) fn unmake_primary(&mut self, from: &End, to: ObjectType) {
        for other in self.ends_of(from, to) {
            self.change(from, &other, |link| link.is_primary = false);
        }
    }

    /// Ends every association of a record.
    pub(super) fn clear(&mut self, one: &End) {
        for kind in ObjectType::ALL {
            for other in self.ends_of(one, kind) {
                self.cut(one, &other);
            }
        }
    }

    fn ends_of(&self, from: &End, to: ObjectType) -> Vec<End> {
        self.of(from, to).map(|(id, _)| (to, id.clone())).collect()
    }

    /// Names an association, and the label if it is new.
    pub(super) fn label(&mut self, one: &End, other: &End, label: &str) {
        let known = self.label_index(one.0, other.0, label).is_some();
        if !known {
            self.labels.push((one.0, other.0, label.to_owned()));
        }
        self.change(one, other, |link| {
            link.labels.insert(label.to_owned());
        });
    }

    /// Ends an association; false when there was none.
    pub(super) fn cut(&mut self, one: &End, other: &End) -> bool {
        let mut found = false;
        for (from, to) in [(one, other), (other, one)] {
            if let Some(ends) = self.by_end.get_mut(&(from.clone(), to.0)) {
                found |= ends.remove(&to.1).is_some();
            }
        }
        found
    }

    /// Records of a kind that are associated with one, by ascending id.
    pub(super) fn of<'a>(
        &'a self,
        from: &End,
        to: ObjectType,
    ) -> impl Iterator<Item = (&'a RecordId, &'a Link)> + use<'a> {
        self.by_end.get(&(from.clone(), to)).into_iter().flatten()
    }

    /// Gives what one record is associated with to another, which keeps its own
    /// primary ones.
    pub(super) fn hand_over(&mut self, from: &End, heir: &End) {
        for kind in ObjectType::ALL {
            let taken = self
                .by_end
                .remove(&(from.clone(), kind))
                .unwrap_or_default();
            let has_primary = self.of(heir, kind).any(|(_, link)| link.is_primary);
            for (id, link) in taken {
                if let Some(back) = self.by_end.get_mut(&((kind, id.clone()), from.0)) {
                    back.remove(&from.1);
                }
                self.change(heir, &(kind, id), |kept| {
                    kept.is_primary |= link.is_primary && !has_primary;
                    kept.labels.extend(link.labels.iter().cloned());
                });
            }
        }
    }

    /// The types of one association in one direction: the primary one, users' labels,
    /// and always the one without a label.
    pub(super) fn types(&self, from: ObjectType, to: ObjectType, link: &Link) -> Vec<LinkType> {
        let Some((primary, unlabelled)) = defined_type_ids(from, to) else {
            return Vec::new();
        };
        let primary = primary
            .filter(|_| link.is_primary)
            .map(|type_id| LinkType::defined(type_id, Some(PRIMARY_LABEL)));
        let own = link.labels.iter();
        let own = own.filter_map(|label| self.own_type(from, to, label));
        primary
            .into_iter()
            .chain(own)
            .chain([LinkType::defined(unlabelled, None)])
            .collect()
    }

    /// Every type that there is in one direction.
    pub(super) fn definitions(&self, from: ObjectType, to: ObjectType) -> Vec<LinkType> {
        let Some((primary, unlabelled)) = defined_type_ids(from, to) else {
            return Vec::new();
        };
        let primary = primary.map(|type_id| LinkType::defined(type_id, Some(PRIMARY_LABEL)));
        let own = self.labels.iter();
        let own = own.filter_map(|(_, _, label)| self.own_type(from, to, label));
        primary
            .into_iter()
            .chain(own)
            .chain([LinkType::defined(unlabelled, None)])
            .collect()
    }

    fn own_type(&self, from: ObjectType, to: ObjectType, label: &str) -> Option<LinkType> {
        let index = self.label_index(from, to, label)?;
        let is_reverse = self.labels[index].0 != from;
        Some(LinkType {
            category: "USER_DEFINED",
            type_id: 2 * index as u32 + 1 + u32::from(is_reverse),
            label: Some(label.to_owned()),
        })
    }

    fn label_index(&self, from: ObjectType, to: ObjectType, label: &str) -> Option<usize> {
        self.labels.iter().position(|(one, other, known)| {
            known == label && [(*one, *other), (*other, *one)].contains(&(from, to))
        })
    }
}
