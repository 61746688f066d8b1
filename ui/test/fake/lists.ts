import type * as m from "../../src/ipc/messages";

const study = "SBRT plus second-line systemic therapy in oligoprogressive hepatocellular carcinoma";
const device = "S01-k7f2m3pq";
const words = "copper lantern river orbit velvet maple";
const users: Array<[string, m.Role]> = [
  ["nurse1", "nurse"],
  ["investigator1", "investigator"],
  ["admin1", "administrator"],
];

export const start: m.StartView = {
  version: "0.1.0",
  vaults: [
    {
      id: "practice-1",
      study,
      site: "S01",
      device,
      practice: true,
      practiceAccounts: { users, password: "sample-lantern-river" },
    },
  ],
  preferences: { language: "", theme: "", zoom: 0 },
};

export const view: m.SessionView = {
  user: "nurse1",
  name: "Nurse (sample)",
  role: typeof location !== "undefined" && location.hash.includes("admin") ? "administrator" : "nurse",
  site: "S01",
  study,
  studyVersion: "1.0",
  languages: ["en", "zh-CN"],
  device,
  deviceWords: words,
  practice: true,
  lockAfterMinutes: 10,
  mustChange: typeof location !== "undefined" && location.hash.includes("own-password"),
  alarms: [],
  awaitsCenter: false,
  checkpointUnread: false,
  copy: null,
};

export function worklist(zh: boolean): m.WorklistView {
  const task = (kind: m.TaskKind, subject: string, over: Partial<m.Task> = {}): m.Task => ({
    kind,
    subject,
    event: "SE.C2D1[1]",
    eventTitle: zh ? "第 2 周期第 1 天" : "Cycle 2 Day 1",
    form: "SE.C2D1[1]/F.LBC[1]",
    formTitle: zh ? "血生化" : "Laboratory: chemistry",
    planned: "2026-10-23",
    window: null,
    daysLeft: null,
    cell: "",
    about: "",
    minutesLeft: null,
    deadline: null,
    count: 2,
    day: null,
    ...over,
  });
  const visit = (title: string, daysLeft: number) => ({
    form: "",
    formTitle: "",
    eventTitle: title,
    daysLeft,
    window: ["2026-10-16", "2026-10-30"] as [string, string],
  });
  return {
    tasks: [
      task("overdue", "S01-001", visit(zh ? "肿瘤评估 1" : "Tumour assessment 1", -3)),
      task("must_change", "S01-003"),
      task("query", "S01-003", { event: "SE.C1D1[1]", count: 1 }),
      task("due", "S01-003", visit(zh ? "肿瘤评估 1" : "Tumour assessment 1", 7)),
      task("due", "S01-005", visit(zh ? "第 3 周期第 1 天" : "Cycle 3 Day 1", 0)),
      task("unfinished", "S01-004", { count: 5 }),
      task("confirm", "S01-002"),
      task("upcoming", "S01-006", visit(zh ? "第 3 周期第 1 天" : "Cycle 3 Day 1", 12)),
    ],
    counts: [
      ["overdue", 1],
      ["must_change", 1],
      ["query", 1],
      ["due", 2],
      ["unfinished", 1],
      ["confirm", 1],
      ["upcoming", 1],
    ],
    today: "2026-10-23",
    backup: null,
  };
}

export function subjects(zh: boolean): m.SubjectRow[] {
  const states: m.WindowState[] = ["overdue", "due", "due", "upcoming", "due", "upcoming", "unplanned"];
  return states.map((nextState, at) => ({
    subject: `S01-00${at + 1}`,
    facts: [zh ? (at % 3 ? "男" : "女") : at % 3 ? "M" : "F", zh ? `${51 + at * 3} 岁` : `${51 + at * 3} y`],
    lastEvent: zh ? "第 1 周期第 1 天" : "Cycle 1 Day 1",
    nextEvent: at === 6 ? null : zh ? "肿瘤评估 1" : "Tumour assessment 1",
    nextDate: at === 6 ? null : `2026-10-${22 + at}`,
    nextState,
    complete: 14 - at * 2,
    expected: 16,
    mustChange: at === 2 ? 1 : 0,
    confirm: at === 1 ? 2 : 0,
    queries: at === 2 ? 1 : 0,
    unsent: at * 3,
  }));
}

const transfer = (kind: m.TransferKind, state: m.TransferState, at: string): m.TransferView => ({
  at,
  by: "Nurse (sample)",
  kind,
  bundle: "3f9a17c2d0be",
  file: "S01-k7f2m3pq-000001-000366.bundle",
  entries: 366,
  state,
});

export const sync: m.SyncView = {
  unsent: 46,
  oldestDays: 3,
  lastReceipt: "2026-10-18T16:20:00+08:00",
  history: [
    transfer("imported", "confirmed", "2026-10-18T16:20:00+08:00"),
    transfer("exported", "confirmed", "2026-10-14T17:05:00+08:00"),
  ],
  suggestedFolder: "/media/stick",
  backup: { last: "2026-10-12T17:05:00+08:00", days: 9, due: true, formerAccounts: false },
  backupFolder: "/media/backup",
  newWords: null,
  settled: [],
};

export const backup: m.BackupView = {
  site: "S01",
  device,
  practice: true,
  at: "2026-10-12T17:05:00+08:00",
  entries: 386,
  codeSet: 2,
  isHere: true,
};

export const drilled: m.DrillReport = {
  study,
  site: "S01",
  device,
  practice: true,
  at: backup.at,
  entries: 386,
  subjects: 7,
  newest: "2026-10-12T16:58:00+08:00",
  wasOlder: false,
  alarms: [],
  against: "behind",
  behind: 26,
};

export const people: m.PeopleView = {
  people: [
    { user: "admin1", name: "Administrator (sample)", role: "administrator", open: true, mustChange: false },
    { user: "nurse1", name: "Nurse (sample)", role: "nurse", open: true, mustChange: false },
    { user: "nurse0", name: "Nurse who left (sample)", role: "nurse", open: false, mustChange: false },
  ],
  device,
  deviceWords: words,
  recovery: { left: 9, sealedAt: "2026-10-02T09:12:00+08:00", atCenter: true },
};

const entered = (seq: number, old: string, now: string, reason: string): m.Change => ({
  at: `2026-10-21T1${seq}:02:00+08:00`,
  by: "Nurse (sample)",
  device,
  old,
  new: now,
  reason,
  seq,
  missing: false,
});

export const cellView = (key: string): m.CellView => ({
  key,
  question: "",
  eventTitle: "",
  guideline: "",
  history: [entered(4, "90", "79.6", "Typing mistake"), entered(3, "", "90", "")],
  queries: [
    {
      id: "q1",
      state: "open",
      by: "center",
      at: "2026-10-18T09:00:00+08:00",
      text: "C1D15 creatinine 44: below all others. Please check the report.",
      answers: [],
    },
  ],
  course: [
    ["SCR", "81"],
    ["C1D1", "74"],
    ["C1D15", "78"],
    ["C2D1", "76"],
  ].map(([event = "", value = ""], at) => ({ event, date: null, value, sign: "", side: null, here: at === 3 })),
  courseRange: ["57", "97"],
  evidence: [],
  around: null,
});
