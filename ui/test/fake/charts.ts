import type * as m from "../../src/ipc/messages";

const ARMS: Array<[string, string]> = [
  ["A", "SBRT + systemic"],
  ["B", "Systemic alone"],
];

/** Three subjects of two arms, as the investigator compares them. */
export const charts: m.ChartsView = {
  arms: ARMS,
  subjects: 4,
  guides: [-30, 20],
  waterfall: [
    { subject: "S01-001", arm: "A", change: "-42.5", date: "2026-10-23", response: "PR" },
    { subject: "S01-002", arm: "B", change: "-7.7", date: "2026-10-23", response: "SD" },
    { subject: "S01-003", arm: "B", change: "24", date: "2026-10-23", response: "PD" },
  ],
  spider: [
    {
      subject: "S01-001",
      arm: "A",
      points: [
        [0, "0"],
        [45, "-20"],
        [87, "-42.5"],
      ],
      responses: ["baseline", "SD", "PR"],
    },
    {
      subject: "S01-003",
      arm: "B",
      points: [
        [0, "0"],
        [44, "24"],
      ],
      responses: ["baseline", "PD"],
    },
  ],
  swimmer: [
    {
      subject: "S01-001",
      arm: "A",
      days: 90,
      open: true,
      followed: 90,
      marks: [
        [45, "SD"],
        [87, "PR"],
      ],
    },
    { subject: "S01-003", arm: "B", days: 44, open: false, followed: 60, marks: [[44, "PD"]] },
  ],
};

/** One subject's course of treatment, scans, events and results. */
export const timeline = (subject: string): m.TimelineView => ({
  subject,
  facts: ["M", "58 y"],
  first: "2026-08-26",
  last: "2026-11-10",
  today: "2026-10-23",
  day1: "2026-09-09",
  drugs: [
    { label: "Drug A", dose: "400 mg", paused: false, from: "2026-09-09", to: "2026-10-01", open: false },
    { label: "Drug A", dose: "", paused: true, from: "2026-10-01", to: "2026-10-23", open: true },
  ],
  fractions: [
    { date: "2026-09-14", dose: "9 Gy" },
    { date: "2026-09-16", dose: "9 Gy" },
  ],
  scans: [
    { date: "2026-09-02", visit: "Screening", baseline: true, sum: "52", change: null, response: "" },
    { date: "2026-10-23", visit: "Tumour assessment 1", baseline: false, sum: "48", change: "-7.7", response: "SD" },
  ],
  adverse: [{ term: "Fatigue", grade: 2, serious: false, from: "2026-09-12", to: "2026-10-23", open: true }],
  labs: [
    {
      name: "Albumin",
      unit: "g/L",
      points: [
        ["2026-09-02", "38"],
        ["2026-10-21", "34"],
      ],
    },
  ],
  milestones: [
    { kind: "consent", date: "2026-09-01" },
    { kind: "day1", date: "2026-09-09" },
  ],
});
