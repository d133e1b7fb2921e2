//! A verified webhook as an argument of a handler. For callers that serve with axum.

use std::sync::Arc;

use axum_core::extract::{DefaultBodyLimit, FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use outbound::bytes::Bytes;
use resilience::ErrorKind;

use super::{CallEvent, WebhookVerifier};
use crate::Error;

/// The bytes of the largest event that is read, 16 MiB: as much as a store holds of one call.
pub const LARGEST_EVENT: usize = 16 * 1024 * 1024;

/// Takes the event of a request that Gong signed, by the verifier in the router's state.
/// Anything else is answered 401, a signed body that is no call 422, and one of more than
/// [`LARGEST_EVENT`] bytes 413, whatever axum's own limit is; the reason is logged and not told.
/// The body is not read before the token is good.
///
/// ```text
/// async fn hook(event: CallEvent) -> StatusCode { … }
/// Router::new().route("/gong", post(hook)).with_state(Arc::new(verifier))
/// ```
impl<S> FromRequest<S> for CallEvent
where
    Arc<WebhookVerifier>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Response> {
        let verifier = Arc::<WebhookVerifier>::from_ref(state);
        let authorization = request.headers().get(AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let authorization = authorization.unwrap_or_default().to_owned();
        let refused = |error: Error| {
            tracing::warn!(%error, "webhook refused");
            let status = match error.kind() {
                ErrorKind::Decode => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::UNAUTHORIZED,
            };
            status.into_response()
        };
        let signed = verifier.signed(&authorization, Timestamp::now());
        let signed = signed.map_err(refused)?;
        DefaultBodyLimit::max(LARGEST_EVENT).apply(&mut request);
        let body = Bytes::from_request(request, state);
        let body = body.await.map_err(IntoResponse::into_response)?;
        signed.event(&body).map_err(refused)
    }
}
