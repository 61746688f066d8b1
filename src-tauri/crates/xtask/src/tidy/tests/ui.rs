//! The UI's door, its layers and its pages.

use std::fs;

use super::{places, said};
use crate::tidy::house::House;

const RULE: &str = "doors of the UI";

/// A house with nothing but this file below `ui/src`.
fn ui(path: &str, text: &str) -> (tempfile::TempDir, House) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ui/src").join(path);
    fs::create_dir_all(file.parent().expect("it has one")).expect("a folder");
    fs::write(file, text).expect("a file");
    let root = folder.path().to_owned();
    (folder, House { root, rooms: Vec::new() })
}

fn refused(path: &str, text: &str) -> Vec<String> {
    said(RULE, &ui(path, text).1)
}

#[test]
fn only_ipc_calls_tauri() {
    for line in [
        "import { invoke } from \"@tauri-apps/api/core\";",
        "import { open } from '@tauri-apps/plugin-dialog';",
        "const { invoke } = await import(\"@tauri-apps/api/core\");",
        "window.__TAURI_INTERNALS__.invoke(\"lock\");",
        "export { listen } from \"@tauri-apps/api/event\";",
    ] {
        for path in ["model/live.svelte.ts", "pages/form/Page.svelte", "main.ts", "shell/ipc/door.ts", "ipc-more/a.ts"]
        {
            assert_eq!(refused(path, line), ["only ui/src/ipc may use Tauri's API"], "{path}: {line}");
        }
        assert!(refused("ipc/door.ts", line).is_empty(), "{line}");
    }
    assert!(
        refused("model/live.ts", "// The shell is written with Tauri.\nimport { call } from \"../ipc/door\";")
            .is_empty()
    );
    let (_folder, house) = ui("model/a/b.ts", "const a = 1;\n\nimport \"@tauri-apps/api/core\";\n");
    assert_eq!(places(RULE, &house), ["ui/src/model/a/b.ts:3"]);
}

#[test]
fn a_page_uses_no_other_page() {
    let what = ["a page may not import another page"];
    for line in [
        "import Page from \"../form/Page.svelte\";",
        "import type { State } from '../form/state.svelte';",
        "} from \"../../pages/form/state.svelte\";",
        "const page = () => import(\"../form/Page.svelte\");",
        "import { x } from \"$lib/pages/form/x\";",
        "export * from \"../form/state.svelte\";",
    ] {
        assert_eq!(refused("pages/subject/Page.svelte", line), what, "{line}");
        assert_eq!(refused("pages/subject/page.test.ts", line), what, "{line}");
    }
    for line in [
        "import State from \"./state.svelte\";",
        "import Row from \"./rows/Row.svelte\";",
        "import State from \"../../pages/subject/state.svelte\";",
        "import Form from \"../../forms/Form.svelte\";",
        "<p>Not ../form but ours</p>",
    ] {
        assert!(refused("pages/subject/Page.svelte", line).is_empty(), "{line}");
    }
    assert!(refused("pages/subject/rows/Row.svelte", "import State from \"../state.svelte\";").is_empty());
    assert!(refused("shell/Shell.svelte", "import Form from \"../pages/form/Page.svelte\";").is_empty());
}

#[test]
fn a_layer_uses_only_what_lies_below_it() {
    for (from, to, what) in [
        ("forms/Form.svelte", "../pages/form/state.svelte", "forms may not use pages, which stands above it"),
        ("model/session.svelte.ts", "../controls/Key.svelte", "model may not use controls, which stands above it"),
        ("ipc/door.ts", "../i18n/lang.svelte", "ipc may not use i18n, which stands above it"),
        ("controls/deep/Key.svelte", "../../forms/row", "controls may not use forms, which stands above it"),
        ("pages/form/Page.svelte", "../../shell/Shell.svelte", "pages may not use shell, which stands above it"),
        ("newcomer/a.ts", "../ipc/messages", "newcomer has no place among the layers yet; add it to the list"),
        ("pages/form/Page.svelte", "../../newcomer/a", "pages may not use newcomer, which stands above it"),
    ] {
        assert_eq!(refused(from, &format!("import x from \"{to}\";")), [what], "{from}");
    }
    for (from, to) in [
        ("shell/Shell.svelte", "../pages/form/Page.svelte"),
        ("pages/form/Page.svelte", "../../ipc/messages"),
        ("controls/Key.svelte", "../model/keys.svelte"),
        ("controls/Key.svelte", "./Mark.svelte"),
        ("controls/deep/Key.svelte", "../Mark.svelte"),
        ("main.ts", "./shell/App.svelte"),
        ("charts/charts.test.ts", "../../test/site"),
        ("ipc/door.test.ts", "../model/live.svelte"),
    ] {
        assert!(refused(from, &format!("import x from \"{to}\";")).is_empty(), "{from} uses {to}");
    }
}
