//! Every setting there is, and how it is found by its variable.

use super::problem::nearest;
use super::setting::Setting;
use super::table::SECTIONS;

/// Every setting there is.
pub(crate) fn all() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().flat_map(|section| section.settings)
}

/// The setting of a variable.
pub(crate) fn of_variable(variable: &str) -> Option<&'static Setting> {
    all().find(|setting| setting.variable == variable)
}

/// The setting whose variable was probably meant.
pub(crate) fn nearest_variable(wrong: &str) -> Option<&'static Setting> {
    let meant = nearest(wrong, all().map(|setting| setting.variable))?;
    all().find(|setting| setting.variable == meant)
}
