//! One line of the register of laboratory limits, and its row.

use crate::act::LabRangeSet;
use crate::row::{Origin, RowError, RowReader, RowWriter};
use study::Oid;

/// A line of the register, or the knowledge that one which has not arrived yet is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RangeLine {
    pub(super) said: Option<(Origin, LabRangeSet)>,
    pub(super) replaced: bool,
}

pub(super) fn write(writer: &mut RowWriter, line: &RangeLine) {
    writer.flag(line.replaced);
    writer.perhaps(line.said.as_ref(), |writer, (origin, range)| {
        writer.origin(origin);
        writer.text(&range.lab);
        writer.text(&range.analyte);
        for text in [&range.sex, &range.from, &range.to, &range.low, &range.high] {
            writer.perhaps(text.as_deref(), RowWriter::text);
        }
        writer.perhaps(range.unit.as_deref(), RowWriter::text);
        writer.each(range.bases.iter(), RowWriter::id);
    });
}

pub(super) fn read(reader: &mut RowReader<'_>) -> Result<RangeLine, RowError> {
    let replaced = reader.flag()?;
    let said = reader.perhaps(|reader| {
        let origin = reader.origin()?;
        let (lab, analyte) = (reader.string()?, reader.string()?);
        let [sex, from, to, low, high] = [
            reader.perhaps(RowReader::string)?,
            reader.perhaps(RowReader::string)?,
            reader.perhaps(RowReader::string)?,
            reader.perhaps(RowReader::string)?,
            reader.perhaps(RowReader::string)?,
        ];
        let unit: Option<Oid> = reader.perhaps(RowReader::oid)?;
        let bases = reader.each(RowReader::id)?;
        Ok((origin, LabRangeSet { lab, analyte, sex, from, to, unit, low, high, bases }))
    })?;
    Ok(RangeLine { said, replaced })
}
