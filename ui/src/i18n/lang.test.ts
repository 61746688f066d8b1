import { beforeEach, expect, test } from "vitest";

import { RefusedError } from "../ipc/refused";
import { date, lang, moment, n, nearest, plain, t, tCode } from "./lang.svelte";
import { wordRefusal } from "./refusal";

beforeEach(() => lang.use("en"));

const refused = (code: string, waitSeconds: number | null = null) =>
  new RefusedError({ code, message: "os error", waitSeconds });

test("the nearest language that the program speaks, English for all others", () => {
  expect(["zh-TW", "ZH", "en-GB", "de", ""].map(nearest)).toEqual(["zh-CN", "zh-CN", "en", "en", "en"]);
});

test("messages, numbers and dates follow the language in use", () => {
  expect([t("nav.worklist"), n(12345), date("2026-10-21"), moment("2026-10-21T14:02+08:00")]).toEqual([
    "Worklist",
    "12,345",
    "21 Oct 2026",
    "21 Oct 2026, 14:02",
  ]);
  lang.use(lang.other);
  expect([plain("nav.worklist"), date("2026-10-21"), lang.other]).toEqual(["工作清单", "2026年10月21日", "en"]);
});

test("a code that is not known falls back to other words", () => {
  expect(tCode("missing", "not_done", "other")).toBe("Not done");
  expect(tCode("missing", "never_heard", "other")).toBe("other");
});

test("a refusal is worded by its code, with the seconds to wait, and never with the message of Rust", () => {
  expect(wordRefusal(refused("slow_down", 1))).toBe("Too many failures. Wait 1 second.");
  expect(wordRefusal(refused("not_a_number"))).toBe("This is not a number. Kept as draft.");
  expect(wordRefusal(refused("never_heard"))).toContain("(never_heard)");
});
