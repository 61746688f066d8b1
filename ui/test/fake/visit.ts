import type * as m from "../../src/ipc/messages";

const item = (question: string, over: Partial<m.ChecklistItem> = {}): m.ChecklistItem => ({
  question,
  unit: "",
  range: "",
  choices: [],
  mandatory: true,
  repeating: false,
  answered: false,
  last: "",
  ...over,
});

/** The sheet to take along to a visit. */
export const checklist = (subject: string): m.ChecklistView => ({
  study: "SBRT plus second-line systemic therapy (sample)",
  version: "1.0",
  site: "S01",
  subject,
  visit: "Tumour assessment 1",
  planned: "2026-10-23",
  window: ["2026-10-16", "2026-10-30"],
  date: null,
  state: "due",
  printed: "2026-10-21",
  forms: [
    {
      key: "SE.TA1[1]/F.VS[1]",
      title: "Vital signs",
      status: "empty",
      items: [
        item("Weight", { unit: "kg", range: "30–200", last: "72" }),
        item("Fasting", { choices: ["Yes", "No"], mandatory: false }),
      ],
      open: [{ kind: "hard", place: "", question: "Pulse", message: "Above 300 is impossible." }],
    },
  ],
  open: [{ kind: "query", place: "Cycle 1 Day 1", question: "Creatinine", message: "" }],
});

const FACTORS: m.FactorView[] = [{ question: "Macrovascular invasion", level: "No" }];

/** A subject who is ready to be randomised, then asked for, then allocated. */
export class Randomisation {
  #step: m.RandomiseStep = "ready";

  view(subject: string): m.RandomiseView {
    const asked = this.#step !== "ready";
    return {
      subject,
      step: this.#step,
      gates: [
        { kind: "registered", open: false, title: "", form: null, cell: null },
        { kind: "form", open: this.#step === "gated", title: "Eligibility", form: "SE.SCR[1]/F.IE[1]", cell: null },
      ],
      factors: FACTORS,
      request: asked
        ? { groups: ["7K2M", "9QPX", "4TRA"], number: 1, at: "2026-10-21T10:00:00+08:00", by: "Investigator (sample)" }
        : null,
      allocation:
        this.#step === "revealed"
          ? {
              arm: "SBRT + systemic",
              number: "R-017",
              at: "2026-10-21T10:05:00+08:00",
              by: "Investigator (sample)",
              form: "SE.RAND[1]/F.DS[1]",
            }
          : null,
      root: null,
      mayAct: true,
    };
  }

  moveTo(step: m.RandomiseStep, subject: string): m.RandomiseView {
    this.#step = step;
    return this.view(subject);
  }
}
