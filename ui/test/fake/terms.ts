import type * as m from "../../src/ipc/messages";

const term = (code: string, label: string, grades: string[], over: Partial<m.TermView> = {}): m.TermView => ({
  code,
  label,
  synonym: "",
  soc: "General disorders",
  definition: `${label}, as the dictionary defines it.`,
  note: "",
  other: false,
  grades: grades.map((grade) => ({ grade, text: `${label} of grade ${grade}` })),
  ...over,
});

/** A dictionary of few terms. */
export const TERMS: m.TermView[] = [
  term("10016256", "Fatigue", ["1", "2", "3"]),
  term("10028813", "Nausea", ["1", "2", "3"], { soc: "Gastrointestinal disorders", synonym: "queasiness" }),
  term("10017947", "Gastrointestinal disorders - Other, specify", ["1", "2", "3", "4", "5"], {
    soc: "Gastrointestinal disorders",
    other: true,
  }),
];

export const termsLike = (typed: string): m.TermView[] =>
  TERMS.filter((each) => `${each.label} ${each.synonym}`.toLowerCase().includes(typed.trim().toLowerCase()));
