import { expect, test } from "vitest";

import { daysBetween, localToday, wordClock, wordDate, wordDay, wordMoment } from "./dates";

test("a partial date keeps its precision", () => {
  expect(wordDate("en", "2026")).toBe("2026");
  expect(wordDate("en", "2026-09")).toBe("Sep 2026");
  expect(wordDate("en", "2026-09-02")).toBe("02 Sep 2026");
  expect(wordDate("zh-CN", "2026-09")).toBe("2026年9月");
  expect(wordDate("zh-CN", "2026-10-21")).toBe("2026年10月21日");
});

test("what is no date is shown as it is", () => {
  expect(wordDate("en", "")).toBe("");
  expect(wordDate("en", null)).toBe("");
  expect(wordDate("en", "soon")).toBe("soon");
});

test("short days leave the year out, and only whole dates are short", () => {
  expect(wordDay("en", "2026-10-21")).toBe("21 Oct");
  expect(wordDay("zh-CN", "2026-09-02")).toBe("9月2日");
  expect(wordDay("en", "2026-10")).toBe("Oct 2026");
});

test("moments keep the local time that the entry names", () => {
  expect(wordMoment("en", "2026-10-21T14:02:11.113+08:00")).toBe("21 Oct 2026, 14:02");
  expect(wordClock("2026-10-21T14:02+08:00")).toBe("14:02");
  expect(wordClock(null)).toBe("");
});

test("days are counted over months and years", () => {
  expect(daysBetween("2026-12-30", "2027-01-02")).toBe(3);
  expect(daysBetween("2026-03-01", "2026-02-28")).toBe(-1);
  expect(localToday(new Date(2026, 10, 3))).toBe("2026-11-03");
});
