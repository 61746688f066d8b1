//! What the window is told of a form.

use std::collections::BTreeMap;

use screens::messages::{FormState, FormUpdate};
use study::FormKey;

use crate::stage::{AE, Stage, VS, vs};

/// What a window knows of a form: its cells, put together from all that it was told.
#[derive(Default)]
struct Window {
    revision: u32,
    cells: BTreeMap<String, String>,
}

impl Window {
    /// Takes a telling, and gives how many cells it named.
    fn hears(&mut self, news: &FormUpdate) -> usize {
        match news.base {
            None => self.cells.clear(),
            Some(since) => assert_eq!(since, self.revision, "news build on what was told last"),
        }
        self.revision = news.revision;
        let named = cells(&news.state);
        let count = named.len();
        self.cells.extend(named);
        count
    }
}

fn cells(state: &FormState) -> BTreeMap<String, String> {
    let cells = state.rows.iter().flat_map(|row| &row.cells);
    cells.map(|cell| (cell.key.clone(), serde_json::to_string(cell).expect("JSON"))).collect()
}

#[test]
fn news_laid_over_what_was_told_are_the_whole() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let mut window = Window::default();
    let whole = stage.state(&subject, &VS);
    let all = window.hears(&stage.session().whole_form(&subject, whole));
    let answers = ["120", "twelve", "", "260", "30", "143 jin", "71,5", "71.50"];
    let mut named = Vec::new();
    for step in 0..48 {
        let (item, typed) = (["SYSBP", "DIABP", "WEIGHT"][step % 3], answers[(step * 5 + step / 7) % answers.len()]);
        if step % 11 == 3 {
            // Words that are being typed are kept without the window being told of it.
            stage.session().draft_item(&subject, &vs(item), "7").expect("kept");
        }
        let state = stage.types(&subject, &vs(item), typed);
        named.push(window.hears(&stage.session().form_update(&subject, state)));
        assert_eq!(window.cells, cells(&stage.state(&subject, &VS)), "after step {step}");
    }
    assert!(named.iter().all(|count| *count < all), "an answer never named all {all} cells: {named:?}");
    assert!(named.iter().any(|count| *count > 0));
}

#[test]
fn another_form_language_or_row_is_told_whole() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    let mut tell = |form: &FormKey, lang: &str| {
        let state = stage.session().speaking(lang).form_state(&subject, form).expect("a form");
        stage.session().speaking(lang).form_update(&subject, state).base.is_none()
    };
    assert_eq!([tell(&VS, "en"), tell(&VS, "en"), tell(&VS, "zh-CN"), tell(&AE, "zh-CN")], [true, false, true, true]);
    let state = stage.session().speaking("zh-CN").row_add(&subject, &AE, "IG.AE").expect("a row");
    assert_eq!(stage.session().speaking("zh-CN").form_update(&subject, state).base, None);
}
