// @vitest-environment happy-dom
import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { charts } from "../../test/fake/charts";
import { openSite, textOf } from "../../test/site";
import type { ChangeLine } from "../ipc/messages";
import Legend from "./Legend.svelte";
import Sparkline from "./Sparkline.svelte";
import { drawSpider } from "./spider";
import Spider from "./Spider.svelte";
import Swimmer from "./Swimmer.svelte";
import { drawWaterfall } from "./waterfall";
import Waterfall from "./Waterfall.svelte";

const { arms, guides, waterfall, spider, swimmer } = charts;
const texts = (container: Element, selector: string): string[] => [...container.querySelectorAll(selector)].map(textOf);
const named = (container: Element): string =>
  container.querySelector("svg[role=img]")?.getAttribute("aria-label") ?? "";

test("waterfall: a bar for each subject, down from nothing or up to it, the lowest value in the picture", () => {
  const drawing = drawWaterfall(waterfall, guides);
  const [first, , third] = drawing.shapes;
  expect([first?.grows, third?.grows]).toEqual([false, true]);
  expect(first?.y).toBe(drawing.zero);
  expect((third?.y ?? 0) + (third?.height ?? 0)).toBeCloseTo(drawing.zero);
  expect(drawing.ticks[0]).toBeLessThanOrEqual(-100);
  expect(drawWaterfall([{ ...waterfall[0]!, change: "0" }], []).shapes[0]?.height).toBe(1);
});

test("waterfall: each bar says whose it is and how much, its response below it, its arm in its pattern", () => {
  openSite();
  const { container } = render(Waterfall, { props: { bars: waterfall, arms, guides } });
  expect(texts(container, "title")).toEqual(["S01-001: −42.5 %", "S01-002: −7.7 %", "S01-003: +24 %"]);
  expect(texts(container, ".code")).toEqual(["PR", "SD", "PD"]);
  expect([...container.querySelectorAll(".bar")].map((bar) => bar.getAttribute("fill"))).toEqual([
    "url(#arm-0)",
    "url(#arm-1)",
    "url(#arm-1)",
  ]);
  expect(named(container)).toContain("3");
});

test("waterfall: more bars than have room are drawn without words", () => {
  openSite();
  const many = Array.from({ length: 41 }, (_, at) => ({ ...waterfall[0]!, subject: `S01-${at}` }));
  const { container } = render(Waterfall, { props: { bars: many, arms, guides } });
  expect([container.querySelectorAll(".bar").length, container.querySelectorAll(".code").length]).toEqual([41, 0]);
});

test("spider: lines run through their points, and labels that would touch are moved apart", () => {
  const line = (subject: string): ChangeLine => ({
    subject,
    arm: "A",
    points: [
      [0, "0"],
      [42, "-20"],
    ],
    responses: ["baseline", "SD"],
  });
  const drawing = drawSpider([line("S01-001"), line("S01-002"), line("S01-003")], []);
  expect(drawing.paths[0]?.d).toMatch(/^M[\d.]+ [\d.]+L[\d.]+ [\d.]+$/);
  const labels = drawing.paths.map((path) => path.labelY).sort((a, b) => a - b);
  expect(labels[1]! - labels[0]!).toBeGreaterThanOrEqual(13);
  expect(labels[2]! - labels[1]!).toBeGreaterThanOrEqual(13);
  expect(drawing.y(-20)).toBeGreaterThan(drawing.y(0));
});

test("spider: a line for each subject with its key at the end, a symbol for each scan after baseline", () => {
  openSite();
  const { container } = render(Spider, { props: { lines: spider, arms, guides } });
  expect(
    [...container.querySelectorAll("path[class^=arm-]")].map((path) => path.getAttribute("class")?.slice(0, 5)),
  ).toEqual(["arm-0", "arm-1"]);
  expect(texts(container, ".name")).toEqual(["001", "003"]);
  expect(container.querySelectorAll("g[transform]").length).toBe(3);
});

test("swimmer: a lane for each subject, an arrow while treatment goes on, a symbol for each event", () => {
  openSite();
  const { container } = render(Swimmer, { props: { lanes: swimmer, arms } });
  expect(texts(container, ".name")).toEqual(["S01-001", "S01-003"]);
  expect([container.querySelectorAll(".arrow").length, container.querySelectorAll("g[transform]").length]).toEqual([
    1, 3,
  ]);
  const [open, ended] = [...container.querySelectorAll(".bar")].map((bar) => Number(bar.getAttribute("width")));
  expect(open).toBeGreaterThan(ended ?? 0);
});

test("the legend names the arms and what the symbols mean", () => {
  openSite();
  const { container } = render(Legend, { props: { arms, codes: ["PD", "UNHEARD OF"] } });
  expect(texts(container, "li")).toEqual(["SBRT + systemic", "Systemic alone", "progression", "UNHEARD OF"]);
  const lines = render(Legend, { props: { arms, lines: true } }).container;
  expect(lines.querySelectorAll("line").length).toBe(2);
});

test("a course is told in words to who cannot see it, limits and side with it", () => {
  openSite();
  const point = (event: string, value: string, side: "low" | "within" | "high") => ({
    event,
    date: "2026-10-21",
    value,
    sign: "",
    side,
    here: event === "C2",
  });
  const { container } = render(Sparkline, {
    props: { points: [point("C1", "50", "within"), point("C2", "120", "high")], range: ["7", "40"], unit: "U/L" },
  });
  expect(named(container)).toBe("C1: 50 U/L; C2: 120 U/L, high");
  expect(textOf(container.querySelector("caption"))).toBe("Range 7 to 40 U/L");
  expect(texts(container, "tbody td")).toEqual(["50 U/L", "120 U/L, high"]);
  expect([container.querySelectorAll("circle.dot").length, container.querySelectorAll("path.dot").length]).toEqual([
    1, 1,
  ]);
});
