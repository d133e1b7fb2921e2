//! The error struct of all crates, defined once.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::ErrorKind;

/// The content of an error that [`error_type!`](crate::error_type) defines.
///
/// Crates wrap it and do not show it; it is public only for the macro.
#[non_exhaustive]
pub struct Fault {
    /// What the caller can do.
    pub kind: ErrorKind,
    /// Lower case, no full stop, no secret, no call text.
    pub message: String,
    /// The field of the input or configuration at fault.
    pub field: Option<String>,
    /// How long to wait before the next attempt.
    pub retry_after: Option<Duration>,
    /// Whether the other side asked for that, rather than this side choosing it.
    pub was_asked_to_wait: bool,
    /// Whether a retry layer gave up on it.
    pub exhausted: bool,
    /// What caused it.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// A fault with a kind and a message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            field: None,
            retry_after: None,
            was_asked_to_wait: false,
            exhausted: false,
            source: None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// What people read when `main` returns it: the message, what the caller can do, and every
/// cause on a line of its own.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.to_string();
        write!(f, "{said} ({})", self.kind.as_str())?;
        let mut cause = self.source.as_deref().map(|source| source as &dyn StdError);
        while let Some(error) = cause {
            let message = error.to_string();
            // Errors that went up a layer often repeat what the one below says.
            if !said.ends_with(&message) {
                write!(f, "\n  caused by: {message}")?;
            }
            said = message;
            cause = error.source();
        }
        Ok(())
    }
}

/// Defines a crate's opaque error: `Error` with `kind()`, `field()`,
/// `is_retryable()`, `retry_after()` and a source, boxed to one word. Name the errors of
/// lower crates that mean the same here after `from`, and `?` converts them.
///
/// ```
/// resilience::error_type! {
///     /// What went wrong in this crate.
///     pub struct Error;
/// }
/// use resilience::{ErrorKind, Failure};
///
/// let error = Error::new(ErrorKind::InvalidInput, "date is not ISO 8601").with_field("from");
/// assert_eq!(error.to_string(), "from: date is not ISO 8601");
/// assert_eq!(error.field(), Some("from"));
/// assert!(!error.is_retryable());
/// // What a program prints whose `main` returns it.
/// assert_eq!(format!("{error:?}"), "from: date is not ISO 8601 (invalid_input)");
///
/// resilience::error_type! {
///     /// What went wrong in a crate above.
///     pub struct Above;
///     from Error;
/// }
/// assert_eq!(Above::from(error).field(), Some("from"));
/// ```
#[macro_export]
macro_rules! error_type {
    ($(#[$doc:meta])* pub struct $name:ident; $(from $below:ty;)*) => {
        $(#[$doc])*
        pub struct $name(Box<$crate::Fault>);

        $(impl From<$below> for $name {
            fn from(below: $below) -> Self {
                Self::from_below(below)
            }
        })*

        impl From<$name> for Box<$crate::Fault> {
            fn from(error: $name) -> Self {
                error.0
            }
        }

        impl $name {
            /// An error with a kind and a message (lower case, no full stop,
            /// no secret, no call text).
            pub fn new(kind: $crate::ErrorKind, message: impl Into<String>) -> Self {
                Self(Box::new($crate::Fault::new(kind, message)))
            }

            /// The error of a crate below, kept as it is.
            pub fn from_below(below: impl Into<Box<$crate::Fault>>) -> Self {
                Self(below.into())
            }

            /// An error of the kind `Config` that names the setting at fault.
            pub fn config(field: impl Into<String>, message: impl Into<String>) -> Self {
                Self::new($crate::ErrorKind::Config, message).with_field(field)
            }

            /// Names the field of the input or configuration at fault.
            #[must_use]
            pub fn with_field(mut self, field: impl Into<String>) -> Self {
                self.0.field = Some(field.into());
                self
            }

            /// Keeps the cause.
            #[must_use]
            pub fn with_source(
                mut self,
                source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
            ) -> Self {
                self.0.source = Some(source.into());
                self
            }

            /// Keeps how long the other side asked to wait.
            #[must_use]
            pub fn with_retry_after(mut self, wait: Option<std::time::Duration>) -> Self {
                self.0.retry_after = wait;
                self.0.was_asked_to_wait = wait.is_some();
                self
            }

            /// Keeps how long this side should wait if the other side did not say.
            #[must_use]
            pub fn with_pause(mut self, wait: std::time::Duration) -> Self {
                self.0.retry_after = Some(wait);
                self.0.was_asked_to_wait = false;
                self
            }

            /// Prefixes the message, as an error travels up.
            #[must_use]
            pub fn context(mut self, context: impl std::fmt::Display) -> Self {
                self.0.message = format!("{context}: {}", self.0.message);
                self
            }

            /// Marks that a retry layer has given up on it.
            #[must_use]
            pub fn exhausted(mut self) -> Self {
                self.0.exhausted = true;
                self
            }

            /// What the caller can do.
            pub fn kind(&self) -> $crate::ErrorKind {
                self.0.kind
            }

            /// The message without the field's name.
            pub fn message(&self) -> &str {
                &self.0.message
            }

            /// The field of the input or configuration at fault, when one is.
            pub fn field(&self) -> Option<&str> {
                self.0.field.as_deref()
            }

            /// Whether the same request is worth retrying now.
            pub fn is_retryable(&self) -> bool {
                $crate::Failure::is_retryable(self)
            }

            /// How long to wait before the next attempt, where that is known.
            pub fn retry_after(&self) -> Option<std::time::Duration> {
                self.0.retry_after
            }
        }

        impl $crate::Failure for $name {
            fn kind(&self) -> $crate::ErrorKind {
                self.0.kind
            }

            fn retry_after(&self) -> Option<std::time::Duration> {
                self.0.retry_after
            }

            fn was_asked_to_wait(&self) -> bool {
                self.0.was_asked_to_wait
            }

            fn is_exhausted(&self) -> bool {
                self.0.exhausted
            }

            fn mark_exhausted(&mut self) {
                self.0.exhausted = true;
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl std::error::Error for $name {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.0.source.as_deref().map(|source| source as _)
            }
        }
    };
}
