import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({
  startView: vi.fn(),
  syncView: vi.fn(),
  integrity: vi.fn(),
  lock: vi.fn(),
  setPreferences: vi.fn(),
}));
vi.mock("../ipc/commands", () => ipc);

import type { SessionView, VaultCard } from "../ipc/messages";
import { live } from "./live.svelte";
import { router } from "./route.svelte";
import { session } from "./session.svelte";

const vault: VaultCard = { id: "v", study: "", site: "S01", device: "d", practice: true, practiceAccounts: null };
const view = (user: string): SessionView => ({
  user,
  name: user,
  role: "nurse",
  site: "S01",
  study: "",
  studyVersion: "1",
  languages: ["en"],
  device: "d",
  deviceWords: "",
  practice: true,
  lockAfterMinutes: 10,
  mustChange: false,
  alarms: [],
  awaitsCenter: false,
  checkpointUnread: false,
  copy: null,
});
const form = { page: "form" as const, subject: "S01-003", form: "SE.A[1]/F.A[1]" };

beforeEach(() => {
  vi.resetAllMocks();
  ipc.startView.mockResolvedValue({ version: "", vaults: [vault], preferences: {} });
  ipc.syncView.mockResolvedValue({ unsent: 3 });
  ipc.integrity.mockResolvedValue({ done: true, verified: 1, total: 1, finishedAt: null, alarms: [] });
  session.start = { version: "", vaults: [vault], preferences: { language: "", theme: "", zoom: 0 } };
  session.choose(vault);
});

test("a lock lets go of everything that names a subject", async () => {
  session.opened(view("nurse1"));
  await router.go(form);
  live.say("Creatinine: 90 saved");
  await session.lock("person");
  expect(session.stage).toBe("unlock");
  expect(session.unsent).toBe(0);
  expect(live.polite).toBe("");
  expect(router.now).toEqual({ page: "worklist" });
  expect(ipc.startView).toHaveBeenCalled();
});

test("the same person goes on at the same place, another one at the start", async () => {
  session.opened(view("nurse1"));
  await router.go(form);
  await session.lock("person");
  session.opened(view("nurse1"));
  expect(router.now).toEqual(form);
  await session.lock("person");
  session.opened(view("investigator1"));
  expect(router.now).toEqual({ page: "worklist" });
});

test("a lock that could not be written to the end shows nothing any more, either", async () => {
  session.opened(view("nurse1"));
  ipc.lock.mockRejectedValueOnce({ code: "disk_full", message: "" });
  await session.lock("person");
  expect(session.stage).toBe("unlock");
  expect(session.lockedBy).toBe("person");
});

test("before a lock the page keeps what is typed, and is not asked whether it may be left", async () => {
  session.opened(view("nurse1"));
  const guard = { keep: vi.fn().mockResolvedValue(undefined), leave: vi.fn() };
  router.guard(guard);
  await session.lock("person");
  expect(guard.keep).toHaveBeenCalledBefore(ipc.lock);
  expect(guard.leave).not.toHaveBeenCalled();
});

test("before an own password is set nothing is asked for; then work goes on where it was left", async () => {
  session.opened(view("nurse1"));
  await router.go(form);
  await session.lock("person");
  vi.clearAllMocks();
  session.opened({ ...view("nurse1"), mustChange: true });
  expect([session.stage, router.now]).toEqual(["own-password", { page: "worklist" }]);
  expect(ipc.syncView).not.toHaveBeenCalled();
  expect(ipc.integrity).not.toHaveBeenCalled();
  session.opened(view("nurse1"));
  expect([session.stage, router.now]).toEqual(["open", form]);
  expect(ipc.syncView).toHaveBeenCalledOnce();
});

test("that a code was used is told until the vault is locked", async () => {
  session.opened(view("nurse1"));
  session.recovered = true;
  await session.lock("person");
  expect(session.recovered).toBe(false);
});

test("a page that may not be left holds the person", async () => {
  session.opened(view("nurse1"));
  const stop = router.guard({ keep: () => Promise.resolve(), leave: () => Promise.resolve(false) });
  await router.go(form);
  expect(router.now).toEqual({ page: "worklist" });
  stop();
  await router.go(form);
  await router.back();
  expect(router.now).toEqual({ page: "worklist" });
});
