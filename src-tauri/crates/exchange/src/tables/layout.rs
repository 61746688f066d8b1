//! Which tables and columns a study's forms become.

use std::collections::BTreeSet;
use study::{FormDef, ItemDef, Oid, Study};

/// One table: the answers of a form, or the rows of one of its repeating groups.
pub(crate) struct Layout {
    /// Its name, which every file system takes.
    pub(crate) name: String,
    /// The form.
    pub(crate) form: Oid,
    /// The repeating group whose rows it holds; none for the groups that do not repeat.
    pub(crate) rows_of: Option<Oid>,
    /// The items, in the order of the form.
    pub(crate) columns: Vec<Column>,
}

/// One item of a table.
pub(crate) struct Column {
    /// Its group.
    pub(crate) group: Oid,
    /// The item.
    pub(crate) item: Oid,
    /// Name of the column.
    pub(crate) name: String,
    /// Whether a column for the unit stands beside it.
    pub(crate) has_unit: bool,
}

/// Most characters of a name before its number: file systems take 255 bytes with the ending and what stands before it.
const MOST_STEM: usize = 120;

/// A name that every file system takes, and that no other table has.
pub(crate) fn table_name(parts: &[&str], taken: &mut BTreeSet<String>) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let stem = unreserved(parts.join("-").chars().map(safe).take(MOST_STEM).collect());
    let mut name = stem.clone();
    let mut n = 2;
    // File systems of Windows and macOS do not tell capitals from small letters.
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{n}");
        n += 1;
    }
    name
}

/// Windows keeps the names of its oldest devices for itself, whatever comes after the first dot.
fn unreserved(stem: String) -> String {
    let (device, rest) = stem.split_at(stem.find('.').unwrap_or(stem.len()));
    let name = device.to_ascii_uppercase();
    let numbered = name.len() == 4 && (name.starts_with("COM") || name.starts_with("LPT"));
    let reserved = matches!(name.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (numbered && name.ends_with(|sign: char| sign.is_ascii_digit()));
    if reserved { format!("{device}_{rest}") } else { stem }
}

/// A table to be: its form, its repeating group, its items.
struct Draft<'s> {
    form: &'s Oid,
    rows_of: Option<&'s Oid>,
    items: Vec<(&'s Oid, &'s ItemDef)>,
}

/// The tables of a study's versions, in the order of the first; what only later ones of the list ask follows.
pub(crate) fn layouts(versions: &[&Study], taken: &mut BTreeSet<String>) -> Vec<Layout> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for study in versions {
        for draft in study.forms.iter().flat_map(|form| tables(study, form)) {
            match drafts.iter_mut().find(|known| known.form == draft.form && known.rows_of == draft.rows_of) {
                None => drafts.push(draft),
                Some(known) => {
                    let new = |(group, item): &(&Oid, &ItemDef)| {
                        !known.items.iter().any(|(known_group, known)| known_group == group && known.oid == item.oid)
                    };
                    let new: Vec<_> = draft.items.into_iter().filter(new).collect();
                    known.items.extend(new);
                }
            }
        }
    }
    let layout = |draft: Draft<'_>| {
        let parts: Vec<&str> = [Some(draft.form), draft.rows_of].into_iter().flatten().map(Oid::as_str).collect();
        let (form, rows_of) = (draft.form.clone(), draft.rows_of.cloned());
        Layout { name: table_name(&parts, taken), form, rows_of, columns: columns(&draft.items) }
    };
    drafts.into_iter().map(layout).collect()
}

fn tables<'s>(study: &'s Study, form: &'s FormDef) -> Vec<Draft<'s>> {
    let groups: Vec<_> = form.groups.iter().filter_map(|at| study.groups.get(&at.group)).collect();
    let mut drafts = Vec::new();
    let items: Vec<(&Oid, &ItemDef)> = groups
        .iter()
        .filter(|group| !group.repeating)
        .flat_map(|group| group.items.iter().filter_map(|at| Some((&group.oid, study.items.get(&at.item)?))))
        .collect();
    if !items.is_empty() {
        drafts.push(Draft { form: &form.oid, rows_of: None, items });
    }
    for group in groups.iter().filter(|group| group.repeating) {
        let items = group.items.iter().filter_map(|at| Some((&group.oid, study.items.get(&at.item)?))).collect();
        drafts.push(Draft { form: &form.oid, rows_of: Some(&group.oid), items });
    }
    drafts
}

/// Short names, except where two items of a table share one.
fn columns(items: &[(&Oid, &ItemDef)]) -> Vec<Column> {
    let shared = |name: &str| items.iter().filter(|(_, item)| item.short_name == name).count() > 1;
    let column = |(group, item): &(&Oid, &ItemDef)| Column {
        group: (*group).clone(),
        item: item.oid.clone(),
        name: if shared(&item.short_name) { item.oid.to_string() } else { item.short_name.clone() },
        has_unit: !item.units.is_empty(),
    };
    items.iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST_STEM, table_name};
    use std::collections::BTreeSet;

    /// A12: a form with a long OID could not be exported, nor anything beside it.
    #[test]
    fn long_names_are_cut_and_numbered() {
        let mut taken = BTreeSet::new();
        let long = format!("F.{}", "N".repeat(298));
        let other = format!("{long}.OTHER");
        let names = [&*long, &other, &long.to_lowercase()].map(|form| table_name(&[form], &mut taken));
        let cut = &long[..MOST_STEM];
        assert_eq!(names, [cut.to_owned(), format!("{cut}-2"), format!("{}-3", cut.to_lowercase())]);
    }

    #[test]
    fn no_table_is_called_as_a_device_of_windows() {
        let name = |parts: &[&str]| table_name(parts, &mut BTreeSet::new());
        for (form, file) in [
            ("CON", "CON_"),
            ("nul", "nul_"),
            ("Aux.1", "Aux_.1"),
            ("PRN", "PRN_"),
            ("COM1", "COM1_"),
            ("lpt0.x", "lpt0_.x"),
            ("COM", "COM"),
            ("COMB", "COMB"),
            ("COM10", "COM10"),
            ("F.CON", "F.CON"),
            ("CONMED", "CONMED"),
        ] {
            assert_eq!(name(&[form]), file);
        }
        assert_eq!(name(&["CON", "IG.A"]), "CON-IG.A");
        assert_eq!(name(&["con", &"x".repeat(300)]).len(), MOST_STEM);
        let mut taken = BTreeSet::new();
        assert_eq!([table_name(&["CON_"], &mut taken), table_name(&["con"], &mut taken)], ["CON_", "con_-2"]);
    }
}
