//! The properties of one record, read one by one.

use calls::StageId;

use crate::UnreadableValue;
use crate::property::{self, Property};

/// Reads properties of one record and keeps what cannot be read.
pub(crate) struct PropertyReader<'a> {
    record_id: &'a str,
    value_of: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Stages whose dates are among the properties.
    pub(crate) stages: &'a [StageId],
    pub(crate) unreadable: Vec<UnreadableValue>,
}

impl<'a> PropertyReader<'a> {
    /// `value_of` gives the text of a property, `None` when it is null or not there.
    pub(crate) fn new(
        record_id: &'a str,
        value_of: &'a dyn Fn(&str) -> Option<&'a str>,
        stages: &'a [StageId],
    ) -> Self {
        Self {
            record_id,
            value_of,
            stages,
            unreadable: Vec::new(),
        }
    }

    pub(crate) fn read<T>(
        &mut self,
        name: &str,
        parse: fn(Option<&str>) -> Property<T>,
    ) -> Option<T> {
        match parse((self.value_of)(name)) {
            Property::Absent => None,
            Property::Value(value) => Some(value),
            Property::Unreadable { raw, expected } => {
                self.note_unreadable(name, raw, expected);
                None
            }
        }
    }

    pub(crate) fn note_unreadable(&mut self, name: &str, raw: String, expected: &'static str) {
        self.unreadable.push(UnreadableValue {
            record_id: self.record_id.to_owned(),
            property: name.to_owned(),
            raw,
            expected,
        });
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        property::text((self.value_of)(name)).value()
    }

    pub(crate) fn id<Id: From<String>>(&self, name: &str) -> Option<Id> {
        let text = self.text(name)?;
        Some(Id::from(text.trim().to_owned()))
    }
}
