import { lang } from "../../i18n/lang.svelte";
import { cellView } from "../../ipc/commands";
import type { CellView } from "../../ipc/messages";
import type { FormModel } from "./form-model.svelte";

const PAUSE_MS = 120;

/** What the right-hand column knows of the focused cell; it follows at a little distance, so it never slows typing. */
export class AsideState {
  view = $state.raw<CellView | null>(null);

  /** Follows the focus and every answer of Rust; to be called inside an effect. */
  follow(model: FormModel): () => void {
    const cell = model.focus;
    void model.version;
    const language = lang.tag;
    let over = false;
    const timer = setTimeout(() => {
      if (cell === "") return;
      cellView({ subject: model.subject, cell, lang: language })
        .then((view) => {
          if (!over) this.view = view;
        })
        // The column keeps what it showed; the field itself says when something is wrong.
        .catch(() => undefined);
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }
}
