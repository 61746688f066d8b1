import { expect, test } from "vitest";

import type { EventColumn } from "../../ipc/messages";
import { schedule } from "./schedule";

const event = (key: string, over: Partial<EventColumn>): EventColumn => ({
  key,
  title: key,
  label: key,
  planned: null,
  window: null,
  date: null,
  state: "unplanned",
  conflict: false,
  dated: true,
  ...over,
});

test("visits lie in the order of time, windows around their planned day", () => {
  const line = schedule(
    [
      event("SCR", { date: "2026-09-02" }),
      event("C1D1", { planned: "2026-09-09", window: ["2026-09-06", "2026-09-12"] }),
      event("AE", {}),
    ],
    "2026-09-05",
  );
  expect(line?.bars.map((bar) => bar.event.key)).toEqual(["SCR", "C1D1"]);
  const [screening, first] = line?.bars ?? [];
  expect(screening?.done).toBe(true);
  expect(first!.from).toBeLessThan(first!.at);
  expect(first!.to).toBeGreaterThan(first!.at);
  expect(line!.today).toBeGreaterThan(screening!.at);
  expect(line!.today).toBeLessThan(first!.at);
});

test("months are marked at their first day, and thinned out over years", () => {
  const months = (to: string) =>
    schedule([event("A", { date: "2026-11-20" }), event("B", { planned: to })], "2030-01-01")?.months.map((m) => m.iso);
  expect(months("2027-02-10")).toEqual(["2026-12-01", "2027-01-01", "2027-02-01"]);
  expect(months("2029-02-10")!.length).toBeLessThanOrEqual(14);
});

test("visits whose labels would touch lie on different lines", () => {
  const days = ["2026-09-01", "2026-09-02", "2026-09-03", "2026-12-01"];
  const line = schedule(
    days.map((date, at) => event(`V${at}`, { date })),
    "2026-09-05",
  );
  expect(line?.bars.map((bar) => bar.lane)).toEqual([0, 1, 2, 0]);
});

test("one visit is no line, and partial dates are not laid", () => {
  expect(schedule([event("A", { date: "2026-11-20" }), event("B", { date: "2026" })], "2026-11-20")).toBeNull();
});
