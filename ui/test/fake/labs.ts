import type * as m from "../../src/ipc/messages";

const ANALYTES: m.LabAnalyte[] = [
  { code: "ALB", question: "Albumin", units: ["g/L", "g/dL"] },
  { code: "CREAT", question: "Creatinine", units: ["µmol/L"] },
];

const line = (typed: Partial<m.LabLineTyped>, id: string): m.LabLine => ({
  id,
  lab: "Central laboratory",
  analyte: "ALB",
  question: ANALYTES.find((analyte) => analyte.code === typed.analyte)?.question ?? "Albumin",
  sex: "",
  from: "",
  to: "",
  low: "",
  high: "",
  unit: "g/L",
  by: "Nurse (sample)",
  at: "2026-09-01T10:00:00+08:00",
  disputed: false,
  ...typed,
});

/** A register of laboratory limits that remembers what is put into it. */
export class Labs {
  #lines: m.LabLine[] = [line({ low: "40", high: "55" }, "line-1")];

  register(): m.LabRegister {
    const labs = [...new Set(this.#lines.map((each) => each.lab))];
    const sexes = [
      { code: "F", label: "Female" },
      { code: "M", label: "Male" },
    ];
    return { labs, analytes: ANALYTES, sexes, lines: this.#lines };
  }

  set({ replaces, ...typed }: m.LabLineTyped): m.LabRegister {
    const kept = this.#lines.filter((each) => each.id !== replaces);
    this.#lines = [...kept, line(typed, `line-${this.#lines.length + 1}`)];
    return this.register();
  }

  withdraw(id: string): m.LabRegister {
    this.#lines = this.#lines.filter((each) => each.id !== id);
    return this.register();
  }
}

/** A laboratory's file with one result that is new and one that differs from the form. */
export const labFile = (mapping: m.LabMapping = MAPPING): m.LabFileView => ({
  encoding: "UTF-8",
  delimiter: ",",
  columns: ["patient", "drawn", "test", "value", "unit"],
  mapping,
  remembered: false,
  analytes: ANALYTES,
  units: ["g/L", "µmol/L"],
  total: 2,
  counts: [
    { verdict: "new", rows: 1 },
    { verdict: "differs", rows: 1 },
  ],
  rows: [
    {
      line: 2,
      subject: "S01-003",
      date: "2026-10-21",
      test: "ALB",
      result: "34 g/L",
      visit: "Cycle 2 Day 1",
      standing: "",
      verdict: "new",
    },
    {
      line: 3,
      subject: "S01-003",
      date: "2026-10-21",
      test: "CREAT",
      result: "81 µmol/L",
      visit: "Cycle 2 Day 1",
      standing: "79.6",
      verdict: "differs",
    },
  ],
  reasonNeeded: false,
});

const MAPPING: m.LabMapping = {
  lab: "Central laboratory",
  subject: "patient",
  date: "drawn",
  test: "test",
  result: "value",
  unit: "unit",
  low: "",
  high: "",
  tests: [
    { said: "ALB", meant: "ALB" },
    { said: "CRE", meant: "CREAT" },
  ],
  units: [{ said: "g/l", meant: "g/L" }],
};
