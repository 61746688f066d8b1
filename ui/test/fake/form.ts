import type * as m from "../../src/ipc/messages";
import { cells, chemistry, logShape, row } from "./casebook";

const formOf = (cell: string): string => cell.split("/").slice(0, 2).join("/");
const isLog = (form: string): boolean => form.includes("F.AE");
const isChinese = (lang: string): boolean => lang === "zh-CN";

/**
 * The forms of the invented site. It knows no rules: the values are drawn, and saving only repeats what was typed;
 * four letters in a number are a draft that cannot be read.
 */
export class Forms {
  unsent = 46;
  readonly #states = new Map<string, m.FormState>();
  #revision = 0;

  shape({ form, lang }: { form: string; lang: string }): m.FormShape {
    return isLog(form) ? logShape(isChinese(lang)) : chemistry(form, isChinese(lang));
  }

  /** The whole state of a form, as for a window that knows nothing of it yet. */
  whole(form: string): m.FormUpdate {
    return this.#update(form, null, () => true);
  }

  /** Changes one cell, and answers with this cell alone. */
  change(cell: string, how: (cell: m.CellState) => void): m.FormUpdate {
    const form = formOf(cell);
    const found = this.#cells(form).find((each) => each.key === cell);
    if (found !== undefined) how(found);
    this.unsent += 1;
    return this.#update(form, this.#revision, (each) => each.key === cell);
  }

  save(cell: string, typed: string): m.FormUpdate {
    return this.change(cell, (each) => {
      const unread = /[a-z]{4}/.test(typed) && /POTASSIUM|CREAT|ALB$|SIZE$/.test(cell);
      each.draft = unread ? typed : null;
      each.draftFault = unread ? "not_a_number" : "";
      if (unread) return;
      each.typed = each.display = typed;
      each.missing = "";
      each.findings = each.findings.filter((finding) => finding.severity === "soft");
    });
  }

  addRow(form: string, group: string): m.FormUpdate {
    const { rows } = this.#state(form);
    const used = rows.filter((each) => each.group === group).map((each) => Number(each.repeat));
    rows.push(row(form, group, String(Math.max(0, ...used) + 1), false));
    return this.whole(form);
  }

  removeRow(form: string, group: string, repeat: string): m.FormUpdate {
    const state = this.#state(form);
    state.rows = state.rows.filter((each) => each.group !== group || each.repeat !== repeat);
    return this.whole(form);
  }

  setStatus(form: string, status: m.FormStatus): m.FormUpdate {
    const state = this.#state(form);
    state.status = status;
    state.reasonNeeded = status === "complete";
    for (const each of state.rows) each.reasonNeeded = state.reasonNeeded;
    return this.whole(form);
  }

  #state(form: string): m.FormState {
    const known = this.#states.get(form) ?? fresh(form);
    this.#states.set(form, known);
    return known;
  }

  #cells(form: string): m.CellState[] {
    return this.#state(form).rows.flatMap((each) => each.cells);
  }

  #update(form: string, base: number | null, carried: (cell: m.CellState) => boolean): m.FormUpdate {
    const state = this.#state(form);
    const all = this.#cells(form);
    this.#revision += 1;
    return {
      ...state,
      revision: this.#revision,
      base,
      answered: all.filter((cell) => cell.display !== "" || cell.missing !== "").length,
      total: all.length,
      blockers: all.flatMap(blockersOf),
      rows: state.rows.map((each) => ({ ...each, cells: each.cells.filter(carried) })),
      unsent: this.unsent,
    };
  }
}

function fresh(form: string): m.FormState {
  const log = () => [row(form, "IG.AE", "1", true), row(form, "IG.AE", "2", true), row(form, "IG.OP", "1", true)];
  return {
    key: form,
    status: "started",
    answered: 0,
    total: 0,
    editable: true,
    reasonNeeded: false,
    eventDate: "2026-10-21",
    rows: isLog(form) ? log() : cells(form),
    blockers: [],
    unsent: 0,
    clocks: [],
    retired: [],
  };
}

function blockersOf(cell: m.CellState): m.Blocker[] {
  const open = cell.findings.filter((finding) => finding.confirmed === null);
  const question = cell.key.split(".").at(-1) ?? "";
  return open.map(({ severity, rule, message }) => ({ key: cell.key, question, kind: severity, rule, message }));
}
