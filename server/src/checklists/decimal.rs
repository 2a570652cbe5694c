//! Decimal numbers, as bounds of answers are stored.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A decimal number of at most 20 digits, four of them after the point, as Waldur stores bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal {
    ten_thousandths: i128,
}

/// Why a text is no such number. Each is Waldur's sentence for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecimalError {
    /// Not a number at all, or not a finite one.
    #[error("A valid number is required.")]
    NotANumber,
    /// More than 20 digits.
    #[error("Ensure that there are no more than 20 digits in total.")]
    TooManyDigits,
    /// More than 4 digits after the point.
    #[error("Ensure that there are no more than 4 decimal places.")]
    TooManyPlaces,
    /// More than 16 digits before the point.
    #[error("Ensure that there are no more than 16 digits before the decimal point.")]
    TooLarge,
}

const PLACES: i64 = 4;
const MOST_DIGITS: i64 = 20;
const UNIT: i128 = 10_000;

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads `12`, `-0.5`, `.5`, `5.` and `1e3`. Leading zeros do not count as digits, zeros at the
    /// end do, as in Python.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let text = text.trim();
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (number, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let power: i64 = power.parse().map_err(|_| DecimalError::NotANumber)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|it| it.is_ascii_digit()) {
            return Err(DecimalError::NotANumber);
        }
        let digits = all.trim_start_matches('0');
        let count = (digits.len() as i64).max(1);
        let exponent = power.saturating_sub(fraction.len() as i64);
        let places = exponent.min(0).saturating_neg();
        let total = count.saturating_add(exponent.max(0)).max(places);
        if total > MOST_DIGITS {
            return Err(DecimalError::TooManyDigits);
        }
        if places > PLACES {
            return Err(DecimalError::TooManyPlaces);
        }
        if total - places > MOST_DIGITS - PLACES {
            return Err(DecimalError::TooLarge);
        }
        let shift = u32::try_from(exponent + PLACES).map_err(|_| DecimalError::TooManyPlaces)?;
        let size = digits.parse::<i128>().unwrap_or_default() * 10i128.pow(shift);
        Ok(Self { ten_thousandths: if text.starts_with('-') { -size } else { size } })
    }
}

impl fmt::Display for Decimal {
    /// With all four places: `10.5000`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let sign = if self.ten_thousandths < 0 { "-" } else { "" };
        let size = self.ten_thousandths.abs();
        write!(f, "{sign}{}.{:04}", size / UNIT, size % UNIT)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, DecimalError> {
        text.parse::<Decimal>().map(|it| it.to_string())
    }

    #[test]
    fn numbers_come_out_with_four_places() {
        for (given, shown) in [
            ("10.5", "10.5000"),
            ("10", "10.0000"),
            (" -3 ", "-3.0000"),
            ("-0.0001", "-0.0001"),
            (".5", "0.5000"),
            ("5.", "5.0000"),
            ("007", "7.0000"),
            ("1e3", "1000.0000"),
            ("1.5E-2", "0.0150"),
            ("9999999999999999.9999", "9999999999999999.9999"),
        ] {
            assert_eq!(read(given), Ok(shown.to_owned()), "{given}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_reason() {
        for (given, reason) in [
            ("", DecimalError::NotANumber),
            ("ten", DecimalError::NotANumber),
            ("nan", DecimalError::NotANumber),
            ("inf", DecimalError::NotANumber),
            ("1.2.3", DecimalError::NotANumber),
            ("+-1", DecimalError::NotANumber),
            ("0.00001", DecimalError::TooManyPlaces),
            ("1.50000", DecimalError::TooManyPlaces),
            ("12345678901234567", DecimalError::TooLarge),
            ("123456789012345678901", DecimalError::TooManyDigits),
            ("1e9223372036854775807", DecimalError::TooManyDigits),
            ("1e-9223372036854775808", DecimalError::TooManyDigits),
        ] {
            assert_eq!(read(given), Err(reason), "{given}");
        }
    }
}
