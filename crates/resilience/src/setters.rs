//! Setters of settings, without a body per field.

/// Defines methods that take settings by value, set one field and return them.
///
/// A setter keeps its argument, or what the expression behind `=` makes of it; the argument
/// has the field's name.
///
/// ```
/// #[derive(Default)]
/// pub struct Settings {
///     name: Option<String>,
///     parallel: usize,
///     verbose: bool,
/// }
///
/// resilience::setters! {
///     Settings {
///         /// Whom requests say they come from.
///         with_name(name: impl Into<String>) = Some(name.into());
///         /// Requests at once, at least 1.
///         with_parallel(parallel: usize) = parallel.max(1);
///         /// Whether to say more.
///         with_verbose(verbose: bool);
///     }
/// }
///
/// let settings = Settings::default().with_name("demo").with_parallel(0).with_verbose(true);
/// assert_eq!((settings.name.as_deref(), settings.parallel), (Some("demo"), 1));
/// assert!(settings.verbose);
/// ```
#[macro_export]
macro_rules! setters {
    ($settings:ident {
        $($(#[$doc:meta])* $setter:ident($field:ident: $type:ty) $(= $value:expr)?;)*
    }) => {
        impl $settings {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $setter(mut self, $field: $type) -> Self {
                    self.$field = $crate::setters!(@ $field $($value)?);
                    self
                }
            )*
        }
    };
    (@ $field:ident) => { $field };
    (@ $field:ident $value:expr) => { $value };
}
