//! The filters and selectors of calls, as Gong takes them.

use calls::{CallId, Timestamp, UserId, WorkspaceId};
use serde::Serialize;

use crate::{CallFilter, ContentParts, ContentSelector, InteractionParts, TranscriptFilter};

pub(crate) fn extensive_body<'a>(
    filter: &'a CallFilter,
    selector: &ContentSelector,
) -> impl Serialize + use<'a> {
    Body {
        filter: WireFilter {
            from_date_time: filter.from,
            to_date_time: filter.to,
            workspace_id: filter.workspace_id.as_ref(),
            call_ids: distinct(&filter.call_ids),
            primary_user_ids: distinct(&filter.primary_user_ids),
        },
        content_selector: Some(wire_selector(selector)),
    }
}

pub(crate) fn transcript_body(filter: &TranscriptFilter) -> impl Serialize {
    Body {
        filter: WireFilter {
            from_date_time: filter.from,
            to_date_time: filter.to,
            workspace_id: filter.workspace_id.as_ref(),
            call_ids: distinct(&filter.call_ids),
            primary_user_ids: Vec::new(),
        },
        content_selector: None,
    }
}

/// Gong declares its lists of ids as unique.
fn distinct<T: Ord>(ids: &[T]) -> Vec<&T> {
    let mut seen = std::collections::BTreeSet::new();
    ids.iter().filter(|id| seen.insert(*id)).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    filter: WireFilter<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_selector: Option<WireSelector>,
}

/// An absent filter is left out: Gong refuses an empty list of ids.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireFilter<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_id: Option<&'a WorkspaceId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    call_ids: Vec<&'a CallId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    primary_user_ids: Vec<&'a UserId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireSelector {
    context: &'static str,
    /// Gong accepts it together with `Extended` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    context_timing: Option<&'static [&'static str]>,
    exposed_fields: ExposedFields,
}

#[derive(Serialize)]
struct ExposedFields {
    parties: bool,
    content: ContentParts,
    interaction: InteractionParts,
    collaboration: Collaboration,
    media: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Collaboration {
    public_comments: bool,
}

fn wire_selector(selector: &ContentSelector) -> WireSelector {
    let ContentSelector {
        parties,
        crm_context,
        content,
        interaction,
        collaboration,
        media,
    } = *selector;
    WireSelector {
        context: crm_context.word(),
        context_timing: crm_context.timing(),
        exposed_fields: ExposedFields {
            parties,
            content,
            interaction,
            collaboration: Collaboration {
                public_comments: collaboration,
            },
            media,
        },
    }
}
