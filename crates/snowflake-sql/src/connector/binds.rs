//! Bound values in the wire types of the session protocol.

use resilience::ErrorKind;
use snowflake_connector_rs::bind::{BindType, RawBind};
use snowflake_connector_rs::{PositionalBinds, Statement as Wire};

use crate::{Bind, Error, Result, Statement};

/// The statement as the connector sends it.
///
/// # Errors
/// `InvalidInput` naming the place of a number that is not finite.
pub(super) fn wire(statement: &Statement) -> Result<Wire<PositionalBinds>> {
    let mut wire = Wire::new_positional(statement.text().as_str().to_owned());
    for (place, bind) in statement.binds().iter().enumerate() {
        let value = value(bind).ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "is not a finite number")
                .with_field(format!("bind {}", place + 1))
        })?;
        wire = wire.bind(value);
    }
    Ok(wire)
}

fn value(bind: &Bind) -> Option<RawBind> {
    Some(match bind {
        // Snowflake converts TEXT to whatever the place wants, and so its NULL.
        Bind::Null => RawBind::null(BindType::Text),
        Bind::Text(text) => RawBind::new(BindType::Text, text.clone()),
        Bind::Integer(number) => RawBind::new(BindType::Fixed, number.to_string()),
        Bind::Float(number) if !number.is_finite() => return None,
        Bind::Float(number) => RawBind::new(BindType::Real, number.to_string()),
        Bind::Decimal(number) => RawBind::new(BindType::Fixed, number.to_string()),
        Bind::Boolean(yes) => RawBind::new(BindType::Boolean, yes.to_string()),
        Bind::Timestamp(instant) => {
            RawBind::new(BindType::TimestampLtz, instant.as_nanosecond().to_string())
        }
    })
}
