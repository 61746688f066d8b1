// @vitest-environment happy-dom
import { render } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { openSite, textOf } from "../../test/site";
import type { DrillReport } from "../ipc/messages";
import DrillResult from "./DrillResult.svelte";
import PickField from "./PickField.svelte";
import Working from "./Working.svelte";

const WHOLE: DrillReport = {
  study: "HCC oligoprogression (sample)",
  site: "S01",
  device: "S01-k7f2m3pq",
  practice: false,
  at: "2026-11-29T08:30:00+08:00",
  entries: 1234,
  subjects: 3,
  newest: "2026-11-29T08:29:00+08:00",
  alarms: [],
  wasOlder: false,
  against: "same",
  behind: 0,
};

test("a tested backup is said to be whole, and that nothing was touched", () => {
  openSite();
  render(DrillResult, { props: { drilled: WHOLE } });
  const result = document.querySelector<HTMLElement>('[data-part="drilled"]')!;
  expect(result.dataset.whole).toBe("true");
  expect(textOf(result)).toContain("1,234");
  expect(result.querySelector('[data-against="same"]')).not.toBeNull();
  expect(result.querySelectorAll("[data-alarm]")).toHaveLength(0);
});

test("what is wrong with a backup is named with its place, and how far it is behind", () => {
  openSite();
  const alarms = [{ code: "entries_missing", place: "S01-k7f2m3pq 12" }];
  render(DrillResult, { props: { drilled: { ...WHOLE, alarms, against: "behind", behind: 17 } } });
  const result = document.querySelector<HTMLElement>('[data-part="drilled"]')!;
  expect(result.dataset.whole).toBe("false");
  expect(textOf(result.querySelector('[data-alarm="entries_missing"]')!)).toContain("S01-k7f2m3pq 12");
  expect(textOf(result.querySelector('[data-against="behind"]')!)).toContain("17");
});

test("a place is chosen in the system's dialog and can't be typed", async () => {
  const hands = openSite();
  const onpick = vi.fn();
  render(PickField, { props: { label: "Folder", name: "stick", shown: "STICK", onpick } });
  const field = document.querySelector<HTMLInputElement>('[name="stick"]')!;
  await hands.type(field, "/etc");
  expect(field.value).toBe("STICK");
  await hands.click(document.querySelector('[data-act="pick-stick"]')!);
  expect(onpick).toHaveBeenCalledOnce();
});

test("the focus goes to the button that opens the dialog, not to what it shows", async () => {
  const hands = openSite();
  render(PickField, { props: { label: "Folder", name: "stick", shown: "", onpick: vi.fn() } });
  const field = document.querySelector<HTMLInputElement>('[name="stick"]')!;
  expect(field.tabIndex).toBe(-1);
  await hands.tab();
  expect(document.activeElement).toBe(document.querySelector('[data-act="pick-stick"]'));
});

test("long work says how far it is and can be ended", async () => {
  const hands = openSite();
  const oncancel = vi.fn();
  render(Working, { props: { progress: null, oncancel } });
  expect(document.querySelector("progress")!.hasAttribute("value")).toBe(false);
  await hands.click(document.querySelector('[data-act="cancel-work"]')!);
  expect(oncancel).toHaveBeenCalledOnce();
});
