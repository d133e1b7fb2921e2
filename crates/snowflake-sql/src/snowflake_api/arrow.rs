//! Columns in Arrow, converted to the form of [`Rows`](crate::Rows).
//!
//! A column of one SQL type comes in several Arrow types, the smallest that holds its
//! values: numbers as integers without their decimal point, instants as an integer at
//! the column's scale or as a struct of seconds (`epoch`), nanoseconds (`fraction`) and
//! the offset in minutes plus 1440 (`timezone`). So the Arrow type decides how it is
//! read, and the column only tells the scale. From gosnowflake's `converter.go` and the
//! converters of the Python connector.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type,
};
use arrow_array::{Array, StructArray};
use arrow_schema::DataType;

use super::reply::Column;
use crate::cells::Spelling;

/// A cell as the JSON protocol spells it; `None` when it cannot be read.
type Reader<'a> = Box<dyn Fn(usize) -> Option<String> + 'a>;

/// The cells of a column, or why they cannot be read.
pub(super) fn spell(
    array: &dyn Array,
    column: &Column,
) -> Result<Vec<Option<String>>, &'static str> {
    let scale = usize::from(column.scale.unwrap_or(0));
    let raw = reader(array, scale).ok_or("has an unknown Arrow type")?;
    let spelling = Spelling::of(&column.wire_type);
    let cell = |place| {
        if array.is_null(place) {
            return Ok(None);
        }
        let raw = raw(place).ok_or("has a cell that cannot be read")?;
        spelling.normalise(&raw).map(Some)
    };
    (0..array.len()).map(cell).collect()
}

fn reader(array: &dyn Array, scale: usize) -> Option<Reader<'_>> {
    Some(match array.data_type() {
        DataType::Null => Box::new(|_| None),
        DataType::Boolean => {
            let values = array.as_boolean();
            Box::new(|place| Some(values.value(place).to_string()))
        }
        DataType::Int8 => number::<Int8Type>(array, scale),
        DataType::Int16 => number::<Int16Type>(array, scale),
        DataType::Int32 => number::<Int32Type>(array, scale),
        DataType::Int64 => number::<Int64Type>(array, scale),
        DataType::Decimal128(..) => number::<Decimal128Type>(array, scale),
        DataType::Date32 => number::<Date32Type>(array, 0),
        DataType::Float32 => plain::<Float32Type>(array),
        DataType::Float64 => plain::<Float64Type>(array),
        DataType::Utf8 => {
            let values = array.as_string::<i32>();
            Box::new(|place| Some(values.value(place).to_owned()))
        }
        DataType::LargeUtf8 => {
            let values = array.as_string::<i64>();
            Box::new(|place| Some(values.value(place).to_owned()))
        }
        DataType::Binary => {
            let values = array.as_binary::<i32>();
            Box::new(|place| Some(hexadecimal(values.value(place))))
        }
        DataType::LargeBinary => {
            let values = array.as_binary::<i64>();
            Box::new(|place| Some(hexadecimal(values.value(place))))
        }
        DataType::Struct(_) => instant(array.as_struct(), scale)?,
        DataType::FixedSizeList(..) => {
            let vectors = array.as_fixed_size_list();
            Box::new(|place| vector(vectors.value(place).as_ref()))
        }
        _ => return None,
    })
}

/// Numbers without their decimal point.
fn number<T>(array: &dyn Array, scale: usize) -> Reader<'_>
where
    T: ArrowPrimitiveType,
    T::Native: Into<i128>,
{
    let values = array.as_primitive::<T>();
    Box::new(move |place| Some(decimal(values.value(place).into(), scale)))
}

fn plain<T>(array: &dyn Array) -> Reader<'_>
where
    T: ArrowPrimitiveType,
    T::Native: ToString,
{
    let values = array.as_primitive::<T>();
    Box::new(|place| Some(values.value(place).to_string()))
}

fn instant(array: &StructArray, scale: usize) -> Option<Reader<'_>> {
    const NANOS: i128 = 1_000_000_000;
    let epoch = array
        .column_by_name("epoch")?
        .as_primitive_opt::<Int64Type>()?;
    let small = |name| match array.column_by_name(name) {
        None => Some(None),
        Some(values) => values.as_primitive_opt::<Int32Type>().map(Some),
    };
    let (fraction, timezone) = (small("fraction")?, small("timezone")?);
    Some(Box::new(move |place| {
        let value = i128::from(epoch.value(place));
        // Seconds are rounded down, so the fraction is added before 1970 too.
        let seconds = match fraction {
            Some(fraction) => decimal(value * NANOS + i128::from(fraction.value(place)), 9),
            None => decimal(value, scale),
        };
        Some(match timezone {
            Some(timezone) => format!("{seconds} {}", timezone.value(place)),
            None => seconds,
        })
    }))
}

/// An array as JSON spells it.
fn vector(values: &dyn Array) -> Option<String> {
    let element = match values.data_type() {
        DataType::Float32 | DataType::Float64 | DataType::Int32 => reader(values, 0)?,
        _ => return None,
    };
    let elements: Option<Vec<String>> = (0..values.len()).map(element).collect();
    Some(format!("[{}]", elements?.join(",")))
}

/// Digits with the decimal point where the scale says.
fn decimal(value: i128, scale: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    match digits.split_at(digits.len() - scale) {
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    proptest! {
        #[test]
        fn digits_and_scale_are_the_number(value in any::<i64>(), scale in 0_u8..=28) {
            let text = decimal(i128::from(value), usize::from(scale));
            let read: Decimal = text.parse().expect("a decimal number");
            prop_assert_eq!(read, Decimal::from_i128_with_scale(value.into(), scale.into()));
            prop_assert_eq!(read.scale(), u32::from(scale));
        }
    }
}
