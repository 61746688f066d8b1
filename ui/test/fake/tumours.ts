import type * as m from "../../src/ipc/messages";

const BASELINE = "SE.SCR[1]/F.TU[1]";
const FIRST = "SE.TA1[1]/F.TR[1]";

const cell = (form: string, lesion: string, over: Partial<m.TumourCell> = {}): m.TumourCell => ({
  state: "",
  size: "",
  mm: null,
  gone: false,
  parts: 0,
  treated: false,
  draft: null,
  findings: [],
  cell: `${form}/IG.TR[${lesion}]/IT.SIZE`,
  ...over,
});
const measured = (form: string, lesion: string, size: string): m.TumourCell =>
  cell(form, lesion, size === "" ? {} : { state: "MEASURED", size, mm: size, parts: 1 });
const response = (form: string, kind: string, computed: string | null): m.ResponseCell => ({
  computed,
  cell: `${form}/IG.RS[1]/IT.RS.${kind}`,
  entered: "",
  disagrees: false,
  findings: [],
});
const column = (form: string, label: string, over: Partial<m.TumourColumn>): m.TumourColumn => ({
  form,
  title: label,
  label,
  date: "2026-09-02",
  day: 1,
  baseline: false,
  status: "started",
  settled: true,
  sum: "52",
  known: "52",
  nadir: false,
  fromBaseline: null,
  fromNadir: null,
  fromNadirPercent: null,
  responses: [],
  why: [],
  asSeen: null,
  ...over,
});

/** A subject with two target lesions and one other, read at screening and once after it. */
export function tumours(subject: string, sizes: Record<string, string>): m.TumoursView {
  const row = (id: string, role: m.LesionRole, organ: string, place: string, first: string): m.TumourRow => ({
    id,
    role,
    organ,
    place,
    node: false,
    cells: [measured(BASELINE, id, first), measured(FIRST, id, sizes[id] ?? "")],
  });
  const lines: m.ResponseKind[] = ["target", "non_target", "overall"];
  return {
    subject,
    editable: true,
    confirmationRequired: false,
    responsePersists: true,
    stableDays: 42,
    baselineForm: BASELINE,
    columns: [
      column(BASELINE, "BL", { baseline: true, nadir: true }),
      column(FIRST, "TA1", {
        date: "2026-10-23",
        day: 45,
        sum: "48",
        known: "48",
        fromBaseline: "-7.7",
        responses: lines.map((kind) => response(FIRST, kind, kind === "non_target" ? "NON-CR/NON-PD" : "SD")),
        why: ["The sum is 7.7 % below baseline: less than 30 %."],
      }),
    ],
    rows: [
      row("T01", "target", "Liver", "Segment VI", "31"),
      row("T02", "target", "Lung", "Left upper lobe", "21"),
      row("NT01", "non_target", "Liver", "Segment II", ""),
    ],
    lines: lines.map((kind) => ({
      kind,
      choices: [
        { code: "PD", label: "Progressive disease" },
        { code: "SD", label: "Stable disease" },
      ],
    })),
    best: { response: "SD", why: "Stable disease for at least 42 days." },
    bestConfirmed: null,
    responseLimit: "-30",
    progressionLimit: null,
    notes: [],
    addable: [{ oid: "SE.TA", title: "Tumour assessment 2", repeat: "2" }],
    states: [
      { code: "PRESENT", label: "Present" },
      { code: "UNEQUIVOCAL", label: "Unequivocal progression" },
    ],
    otherStates: [{ code: "NE", label: "Not evaluable" }],
    certainties: [
      { code: "SURE", label: "Unequivocal" },
      { code: "UNSURE", label: "Equivocal" },
    ],
    organs: [
      { code: "LIVER", label: "Liver" },
      { code: "LUNG", label: "Lung" },
    ],
  };
}
