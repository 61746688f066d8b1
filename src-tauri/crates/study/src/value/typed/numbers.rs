//! Numbers, with a qualifier before and a unit after them.

use super::TypedValueError;
use crate::value::number::{MOST_DIGITS, Number, split_qualifier};
use crate::{ItemDef, ItemKind, MetaDataVersion, Oid, UnitDef};

/// Reads `0.9 mg/dL`, `<20`, `12,5`; gives the stored text and the unit where one was typed.
pub(super) fn read(
    item: &ItemDef,
    study: &MetaDataVersion,
    text: &str,
) -> Result<(String, Option<Oid>), TypedValueError> {
    let (qualifier, rest) = split_qualifier(text);
    if qualifier.is_some_and(|qualifier| !item.qualifiers.contains(&qualifier)) {
        return Err(TypedValueError::QualifierNotAccepted);
    }
    let rest = rest.trim_start();
    let end = rest
        .char_indices()
        .find(|&(at, c)| !(c.is_ascii_digit() || matches!(c, '.' | ',') || (at == 0 && matches!(c, '-' | '+'))));
    let (digits, after) = end.map_or((rest, ""), |(end, _)| rest.split_at(end));
    let after = after.trim_start();
    let unit = match (after.is_empty(), find_unit(item, study, after)) {
        (true, _) => None,
        (false, Some(unit)) => Some(unit.oid.clone()),
        (false, None) if !digits.bytes().any(|byte| byte.is_ascii_digit()) => return Err(TypedValueError::NotANumber),
        (false, None) if after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '\'' | '_')) => {
            return Err(TypedValueError::AmbiguousSeparator);
        }
        (false, None) => return Err(TypedValueError::UnknownUnit),
    };
    let plain = plain_digits(digits)?;
    if item.kind == ItemKind::Integer && plain.contains('.') {
        return Err(TypedValueError::NotWhole);
    }
    let stored = format!("{}{plain}", qualifier.map_or("", |qualifier| qualifier.sign()));
    Number::read(&stored).map_err(|_| TypedValueError::NotANumber)?;
    Ok((stored, unit))
}

/// `,5` → `0.5`, `007` → `7`, `5.` → `5`; what may be thousands is refused.
fn plain_digits(typed: &str) -> Result<String, TypedValueError> {
    let (negative, unsigned) = match typed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, typed.strip_prefix('+').unwrap_or(typed)),
    };
    let mut parts = unsigned.split(['.', ',']);
    let whole = parts.next().unwrap_or("");
    let fraction = parts.next();
    if parts.next().is_some() {
        return Err(TypedValueError::AmbiguousSeparator);
    }
    let fraction = fraction.unwrap_or("");
    if whole.is_empty() && fraction.is_empty() {
        return Err(TypedValueError::NotANumber);
    }
    let may_be_thousands =
        unsigned.contains(',') && fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if may_be_thousands {
        return Err(TypedValueError::AmbiguousSeparator);
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if whole.len() + fraction.len() > MOST_DIGITS {
        return Err(TypedValueError::TooManyDigits);
    }
    let is_zero = whole == "0" && fraction.bytes().all(|byte| byte == b'0');
    let sign = if negative && !is_zero { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

/// The item's unit that `text` names: by symbol in any language, name, UCUM code or OID; letters' case decides only where
/// it must (`mmol` and `Mmol`).
fn find_unit<'a>(item: &ItemDef, study: &'a MetaDataVersion, text: &str) -> Option<&'a UnitDef> {
    let units: Vec<&UnitDef> = item.units.iter().filter_map(|oid| study.units.get(oid)).collect();
    let wanted = unit_key(text);
    let exact = units.iter().find(|unit| unit_names(unit).any(|name| unit_key(name) == wanted));
    if let Some(unit) = exact {
        return Some(unit);
    }
    let wanted = wanted.to_lowercase();
    let mut loose = units.iter().filter(|unit| unit_names(unit).any(|name| unit_key(name).to_lowercase() == wanted));
    match (loose.next(), loose.next()) {
        (Some(unit), None) => Some(unit),
        _ => None,
    }
}

fn unit_names(unit: &UnitDef) -> impl Iterator<Item = &str> {
    let symbols = unit.symbol.iter().map(|(_, symbol)| symbol);
    let aliases = unit.aliases.iter().map(|alias| alias.name.as_str());
    symbols.chain(aliases).chain([unit.name.as_str(), unit.oid.as_str()])
}

/// One spelling for `µmol/L` and `umol/L`, `×10⁹/L`, `10^9/L` and `10*9/L`.
fn unit_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for sign in name.chars() {
        match sign {
            'µ' | 'μ' => key.push('u'),
            '⁰' => key.push('0'),
            '¹' => key.push('1'),
            '²' => key.push('2'),
            '³' => key.push('3'),
            '⁴'..='⁹' => key.push(char::from_u32(u32::from(sign) - 0x2070 + u32::from('0')).unwrap_or(sign)),
            '℃' => key.push_str("°C"),
            '^' | '*' | '×' | '[' | ']' | '{' | '}' => {}
            _ if sign.is_whitespace() => {}
            _ => key.push(sign),
        }
    }
    match key.strip_prefix(['x', 'X']) {
        Some(rest) if rest.starts_with("10") => rest.to_owned(),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_kept_as_typed() {
        let cases = [
            ("4.50", "4.50"),
            ("4,50", "4.50"),
            (",5", "0.5"),
            ("5.", "5"),
            ("007", "7"),
            ("-0", "0"),
            ("-0,00", "0.00"),
            ("+3", "3"),
            ("0,123", "0.123"),
            ("1.234", "1.234"),
            ("1234,567", "1234.567"),
        ];
        for (typed, stored) in cases {
            assert_eq!(plain_digits(typed).as_deref(), Ok(stored), "{typed}");
        }
        for typed in ["1,234", "12,345", "1.234,5", "1,234,567", "1.2.3"] {
            assert_eq!(plain_digits(typed), Err(TypedValueError::AmbiguousSeparator), "{typed}");
        }
        assert_eq!(plain_digits("-"), Err(TypedValueError::NotANumber));
        assert_eq!(plain_digits(&"1".repeat(29)), Err(TypedValueError::TooManyDigits));
    }

    #[test]
    fn units_have_one_spelling() {
        for (a, b) in
            [("µmol/L", "umol/L"), ("×10⁹/L", "10^9/L"), ("x10^9/L", "10*9/L"), ("m[IU]/L", "mIU/L"), ("℃", "°C")]
        {
            assert_eq!(unit_key(a), unit_key(b));
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_stored_exactly(whole in "0|[1-9][0-9]{0,12}", fraction in "[0-9]{1,12}", comma: bool, negative: bool) {
            let sign = if negative { "-" } else { "" };
            let typed = format!("{sign}{whole}{}{fraction}", if comma { ',' } else { '.' });
            if let Ok(stored) = plain_digits(&typed) {
                prop_assert_eq!(Number::read(&stored).expect("what normalise made").to_string(), stored);
            }
        }
    }
}
