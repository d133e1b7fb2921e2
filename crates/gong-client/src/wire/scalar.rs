//! Which JSON a field is read from.

use std::collections::BTreeMap;

use calls::{CallId, UserId, WorkspaceId};
use jiff::Timestamp;
use serde_json::Value;

/// A value that may be missing.
pub(crate) trait Field: Default {
    /// `None` when it is of another kind.
    fn read(value: &Value) -> Option<Self>;

    /// Whether there is nothing to write.
    fn is_absent(&self) -> bool;
}

/// A value that is there.
pub(crate) trait Scalar: Sized {
    /// `None` when it is of another kind.
    fn of(value: &Value) -> Option<Self>;
}

impl<T: Scalar> Field for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::of(value).map(Some),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// One item of another kind leaves the whole list in `extra`: a list that silently lacks
/// something would be worse.
impl<T: Scalar> Field for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::new()),
            Value::Array(items) => {
                let items = items.iter().filter(|item| !item.is_null());
                items.map(T::of).collect()
            }
            _ => None,
        }
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// By names that are not known beforehand. One value of another kind leaves all in `extra`.
impl<T: Field> Field for BTreeMap<String, T> {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::new()),
            Value::Object(members) => {
                let members = members.iter();
                let members = members.map(|(name, value)| Some((name.clone(), T::read(value)?)));
                members.collect()
            }
            _ => None,
        }
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Field for Value {
    fn read(value: &Value) -> Option<Self> {
        Some(value.clone())
    }

    fn is_absent(&self) -> bool {
        self.is_null()
    }
}

/// A number is an id that was not quoted. A float may have lost digits by then.
impl Scalar for String {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) if !number.is_f64() => Some(number.to_string()),
            _ => None,
        }
    }
}

macro_rules! ids {
    ($($id:ty),+) => {$(
        impl Scalar for $id {
            fn of(value: &Value) -> Option<Self> {
                String::of(value).filter(|id| !id.is_empty()).map(Self::new)
            }
        }
    )+};
}
ids!(CallId, UserId, WorkspaceId);

impl Scalar for bool {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Scalar for i64 {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// As far as floats count every number.
fn whole(number: f64) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation)]
    (number.fract() == 0.0 && number.abs() < MOST).then_some(number as i64)
}

impl Scalar for f64 {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        }
    }
}

macro_rules! times {
    ($($time:ty),+) => {$(
        impl Scalar for $time {
            fn of(value: &Value) -> Option<Self> {
                value.as_str()?.parse().ok()
            }
        }
    )+};
}
times!(Timestamp);
