// @vitest-environment happy-dom
import { cleanup } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { asked, site } from "../../../test/fake/core";
import { CHEMISTRY, LOG, formOf, openForm, rowOf, valueOf } from "../../../test/form";
import { refuse } from "../../../test/fake/refuse";
import { itemShape } from "../../../test/sample";
import { answer, arrives, focusAt, openSite, pick, show, shown, textOf, until } from "../../../test/site";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

test("a form shows its groups and cells, and the focus goes to the first open question", async () => {
  await openForm();
  expect(document.querySelectorAll("[data-cell]").length).toBe(11);
  expect([...document.querySelectorAll(".middle section.card h2")].map(textOf)).toContain("Chemistry");
  await arrives("IG.CHEM[1]/IT.REGION");
  expect(textOf(await shown(".page-head p"))).toContain("8 of 11 answered");
});

test("an open form begins at the table that waits for rows, a completed one where no Enter adds a row", async () => {
  const withTable = (status: "started" | "complete") => {
    const form = formOf([[{}, { typed: "1", display: "1" }]], { status });
    const rows = { oid: "IG.R", title: "Rows", repeating: true, items: [itemShape({ oid: "IT.R" })] };
    const shape = form.form_shape();
    return { ...form, form_shape: () => ({ ...shape, groups: [rows, ...shape.groups] }) };
  };
  await openForm("", withTable("started"));
  expect(document.activeElement?.getAttribute("data-for")).toBe("IG.R");
  cleanup();
  await openForm("", withTable("complete"));
  await arrives("IG.A[1]/IT.Q0");
});

test("a form whose rows are all folded begins at the first of them, and nobody is led to what was not done", async () => {
  const form = formOf([[{ control: "long_text" }, { typed: "x", display: "x" }]]);
  const shape = form.form_shape();
  const groups = shape.groups.map((group) => ({ ...group, repeating: true }));
  await openForm("", { ...form, form_shape: () => ({ ...shape, groups }) });
  await until(() => expect(document.activeElement?.getAttribute("data-act")).toBe("row-open"));
});

test("a refused form says why", async () => {
  openSite({ form_shape: () => refuse("no_such") });
  show(Page, { subject: "S01-003", form: CHEMISTRY });
  expect((await shown("[data-refused]")).dataset["refused"]).toBe("no_such");
});

test("who only reads can go through the form and change nothing", async () => {
  const hands = await openForm(
    "IG.A[1]/IT.Q0",
    formOf(
      [
        [{ control: "number" }, { typed: "1", display: "1" }],
        [{}, {}],
      ],
      { editable: false },
    ),
  );
  await arrives("IG.A[1]/IT.Q0");
  await hands.keyboard("9{F4}{F9}{Alt>}n{/Alt}{Enter}");
  await arrives("IG.A[1]/IT.Q1");
  expect(document.querySelector("dialog")).toBeNull();
  expect(valueOf("IT.Q0")).toBe("1");
  expect(asked("save_item")).toEqual([]);
  expect(textOf(document.querySelector(".page-head"))).toContain("Reading only");
});

test("the left-hand column lists the visits with their forms, and opens one", async () => {
  const hands = await openForm();
  const marked = await shown("[data-form][aria-current=page]");
  expect(marked.dataset["form"]).toBe(CHEMISTRY);
  await hands.click(await shown('[data-form="SE.C1D1[1]/F.VS[1]"]'));
  await until(() => expect(router.now).toMatchObject({ page: "form", form: "SE.C1D1[1]/F.VS[1]" }));
});

test("the right-hand column tells of the question in focus: history, queries, course", async () => {
  await openForm("IG.CHEM[1]/IT.CREAT");
  await until(() => expect(document.querySelectorAll("[data-part=history] li").length).toBe(2));
  expect(textOf(document.querySelector("aside"))).toContain("Enter as the laboratory reports it");
  expect(textOf(document.querySelector("[data-query]"))).toContain("creatinine 44");
  expect(document.querySelector("aside svg[role=img]")?.getAttribute("aria-label")).toContain("C1D15: 78");
});

test("what surrounds an adverse event is shown beside it, and leads to where it is recorded", async () => {
  const event = {
    title: "Fatigue",
    onset: "2026-09-12",
    day: 4,
    cycle: ["Cycle 1", 4] as [string, number],
    drugs: [
      {
        drug: "Drug A",
        dose: "400 mg",
        paused: false,
        from: "2026-09-09",
        to: null,
        last: "2026-09-12",
        since: 0,
        because: true,
        form: "F1",
        cell: "C1",
      },
      {
        drug: "Drug B",
        dose: "",
        paused: true,
        from: "2026-09-01",
        to: "2026-09-09",
        last: "2026-09-09",
        since: 3,
        because: false,
        form: "F1",
        cell: "C2",
      },
    ],
    radiotherapy: [{ target: "T01", fractions: 5, dose: "45 Gy", first: "2026-09-01", last: "2026-09-10", since: 2 }],
    labs: [
      {
        name: "ALT",
        value: "120",
        limits: "7–40",
        date: "2026-09-12",
        visit: "C1D1",
        grade: 2,
        named: true,
        form: "SE.A[1]/F.B[1]",
        cell: "SE.A[1]/F.B[1]/C",
      },
    ],
  };
  const hands = await openForm("IG.CHEM[1]/IT.ALB", (usual) => ({
    cell_view: (request) => ({ ...usual.cell_view(request), around: event }),
  }));
  const around = await shown("[data-part=around]");
  for (const words of ["Fatigue", "Drug A", "interrupted", "45 Gy", "ALT 120"]) expect(textOf(around)).toContain(words);
  await hands.click(await shown("[data-act=open-result]"));
  await until(() =>
    expect(router.now).toMatchObject({ page: "form", form: "SE.A[1]/F.B[1]", cell: "SE.A[1]/F.B[1]/C" }),
  );
});

test("evidence and answers of an earlier version are shown where they belong", async () => {
  const finding = { rule: "R1", severity: "soft" as const, message: "Check the grade", confirmed: null };
  const facts = [
    { name: "ALT", value: "120 U/L", count: 1, visit: "C1D1" },
    { name: "AST", value: "90", count: 3, visit: "" },
  ];
  const retired = [
    { key: "R", question: "Respiratory rate", value: "16", missing: "", conflict: [], version: "1.0" },
    { key: "S", question: "Race", value: "", missing: "refused", conflict: [], version: "1.0" },
    { key: "T", question: "Weight", value: "", missing: "", conflict: ["70", "72"], version: "1.0" },
  ];
  const form = formOf([[{}, { findings: [finding], earlier: { text: "HAN", version: "1.0", now: "HAN CHINESE" } }]], {
    retired,
  });
  await openForm("IG.A[1]/IT.Q0", (usual) => ({
    ...form,
    cell_view: (request) => ({ ...usual.cell_view(request), evidence: [{ rule: "R1", facts }] }),
  }));
  const evidence = await shown("[data-part=evidence]");
  expect(textOf(evidence)).toContain("120 U/L");
  expect(textOf(rowOf("IT.Q0"))).toContain("HAN CHINESE");
  expect([...document.querySelectorAll("[data-retired] dd")].map(textOf)).toEqual([
    expect.stringMatching(/^16/),
    expect.stringMatching(/^Refused/),
    expect.stringMatching(/^70 \/ 72/),
  ]);
});

test("a visit without a date asks for it first; once it has one, the form's questions follow", async () => {
  const hands = await openForm(
    "",
    (usual) => ({
      event_date: (request) => {
        const book = usual.subject_view({ subject: request.subject, lang: request.lang });
        return { ...book, events: book.events.map((event) => ({ ...event, date: event.date ?? request.date })) };
      },
    }),
    "SE.TA1[1]/F.TU[1]",
  );
  await until(() => expect(document.activeElement).toHaveProperty("name", "visit-date"));
  await hands.keyboard("23 10 2026{Enter}");
  await until(() => expect(document.querySelector("[data-part=visit-date]")).toBeNull());
  expect(asked("event_date")).toEqual([{ subject: "S01-003", event: "SE.TA1[1]", date: "23 10 2026", lang: "en" }]);
  await arrives("IG.CHEM[1]/IT.REGION");
});

test("a visit's date that cannot be read is refused beside the question", async () => {
  const hands = await openForm("", { event_date: () => refuse("no_such_date") }, "SE.TA1[1]/F.TU[1]");
  await until(() => expect(document.activeElement).toHaveProperty("name", "visit-date"));
  await hands.keyboard("31 2 2026{Enter}");
  expect((await shown("[data-part=visit-date] [data-refused]")).dataset["refused"]).toBe("no_such_date");
});

test("Alt+R writes the report of the serious event whose row has the focus", async () => {
  const clock = (at: number, state: "due" | "late") => ({
    cell: `${CHEMISTRY}/IG.A[${at}]/IT.SAE`,
    event: `E${at}`,
    title: `Event ${at}`,
    report: "",
    state,
    minutes: 90,
    deadline: "2026-10-22T14:00+08:00",
    hours: 24,
  });
  const hands = await openForm("IG.A[1]/IT.Q0", {
    ...formOf([[{}, {}]], { clocks: [clock(2, "late"), clock(1, "due")] }),
    sae_report: () => ({ file: "report.pdf", bytes: 9, digest: "" }),
  });
  await arrives("IG.A[1]/IT.Q0");
  expect([...document.querySelectorAll("[data-clock]")].map((each) => each.getAttribute("data-clock"))).toEqual([
    "late",
    "due",
  ]);
  await hands.keyboard("{Alt>}r{/Alt}");
  expect(textOf(await shown("[data-part=report-saved]"))).toContain("report.pdf");
  expect(asked("sae_report")).toMatchObject([{ cell: `${CHEMISTRY}/IG.A[1]/IT.SAE` }]);
});

test("turning away from the report's dialog is no refusal, another failure is", async () => {
  const codes = ["cancelled", "disk_full"];
  const clocks = [
    { cell: "C", event: "E", title: "", report: "", state: "due" as const, minutes: 9, deadline: null, hours: 24 },
  ];
  const hands = await openForm("IG.A[1]/IT.Q0", {
    ...formOf([[{}, {}]], { clocks }),
    sae_report: () => refuse(codes.shift() ?? ""),
  });
  await hands.click(await shown("[data-act=sae-report]"));
  await until(() => expect(asked("sae_report").length).toBe(1));
  expect(document.querySelector("[data-part=clocks] [data-refused]")).toBeNull();
  await hands.click(await shown("[data-act=sae-report]"));
  expect((await shown("[data-part=clocks] [data-refused]")).dataset["refused"]).toBe("disk_full");
});

test("rows of few short answers are typed into where they are; Enter leads through them to the button for a row", async () => {
  const hands = await openForm("IG.OP[1]/IT.OPORG", {}, LOG);
  await arrives("IG.OP[1]/IT.OPORG");
  await hands.keyboard("Segment II{Enter}");
  await arrives("IG.OP[1]/IT.SIZE");
  await hands.keyboard("{Enter}");
  await arrives("IG.OP[1]/IT.SBRT");
  await hands.keyboard("{ArrowRight}{Enter}");
  await arrives("row-add");
  expect(asked("save_item").map(({ typed }) => typed)).toEqual(["Segment II", "C2"]);
});

test("Alt+N adds a row to the group in focus and goes to its first question", async () => {
  const hands = await openForm("IG.OP[1]/IT.SIZE", {}, LOG);
  await arrives("IG.OP[1]/IT.SIZE");
  await hands.keyboard("{Alt>}n{/Alt}");
  await arrives("IG.OP[2]/IT.OPORG");
  expect(asked("row_add")).toMatchObject([{ group: "IG.OP" }]);
});

test("Alt+Delete removes the row in focus once its reason is given; turning away keeps it", async () => {
  const hands = await openForm("IG.OP[1]/IT.SIZE", {}, LOG);
  await arrives("IG.OP[1]/IT.SIZE");
  await hands.keyboard("{Alt>}{Delete}{/Alt}");
  await shown("dialog textarea");
  await hands.click(await shown("dialog [data-act=cancel]"));
  expect(rowOf("IG.OP[1]/IT.SIZE")).not.toBeNull();
  await hands.click(await shown('[data-rowgroup="IG.OP"] [data-act=row-remove]'));
  await answer(hands, "Entered twice");
  await until(() => expect(rowOf("IG.OP[1]/IT.SIZE")).toBeNull());
  expect(asked("row_remove")).toMatchObject([{ group: "IG.OP", repeat: "1", reason: "Entered twice" }]);
  await arrives("row-add");
});

test("long rows open one at a time at their first open question, and close again", async () => {
  const hands = await openForm("IG.OP[1]/IT.SIZE", {}, LOG);
  const open = () => document.querySelectorAll<HTMLElement>('[data-rowgroup="IG.AE"] [data-act=row-open]');
  await hands.click(open()[0]!);
  await arrives("IG.AE[1]/IT.AEENDAT");
  expect([...open()].map((button) => button.ariaExpanded ?? button.getAttribute("aria-expanded"))).toEqual([
    "true",
    "false",
  ]);
  await hands.click(open()[1]!);
  await arrives("IG.AE[2]/IT.AEENDAT");
  expect(rowOf("IG.AE[1]/IT.AEENDAT")).toBeNull();
  await hands.click(open()[1]!);
  await until(() => expect(rowOf("IG.AE[2]/IT.AEENDAT")).toBeNull());
});

test("a question in a closed row is found and its row opened", async () => {
  const hands = await openForm("IG.OP[1]/IT.SIZE", {}, LOG);
  await hands.keyboard("{Control>}f{/Control}");
  await until(() => expect(document.activeElement?.getAttribute("role")).toBe("combobox"));
  await hands.keyboard("related{Enter}");
  await arrives("IG.AE[1]/IT.AEREL");
});

test("Alt+R without clocks, and an unknown key, do nothing", async () => {
  const hands = await openForm("IG.CHEM[1]/IT.ALB");
  const before = site.calls.length;
  await hands.keyboard("{Alt>}r{/Alt}{F11}");
  expect(site.calls.length).toBe(before);
  expect(focusAt()).toBe("IG.CHEM[1]/IT.ALB");
});

test("a conflict between devices is resolved by F8: which value holds, and why", async () => {
  const form = formOf([[{ control: "number" }, { conflict: ["70", "72"] }]]);
  const settled = () => ({
    ...form.state,
    revision: 1,
    rows: [
      {
        group: "IG.A",
        repeat: "1",
        reasonNeeded: false,
        cells: [{ ...form.cells[0]!, conflict: [], typed: "72", display: "72" }],
      },
    ],
  });
  const hands = await openForm("IG.A[1]/IT.Q0", { ...form, resolve_conflict: settled });
  await arrives("IG.A[1]/IT.Q0");
  await hands.keyboard("{F8}");
  await pick(hands, 2);
  await answer(hands, "Read from the scale");
  await until(() => expect(valueOf("IT.Q0")).toBe("72"));
  expect(asked("resolve_conflict")).toMatchObject([{ typed: "72", reason: "Read from the scale" }]);
});
