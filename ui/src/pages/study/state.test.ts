import { beforeEach, expect, test, vi } from "vitest";

import { ask } from "../../model/ask.svelte";
import * as ipc from "../../ipc/commands";
import type { StudyView } from "../../ipc/messages";
import { StudyState } from "./state.svelte";

vi.mock("../../ipc/commands");

const version = (version: string, name: string, state: "in_force" | "ready" | "early" | "unreadable") => ({
  version,
  name,
  effective: "2026-11-23",
  approval: "EC 1",
  state,
  subjects: 1,
});
const view = (): StudyView => ({
  title: "A study",
  mayChange: true,
  versions: [version("MDV.3", "3", "unreadable"), version("MDV.2", "2", "ready"), version("MDV.1", "1", "in_force")],
  subjects: [
    { subject: "S01-001", version: "MDV.1", name: "1", undo: null, conflict: false },
    { subject: "S01-002", version: "MDV.2", name: "2", undo: "MDV.1", conflict: false },
    { subject: "S01-003", version: "MDV.2", name: "2", undo: null, conflict: true },
  ],
});

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(ipc.studyView).mockResolvedValue(view());
  vi.mocked(ipc.studyDifferences).mockResolvedValue([]);
  vi.mocked(ipc.subjectMigrate).mockResolvedValue(view());
});

test("the newest version that can be read is compared with the one before it", async () => {
  const study = new StudyState();
  await study.fetch();
  expect(ipc.studyDifferences).toHaveBeenCalledWith({ from: "MDV.1", to: "MDV.2", lang: "en" });
  expect([study.target, study.sheet]).toEqual(["MDV.2", "MDV.1"]);
  expect(study.name("MDV.2")).toBe("2");
});

test("those who are not under the version, and those on whom devices differ, can be chosen", async () => {
  const study = new StudyState();
  await study.fetch();
  expect(study.movable.map((one) => one.subject)).toEqual(["S01-001", "S01-003"]);
  study.pickAll(true);
  study.pick("S01-003", false);
  study.pick("S01-002", true);
  expect(study.picked).toEqual(["S01-001"]);
});

test("a migration asks why, and turning away changes nothing", async () => {
  const study = new StudyState();
  await study.fetch();
  study.pickAll(true);
  const turned = study.migrate();
  ask.now?.answer(null);
  await turned;
  expect(ipc.subjectMigrate).not.toHaveBeenCalled();
  const done = study.migrate();
  ask.now?.answer("approved");
  await done;
  expect(ipc.subjectMigrate).toHaveBeenCalledWith({
    subjects: ["S01-001", "S01-003"],
    version: "MDV.2",
    reason: "approved",
  });
  expect(study.picked).toEqual([]);
});

test("undoing leads to the version before", async () => {
  const study = new StudyState();
  await study.fetch();
  const [first, second] = view().subjects;
  if (first === undefined || second === undefined) throw new Error("there are three");
  await study.undo(first);
  expect(ask.now).toBe(null);
  const done = study.undo(second);
  ask.now?.answer("by mistake");
  await done;
  expect(ipc.subjectMigrate).toHaveBeenCalledWith({ subjects: ["S01-002"], version: "MDV.1", reason: "by mistake" });
});

test("a refusal is kept and the choice with it", async () => {
  const study = new StudyState();
  await study.fetch();
  vi.mocked(ipc.subjectMigrate).mockRejectedValue({ code: "not_yet", message: "" });
  study.pickAll(true);
  const done = study.migrate();
  ask.now?.answer("early");
  await done;
  expect(study.refused?.code).toBe("not_yet");
  expect(study.picked.length).toBe(2);
});
