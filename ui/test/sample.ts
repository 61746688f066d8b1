import type { CellState, FormUpdate, ItemShape } from "../src/ipc/messages";

/** A question with nothing special about it. */
export function itemShape(over: Partial<ItemShape> = {}): ItemShape {
  return {
    oid: "IT.X",
    name: "X",
    question: "X",
    control: "text",
    length: null,
    choices: [],
    unit: "",
    units: [],
    range: "",
    guideline: "",
    mandatory: true,
    missing: ["not_done", "unknown"],
    formula: null,
    companion: null,
    absent: "",
    analyte: null,
    ...over,
  };
}

/** A cell that holds nothing. */
export function cellState(over: Partial<CellState> = {}): CellState {
  return {
    key: "SE.A[1]/F.A[1]/IG.A[1]/IT.X",
    visible: true,
    display: "",
    typed: "",
    unit: "",
    missing: "",
    draft: null,
    draftBy: "",
    draftFault: "",
    conflict: [],
    findings: [],
    converted: "",
    last: "",
    trace: "",
    lab: null,
    queries: 0,
    atCenter: false,
    earlier: null,
    ...over,
  };
}

/** A form with one group of one row, told whole. */
export function formState(cells: CellState[], over: Partial<FormUpdate> = {}): FormUpdate {
  return {
    revision: 0,
    base: null,
    key: "SE.A[1]/F.A[1]",
    status: "started",
    answered: 0,
    total: cells.length,
    editable: true,
    reasonNeeded: false,
    eventDate: null,
    rows: [{ group: "IG.A", repeat: "1", reasonNeeded: false, cells }],
    blockers: [],
    unsent: 0,
    clocks: [],
    retired: [],
    ...over,
  };
}
