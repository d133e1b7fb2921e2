//! What is wrong with settings, or with what they name.

resilience::error_type! {
    /// An invalid setting, or why what it names cannot be opened.
    pub struct Error;
}
