import type * as m from "../src/ipc/messages";
import Page from "../src/pages/form/Page.svelte";
import { cellState, formState, itemShape } from "./sample";
import { openSite, show, until, type Hands, type Otherwise } from "./site";
import { expect } from "vitest";

/** A form of the invented site with one row in each group, and its log of rows. */
export const CHEMISTRY = "SE.C2D1[1]/F.LBC[1]";
export const LOG = "SE.LOG[1]/F.AE[1]";

/** Opens a form in the window, the focus at one of its cells (`IG.CHEM[1]/IT.ALB`), or where the form puts it. */
export async function openForm(cell = "", otherwise: Otherwise = {}, form = CHEMISTRY): Promise<Hands> {
  const hands = openSite(otherwise);
  show(Page, { subject: "S01-003", form, cell: cell === "" ? "" : `${form}/${cell}` });
  await until(() => expect(document.activeElement?.closest("[data-page=form] section") ?? null).not.toBeNull());
  return hands;
}

/** The row of a cell on the screen. */
export const rowOf = (cell: string): HTMLElement | null =>
  [...document.querySelectorAll<HTMLElement>("[data-cell]")].find((row) => row.dataset["cell"]?.endsWith(cell)) ?? null;

/** What the control of a cell holds. */
export const valueOf = (cell: string): string => {
  const row = rowOf(cell);
  const chosen = row?.querySelector<HTMLElement>("[role=radio][aria-checked=true]");
  return chosen?.dataset["code"] ?? row?.querySelector<HTMLInputElement>("input, textarea")?.value ?? "";
};

/** A form of one group whose questions the test gives, each with the cell that Rust holds. */
export function formOf(
  questions: Array<[Partial<m.ItemShape>, Partial<m.CellState>]>,
  over: Partial<m.FormUpdate> = {},
) {
  const items = questions.map(([shape], at) =>
    itemShape({ oid: `IT.Q${at}`, name: `Q${at}`, question: `Question ${at}`, ...shape }),
  );
  const cells = questions.map(([, cell], at) => cellState({ key: `${CHEMISTRY}/IG.A[1]/${items[at]?.oid}`, ...cell }));
  const group = { oid: "IG.A", title: "", repeating: false, items };
  const shape: m.FormShape = { key: CHEMISTRY, title: "Form", eventTitle: "Visit", groups: [group] };
  const state = formState(cells, { key: CHEMISTRY, ...over });
  return { form_shape: () => shape, form_state: () => state, cells, state };
}
