import { Loaded } from "../../model/loaded.svelte";
import { lang } from "../../i18n/lang.svelte";
import { charts } from "../../ipc/commands";
import type { ChartsView } from "../../ipc/messages";

export const KINDS = ["waterfall", "spider", "swimmer"] as const;
export type Kind = (typeof KINDS)[number];

/** The charts of this site: which one is shown, and whether as a drawing or as its table. */
export class ChartsState extends Loaded<ChartsView> {
  kind = $state<Kind>("waterfall");
  table = $state(false);

  fetch(): Promise<void> {
    return this.load(() => charts({ lang: lang.tag }));
  }

  /** How many subjects the chart in view can show. */
  get shown(): number {
    return this.now?.[this.kind].length ?? 0;
  }

  /** The responses that occur in the chart in view, for its legend, in the order of the best first. */
  get codes(): string[] {
    const lines = this.kind === "spider" ? (this.now?.spider ?? []).flatMap((line) => line.responses) : [];
    const marks =
      this.kind === "swimmer" ? (this.now?.swimmer ?? []).flatMap((lane) => lane.marks.map(([, code]) => code)) : [];
    const found = new Set([...lines, ...marks]);
    return ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "death"].filter((code) => found.has(code));
  }
}
