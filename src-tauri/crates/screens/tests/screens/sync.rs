//! What a UI holds of a form, put together from updates.

use std::collections::BTreeMap;

use proptest::prelude::*;
use screens::form::FormSync;
use screens::messages::{FormState, FormUpdate};

use crate::chart::Chart;

const VS: &str = "SE.SCR[1]/F.VS[1]";
const ITEMS: [&str; 3] = ["IT.VS.SYSBP", "IT.VS.DIABP", "IT.VS.PULSE"];

/// What a UI holds: cells by their key, as JSON.
#[derive(Default)]
struct Ui {
    revision: u32,
    cells: BTreeMap<String, String>,
}

impl Ui {
    /// Lays an update over what is held, and gives how many cells it carried.
    fn take(&mut self, update: &FormUpdate) -> usize {
        match update.base {
            None => self.cells.clear(),
            Some(base) => assert_eq!(base, self.revision, "an update builds on the last one"),
        }
        self.revision = update.revision;
        let cells = cells(&update.state);
        let count = cells.len();
        self.cells.extend(cells);
        count
    }
}

fn cells(state: &FormState) -> BTreeMap<String, String> {
    let cells = state.rows.iter().flat_map(|row| &row.cells);
    cells.map(|cell| (cell.key.clone(), serde_json::to_string(cell).expect("JSON"))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever is answered in whatever order: updates laid over each other are the whole, and carry less than it.
    #[test]
    fn updates_laid_over_each_other_are_the_whole(steps in prop::collection::vec((0..3_usize, 40..180_u32), 1..6)) {
        let mut chart = Chart::new();
        let (mut sync, mut ui) = (FormSync::default(), Ui::default());
        let all = ui.take(&sync.whole("S01-001", "en", chart.state(VS)));
        for (item, value) in steps {
            chart.answer(&format!("{VS}/IG.VS[1]/{}", ITEMS[item]), &value.to_string(), None);
            let carried = ui.take(&sync.update("S01-001", "en", chart.state(VS)));
            prop_assert!(carried < all);
            prop_assert_eq!(&ui.cells, &cells(&chart.state(VS)));
        }
    }
}

#[test]
fn another_form_subject_language_or_row_is_sent_whole() {
    let mut chart = Chart::new();
    let mut sync = FormSync::default();
    let mut whole =
        |subject: &str, language: &str, state: FormState| sync.update(subject, language, state).base.is_none();
    assert!(whole("S01-001", "en", chart.state(VS)));
    assert!(!whole("S01-001", "en", chart.state(VS)));
    assert!(whole("S01-002", "en", chart.state(VS)));
    assert!(whole("S01-002", "zh-CN", chart.state(VS)));
    assert!(whole("S01-002", "zh-CN", chart.state("SE.LOG[1]/F.AE[1]")));
    chart.row("SE.LOG[1]/F.AE[1]", "IG.AE", &[]);
    assert!(whole("S01-002", "zh-CN", chart.state("SE.LOG[1]/F.AE[1]")));
}
