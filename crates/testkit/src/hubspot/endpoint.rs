//! From a path to the endpoint it names.

use super::ObjectType;

/// The dated versions that are served.
const VERSIONS: [&str; 2] = ["2026-03", "2026-09"];

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Endpoint {
    List(ObjectType),
    Read(ObjectType, String),
    BatchRead(ObjectType),
    Search(ObjectType),
    RecordAssociations(ObjectType, String, ObjectType),
    AssociationBatch(ObjectType, ObjectType),
    AssociationLabels(ObjectType, ObjectType),
    Pipelines(ObjectType),
    Owners,
    Owner(String),
    Properties(ObjectType),
    AccountDetails,
    DailyUsage,
}

/// Why a path names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoEndpoint {
    UnknownPath,
    /// An object type that there is not, or that is not simulated.
    UnknownObjectType(String),
}

impl Endpoint {
    pub(super) fn parse(path: &str) -> Result<Self, NoEndpoint> {
        let object = |text: &str| {
            ObjectType::parse(text).ok_or_else(|| NoEndpoint::UnknownObjectType(text.to_owned()))
        };
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let (version, endpoint) = match *segments.as_slice() {
            ["crm", "objects", version, kind] => (version, Self::List(object(kind)?)),
            ["crm", "objects", version, kind, "search"] => (version, Self::Search(object(kind)?)),
            ["crm", "objects", version, kind, "batch", "read"] => {
                (version, Self::BatchRead(object(kind)?))
            }
            ["crm", "objects", version, kind, id, "associations", to] => (
                version,
                Self::RecordAssociations(object(kind)?, decoded(id), object(to)?),
            ),
            ["crm", "objects", version, kind, id] => {
                (version, Self::Read(object(kind)?, decoded(id)))
            }
            ["crm", "associations", version, from, to, "batch", "read"] => {
                (version, Self::AssociationBatch(object(from)?, object(to)?))
            }
            ["crm", "associations", version, from, to, "labels"] => {
                (version, Self::AssociationLabels(object(from)?, object(to)?))
            }
            ["crm", "pipelines", version, kind] => (version, Self::Pipelines(object(kind)?)),
            ["crm", "owners", version] => (version, Self::Owners),
            ["crm", "owners", version, id] => (version, Self::Owner(decoded(id))),
            ["crm", "properties", version, kind] => (version, Self::Properties(object(kind)?)),
            ["account-info", version, "details"] => (version, Self::AccountDetails),
            [
                "account-info",
                version,
                "api-usage",
                "daily",
                "private-apps",
            ] => (version, Self::DailyUsage),
            _ => return Err(NoEndpoint::UnknownPath),
        };
        match VERSIONS.contains(&version) {
            true => Ok(endpoint),
            false => Err(NoEndpoint::UnknownPath),
        }
    }

    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::BatchRead(_) | Self::Search(_) | Self::AssociationBatch(..) => "POST",
            _ => "GET",
        }
    }

    pub(super) fn is_search(&self) -> bool {
        matches!(self, Self::Search(_))
    }

    /// The path without version and ids, with plural names.
    pub(super) fn folded(&self) -> String {
        match self {
            Self::List(object) => format!("/crm/objects/{}", object.plural()),
            Self::Read(object, _) => format!("/crm/objects/{}/{{id}}", object.plural()),
            Self::BatchRead(object) => format!("/crm/objects/{}/batch/read", object.plural()),
            Self::Search(object) => format!("/crm/objects/{}/search", object.plural()),
            Self::RecordAssociations(from, _, to) => format!(
                "/crm/objects/{}/{{id}}/associations/{}",
                from.plural(),
                to.plural()
            ),
            Self::AssociationBatch(from, to) => format!(
                "/crm/associations/{}/{}/batch/read",
                from.plural(),
                to.plural()
            ),
            Self::AssociationLabels(from, to) => {
                format!("/crm/associations/{}/{}/labels", from.plural(), to.plural())
            }
            Self::Pipelines(object) => format!("/crm/pipelines/{}", object.plural()),
            Self::Owners => "/crm/owners".to_owned(),
            Self::Owner(_) => "/crm/owners/{id}".to_owned(),
            Self::Properties(object) => format!("/crm/properties/{}", object.plural()),
            Self::AccountDetails => "/account-info/details".to_owned(),
            Self::DailyUsage => "/account-info/api-usage/daily/private-apps".to_owned(),
        }
    }

    pub(super) fn scopes(&self) -> Vec<&'static str> {
        match self {
            Self::List(object)
            | Self::Read(object, _)
            | Self::BatchRead(object)
            | Self::Search(object)
            | Self::Pipelines(object)
            | Self::Properties(object) => vec![object.read_scope()],
            Self::RecordAssociations(from, _, to)
            | Self::AssociationBatch(from, to)
            | Self::AssociationLabels(from, to) => vec![from.read_scope(), to.read_scope()],
            Self::Owners | Self::Owner(_) => vec!["crm.objects.owners.read"],
            Self::AccountDetails | Self::DailyUsage => Vec::new(),
        }
    }
}

/// A segment without its percent signs; a plus sign in it is one.
fn decoded(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B");
    url::form_urlencoded::parse(escaped.as_bytes())
        .map(|(text, _)| text.into_owned())
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_ids_and_names_are_one_endpoint_in_both_versions() {
        for path in [
            "/crm/objects/2026-09/0-3/batch/read",
            "/crm/objects/2026-03/deals/batch/read",
        ] {
            let endpoint = Endpoint::parse(path).unwrap();
            assert_eq!(endpoint, Endpoint::BatchRead(ObjectType::Deal));
            assert_eq!(endpoint.folded(), "/crm/objects/deals/batch/read");
        }
    }

    #[test]
    fn other_versions_and_the_legacy_paths_are_unknown() {
        for path in [
            "/crm/objects/2025-09/deals",
            "/crm/objects/v3/deals",
            "/crm/v3/objects/deals",
            "/crm/v4/associations/deals/contacts/batch/read",
            "/crm/objects/2026-09/deals/",
        ] {
            let parsed = Endpoint::parse(path);
            assert!(
                !matches!(parsed, Ok(Endpoint::List(_))),
                "{path}: {parsed:?}"
            );
        }
        assert_eq!(
            Endpoint::parse("/crm/v3/objects/deals"),
            Err(NoEndpoint::UnknownPath)
        );
    }

    #[test]
    fn ids_in_a_path_are_decoded() {
        let path = "/crm/objects/2026-09/contacts/ana%2Bx+y%40buyer.example";
        let expected = Endpoint::Read(ObjectType::Contact, "ana+x+y@buyer.example".to_owned());
        assert_eq!(Endpoint::parse(path), Ok(expected));
    }
}
