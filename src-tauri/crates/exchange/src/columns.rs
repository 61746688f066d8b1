//! Which tables and columns a study's forms become.

use std::collections::BTreeSet;
use study::{FormDef, ItemDef, Oid, Study};

/// One table: the answers of a form, or the rows of one of its repeating groups.
pub(crate) struct Layout {
    /// Name of the file.
    pub(crate) file: String,
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

/// A name that every file system takes.
pub(crate) fn file_name(parts: &[&str], taken: &mut BTreeSet<String>) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let stem: String = parts.join("-").chars().map(safe).collect();
    let mut name = format!("{stem}.csv");
    let mut n = 2;
    // File systems of Windows and macOS do not tell capitals from small letters.
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{n}.csv");
        n += 1;
    }
    name
}

/// The tables of a study, in its order.
pub(crate) fn layouts(study: &Study, taken: &mut BTreeSet<String>) -> Vec<Layout> {
    study.forms.iter().flat_map(|form| tables(study, form, taken)).collect()
}

fn tables(study: &Study, form: &FormDef, taken: &mut BTreeSet<String>) -> Vec<Layout> {
    let groups: Vec<_> = form.groups.iter().filter_map(|at| study.groups.get(&at.group)).collect();
    let mut layouts = Vec::new();
    let single: Vec<(&Oid, &ItemDef)> = groups
        .iter()
        .filter(|group| !group.repeating)
        .flat_map(|group| group.items.iter().filter_map(|at| Some((&group.oid, study.items.get(&at.item)?))))
        .collect();
    if !single.is_empty() {
        let file = file_name(&[&form.oid], taken);
        layouts.push(Layout { file, form: form.oid.clone(), rows_of: None, columns: columns(&single) });
    }
    for group in groups.iter().filter(|group| group.repeating) {
        let items: Vec<(&Oid, &ItemDef)> =
            group.items.iter().filter_map(|at| Some((&group.oid, study.items.get(&at.item)?))).collect();
        let file = file_name(&[&form.oid, &group.oid], taken);
        let rows_of = Some(group.oid.clone());
        layouts.push(Layout { file, form: form.oid.clone(), rows_of, columns: columns(&items) });
    }
    layouts
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
