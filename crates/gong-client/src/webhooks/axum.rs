//! A verified webhook as an argument of a handler. For callers that serve with axum.

use std::sync::Arc;

use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::AUTHORIZATION;
use outbound::bytes::Bytes;
use resilience::ErrorKind;

use super::{CallEvent, WebhookVerifier};

/// Takes the event of a request that Gong signed, by the verifier in the router's state.
/// Anything else is answered 401, and a signed body that is no call 422; the reason is logged
/// and not told.
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

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let verifier = Arc::<WebhookVerifier>::from_ref(state);
        let authorization = request.headers().get(AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let authorization = authorization.unwrap_or_default().to_owned();
        let body = Bytes::from_request(request, state);
        let body = body.await.map_err(IntoResponse::into_response)?;
        verifier.verify(&authorization, &body).map_err(|error| {
            tracing::warn!(%error, "webhook refused");
            let status = match error.kind() {
                ErrorKind::Decode => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::UNAUTHORIZED,
            };
            status.into_response()
        })
    }
}
