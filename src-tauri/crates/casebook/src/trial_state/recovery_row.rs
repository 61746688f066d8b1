//! A device's recovery codes as a row, and back.

use super::facts::Recovery;
use crate::row::{RowError, RowReader, RowWriter};

pub(super) fn write(writer: &mut RowWriter, recovery: &Recovery) {
    writer.int(recovery.set);
    writer.int(recovery.codes.into());
    writer.text(&recovery.sealed);
    writer.perhaps(recovery.origin.as_ref(), RowWriter::origin);
    writer.each(recovery.released.iter(), |writer, ((set, code), (origin, reason))| {
        writer.int(*set);
        writer.int((*code).into());
        writer.origin(origin);
        writer.words(reason);
    });
    writer.each(recovery.used.iter(), |writer, ((set, code), (origin, user))| {
        writer.int(*set);
        writer.int((*code).into());
        writer.origin(origin);
        writer.text(user);
    });
}

pub(super) fn read(reader: &mut RowReader<'_>) -> Result<Recovery, RowError> {
    let released =
        |reader: &mut RowReader<'_>| Ok(((reader.int()?, reader.small()?), (reader.origin()?, reader.words()?)));
    let used = |reader: &mut RowReader<'_>| Ok(((reader.int()?, reader.small()?), (reader.origin()?, reader.oid()?)));
    Ok(Recovery {
        set: reader.int()?,
        codes: reader.small()?,
        sealed: reader.string()?,
        origin: reader.perhaps(RowReader::origin)?,
        released: reader.each(released)?.into_iter().collect(),
        used: reader.each(used)?.into_iter().collect(),
    })
}
