//! One line of the register of laboratory limits, and its row.

use crate::act::LabRangeSet;
use crate::row::{Eye, Origin, Pen, RowError};
use study::Oid;

/// A line of the register, or the knowledge that one which has not arrived yet is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RangeLine {
    pub(super) said: Option<(Origin, LabRangeSet)>,
    pub(super) replaced: bool,
}

pub(super) fn write(pen: &mut Pen, line: &RangeLine) {
    pen.flag(line.replaced);
    pen.perhaps(line.said.as_ref(), |pen, (origin, range)| {
        pen.origin(origin);
        pen.text(&range.lab);
        pen.text(&range.analyte);
        for text in [&range.sex, &range.from, &range.to, &range.low, &range.high] {
            pen.perhaps(text.as_deref(), Pen::text);
        }
        pen.perhaps(range.unit.as_deref(), Pen::text);
        pen.each(range.bases.iter(), Pen::id);
    });
}

pub(super) fn read(eye: &mut Eye<'_>) -> Result<RangeLine, RowError> {
    let replaced = eye.flag()?;
    let said = eye.perhaps(|eye| {
        let origin = eye.origin()?;
        let (lab, analyte) = (eye.string()?, eye.string()?);
        let [sex, from, to, low, high] = [
            eye.perhaps(Eye::string)?,
            eye.perhaps(Eye::string)?,
            eye.perhaps(Eye::string)?,
            eye.perhaps(Eye::string)?,
            eye.perhaps(Eye::string)?,
        ];
        let unit: Option<Oid> = eye.perhaps(Eye::oid)?;
        let bases = eye.each(Eye::id)?;
        Ok((origin, LabRangeSet { lab, analyte, sex, from, to, unit, low, high, bases }))
    })?;
    Ok(RangeLine { said, replaced })
}
