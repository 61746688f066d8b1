import type * as m from "../../src/ipc/messages";

/** A study with an amendment that has come, for looking at the screens without Rust. */
export const studyView = (): m.StudyView => ({
  title: "Randomised phase II study of SBRT plus second-line systemic therapy (sample)",
  mayChange: true,
  versions: [
    {
      version: "MDV.2",
      name: "2.0",
      effective: "2026-11-23",
      approval: "EC 2026-117 (sample)",
      state: "ready",
      subjects: 1,
    },
    { version: "MDV.1", name: "1.0", effective: "2026-01-05", approval: "", state: "in_force", subjects: 2 },
  ],
  subjects: [
    { subject: "S01-001", version: "MDV.2", name: "2.0", undo: "MDV.1", conflict: false },
    { subject: "S01-002", version: "MDV.1", name: "1.0", undo: null, conflict: false },
    { subject: "S01-003", version: "MDV.1", name: "1.0", undo: null, conflict: true },
  ],
});

const difference = (
  part: m.DifferencePart,
  fate: m.DifferenceFate,
  oid: string,
  title: string,
  was = "",
  now = "",
  place = "",
): m.DifferenceView => ({
  part,
  fate,
  oid,
  title,
  place,
  was,
  now,
});

export const differences = (): m.DifferenceView[] => [
  difference(
    "event",
    "rescheduled",
    "SE.TA",
    "Tumour assessment {n}",
    "SE.C1D1 +42 d [−7, +7], / 42 d × 17",
    "SE.C1D1 +42 d [−5, +5], / 42 d × 17",
  ),
  difference("item", "added", "IT.VS.SPO2", "Oxygen saturation", "", "", "Vital signs"),
  difference("item", "required", "IT.VS.SPO2", "Oxygen saturation", "", "", "Vital signs"),
  difference("item", "retired", "IT.VS.RESP", "Respiratory rate", "", "", "Vital signs"),
  difference("code", "renamed", "CL.ETHNIC", "Han", "HAN", "HAN CHINESE"),
];

const line = (kind: m.PreviewKind, place: string, title: string, was = "", now = ""): m.PreviewLine => ({
  kind,
  place,
  title,
  was,
  now,
});

export const preview = (subject: string): m.PreviewView => ({
  subject,
  from: "MDV.1",
  to: "MDV.2",
  lines: [
    line("falls", "Screening · Vital signs", ""),
    line("lacking", "Screening · Vital signs", "Oxygen saturation"),
    line("renamed", "Screening · Demographics", "Race", "Asian"),
    line("retired", "Screening · Vital signs", "Respiratory rate", "16"),
    line(
      "window",
      "Tumour assessment 1",
      "",
      "2026-12-21 (2026-12-14 – 2026-12-28)",
      "2026-12-21 (2026-12-16 – 2026-12-26)",
    ),
  ],
});

export const outline = (): m.OutlineView => ({
  version: "1.0",
  events: [
    {
      label: "SCR",
      title: "Screening",
      kind: "scheduled",
      anchor: "Date of consent",
      offset: 0,
      window: [0, 28],
      every: null,
      forms: ["Demographics", "Vital signs"],
    },
    {
      label: "TA",
      title: "Tumour assessment 1",
      kind: "scheduled",
      anchor: "Cycle 1 day 1",
      offset: 42,
      window: [7, 7],
      every: 42,
      forms: ["Tumour assessment"],
    },
    {
      label: "LOG",
      title: "Running records",
      kind: "common",
      anchor: null,
      offset: 0,
      window: [0, 0],
      every: null,
      forms: ["Adverse events"],
    },
  ],
  forms: [["F.LB", "Laboratory"]],
});
