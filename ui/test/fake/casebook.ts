import type * as m from "../../src/ipc/messages";
import { cellState, itemShape } from "../sample";

const say = (zh: boolean, en: string, chinese: string) => (zh ? chinese : en);
const choices = (...labels: string[]): m.Choice[] => labels.map((label, at) => ({ code: `C${at + 1}`, label }));
const yesNo = (zh: boolean) => choices(say(zh, "Yes", "是"), say(zh, "No", "否"));
const item = (name: string, question: string, over: Partial<m.ItemShape> = {}) =>
  itemShape({ oid: `IT.${name}`, name, question, ...over });

export function chemistry(form: string, zh: boolean): m.FormShape {
  const lab = (
    name: string,
    en: string,
    chinese: string,
    unit: string,
    range: string,
    over: Partial<m.ItemShape> = {},
  ) => item(name, say(zh, en, chinese), { control: "number", unit, range: `${range} ${unit}`, ...over });
  const guideline = say(
    zh,
    "Enter as the laboratory reports it; type the unit after the number if it differs.",
    "按实验室报告录入；单位不同时在数字后键入单位。",
  );
  return {
    key: form,
    title: say(zh, "Laboratory: chemistry", "血生化"),
    eventTitle: say(zh, "Cycle 2 Day 1", "第 2 周期第 1 天"),
    groups: [
      {
        oid: "IG.LBC",
        title: "",
        repeating: false,
        items: [
          item("LBDAT", say(zh, "Date of collection", "采样日期"), { control: "date" }),
          item("FAST", say(zh, "Fasting", "空腹"), { control: "choices", choices: yesNo(zh), mandatory: false }),
        ],
      },
      {
        oid: "IG.CHEM",
        title: say(zh, "Chemistry", "生化"),
        repeating: false,
        items: [
          lab("ALB", "Albumin", "白蛋白", "g/L", "40–55"),
          lab("BILI", "Total bilirubin", "总胆红素", "µmol/L", "5.1–22.2"),
          lab("CREAT", "Creatinine", "肌酐", "µmol/L", "57–97", { guideline }),
          lab("POTASSIUM", "Potassium", "钾", "mmol/L", "3.5–5.3"),
          lab("AFP", "AFP", "甲胎蛋白", "ng/mL", "< 7"),
          item("REGION", say(zh, "Main site of disease", "主要病灶部位"), {
            control: "list",
            choices: choices("Liver", "Lung", "Lymph node", "Adrenal gland", "Bone", "Peritoneum", "Brain"),
            mandatory: false,
          }),
          item("DXMETH", say(zh, "How was HCC diagnosed?", "肝癌诊断方式"), {
            control: "choices",
            choices: choices(
              say(zh, "Pathology", "病理"),
              say(zh, "Clinical criteria", "临床标准"),
              say(zh, "Both", "两者"),
            ),
          }),
          item("COMM", say(zh, "Comment", "备注"), { control: "long_text", mandatory: false }),
        ],
      },
      {
        oid: "IG.DER",
        title: "",
        repeating: false,
        items: [
          item("ALBI", say(zh, "ALBI grade", "ALBI 分级"), {
            control: "derived",
            formula: "0.66 * log10(BILI) - 0.085 * ALB",
            missing: [],
          }),
        ],
      },
    ],
  };
}

export function cells(form: string): m.RowState[] {
  const line = (group: string, items: Record<string, Partial<m.CellState>>): m.RowState => ({
    group,
    repeat: "1",
    reasonNeeded: false,
    cells: Object.entries(items).map(([name, over]) => cellState({ key: `${form}/${group}[1]/IT.${name}`, ...over })),
  });
  const value = (typed: string, more: Partial<m.CellState> = {}): Partial<m.CellState> => ({
    typed,
    display: typed,
    ...more,
  });
  const finding = (severity: m.Severity, message: string) => ({
    rule: `R-${severity}`,
    severity,
    message,
    confirmed: null,
  });
  return [
    line("IG.LBC", { LBDAT: { typed: "2026-10-21", display: "21 Oct 2026" }, FAST: { typed: "C1", display: "Yes" } }),
    line("IG.CHEM", {
      ALB: value("34", { last: "36" }),
      BILI: value("34.2", { findings: [finding("soft", "1.5 × ULN: Grade 2 proposed. Confirm or query.")] }),
      CREAT: { typed: "0.9 mg/dL", display: "0.9", unit: "mg/dL", converted: "79.6 µmol/L", last: "81", queries: 1 },
      POTASSIUM: value("41", { findings: [finding("hard", "Above 10 is impossible. Did you mean 4.1?")] }),
      AFP: { missing: "not_done" },
      REGION: {},
      DXMETH: {},
      COMM: {},
    }),
    line("IG.DER", { ALBI: { display: "2b", trace: "0.66·log₁₀ 34.2 − 0.085·34 = −1.878" } }),
  ];
}

export function logShape(zh: boolean): m.FormShape {
  const pick = (name: string, question: string, list: m.Choice[]) =>
    item(name, question, { control: "choices", choices: list });
  return {
    key: "SE.AE[1]/F.AE[1]",
    title: say(zh, "Adverse events", "不良事件"),
    eventTitle: say(zh, "Logs", "日志"),
    groups: [
      {
        oid: "IG.AE",
        title: "",
        repeating: true,
        items: [
          item("AETERM", say(zh, "Adverse event", "不良事件")),
          item("AESTDAT", say(zh, "Start date", "开始日期"), { control: "date" }),
          pick("AEONGO", say(zh, "Ongoing", "仍持续"), yesNo(zh)),
          item("AEENDAT", say(zh, "End date", "结束日期"), { control: "date" }),
          pick("AETOXGR", say(zh, "CTCAE grade", "CTCAE 分级"), choices("G1", "G2", "G3", "G4", "G5")),
          pick("AESER", say(zh, "Serious", "严重"), yesNo(zh)),
          pick("AEREL", say(zh, "Related to SBRT", "与 SBRT 相关"), yesNo(zh)),
          item("AECOMM", say(zh, "Description", "描述"), { control: "long_text", mandatory: false }),
        ],
      },
      {
        oid: "IG.OP",
        title: say(zh, "Lesions", "病灶"),
        repeating: true,
        items: [
          item("OPORG", say(zh, "Place", "部位")),
          item("SIZE", say(zh, "Size", "大小"), { control: "number", unit: "mm" }),
          pick("SBRT", say(zh, "SBRT feasible", "可行 SBRT"), yesNo(zh)),
        ],
      },
    ],
  };
}

const ROWS: Record<string, Record<string, [string, string]>> = {
  "IG.AE": {
    AETERM: ["Fatigue", "Fatigue"],
    AESTDAT: ["2026-09-12", "12 Sep 2026"],
    AEONGO: ["C1", "Yes"],
    AEENDAT: ["", ""],
    AETOXGR: ["C2", "G2"],
    AESER: ["C2", "No"],
    AEREL: ["C2", "No"],
    AECOMM: ["", ""],
  },
  "IG.OP": { OPORG: ["Segment VI", "Segment VI"], SIZE: ["31", "31"], SBRT: ["C1", "Yes"] },
};

export function row(form: string, group: string, repeat: string, filled: boolean): m.RowState {
  const cellsOf = Object.entries(ROWS[group] ?? {}).map(([name, [typed, display]]) =>
    cellState({ key: `${form}/${group}[${repeat}]/IT.${name}`, ...(filled ? { typed, display } : {}) }),
  );
  return { group, repeat, reasonNeeded: false, cells: cellsOf };
}

export function events(zh: boolean): m.EventColumn[] {
  const event = (key: string, title: string, state: m.WindowState, over: Partial<m.EventColumn>): m.EventColumn => ({
    key: `SE.${key}[1]`,
    title,
    label: key,
    planned: null,
    window: null,
    date: null,
    state,
    conflict: false,
    dated: true,
    ...over,
  });
  return [
    event("SCR", say(zh, "Screening", "筛选"), "on_time", { date: "2026-09-02" }),
    event("RAND", say(zh, "Randomisation", "随机"), "on_time", { date: "2026-09-07" }),
    event("C1D1", say(zh, "Cycle 1 Day 1", "第 1 周期第 1 天"), "on_time", {
      date: "2026-09-09",
      planned: "2026-09-10",
      window: ["2026-09-07", "2026-09-14"],
    }),
    event("C2D1", say(zh, "Cycle 2 Day 1", "第 2 周期第 1 天"), "on_time", {
      date: "2026-10-21",
      planned: "2026-10-21",
      window: ["2026-10-18", "2026-10-24"],
    }),
    event("TA1", say(zh, "Tumour assessment 1", "肿瘤评估 1"), "due", {
      planned: "2026-10-23",
      window: ["2026-10-16", "2026-10-30"],
    }),
    event("C3D1", say(zh, "Cycle 3 Day 1", "第 3 周期第 1 天"), "upcoming", {
      planned: "2026-11-18",
      window: ["2026-11-15", "2026-11-21"],
    }),
    event("EOT", say(zh, "End of treatment", "治疗结束"), "unplanned", {}),
    event("LOG", say(zh, "Logs", "日志"), "unplanned", { dated: false }),
  ];
}

const FORMS: Array<[string, string, string, string]> = [
  ["ICF", "Consent", "知情同意", "c......."],
  ["DM", "Demographics", "人口学", "c......."],
  ["MH", "HCC history", "肝癌病史", "c......."],
  ["IE", "Eligibility", "入选/排除标准", "cc......"],
  ["VS", "Vital signs", "生命体征", "c.cc.oo."],
  ["LBC", "Laboratory: chemistry", "血生化", "c.qm.oo."],
  ["LBK", "Laboratory: coagulation", "凝血功能", "c.co.oo."],
  ["EC", "Systemic therapy", "系统治疗", "..cw.oo."],
  ["TU", "Target lesions", "靶病灶", "c...o.o."],
  ["EG", "ECG", "心电图", "c..n.o.."],
  ["AE", "Adverse events", "不良事件", ".......h"],
];
const STATUS: Partial<Record<string, m.FormStatus>> = { c: "complete", q: "complete", n: "not_done", o: "empty" };

export function book(zh: boolean): m.SubjectView {
  const columns = events(zh);
  const mark = (oid: string, title: string, sign: string, column: number): m.FormMark | null =>
    sign === "."
      ? null
      : {
          key: `${columns[column]?.key ?? ""}/F.${oid}[1]`,
          title,
          status: STATUS[sign] ?? "started",
          mustChange: sign === "m" ? 1 : 0,
          confirm: sign === "w" ? 1 : 0,
          queries: sign === "q" ? 1 : 0,
          atCenter: true,
          rows: sign === "h" ? 3 : null,
        };
  const line = ([oid, en, chinese, signs]: [string, string, string, string]): m.FormRow => {
    const title = say(zh, en, chinese);
    return { oid: `F.${oid}`, title, cells: [...signs].map((sign, at) => mark(oid, title, sign, at)) };
  };
  return {
    subject: "S01-003",
    facts: zh ? ["男", "58 岁", "SBRT + 二线"] : ["M", "58 y", "SBRT + 2L"],
    events: columns,
    forms: FORMS.map(line),
    addable: [
      { oid: "SE.UNS", title: say(zh, "Unscheduled visit 1", "计划外访视 1"), repeat: "1" },
      { oid: "SE.CND1", title: say(zh, "Cycle 3 Day 1", "第 3 周期第 1 天"), repeat: "3" },
    ],
    nextForm: "SE.C2D1[1]/F.LBC[1]",
    queries: 1,
    mustChange: 1,
  };
}
