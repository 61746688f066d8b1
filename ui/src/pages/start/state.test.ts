import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({
  practise: vi.fn(),
  startView: vi.fn(),
  kitLook: vi.fn(),
  kitFound: vi.fn(),
  choose: vi.fn(),
}));
vi.mock("../../ipc/commands", () => ipc);
vi.mock("../../model/preferences.svelte", () => ({ preferences: { take: () => undefined } }));

import { session } from "../../model/session.svelte";
import { KitState, StartState } from "./state.svelte";

const vault = (id: string, practice: boolean) => ({
  id,
  study: "",
  site: "S01",
  device: "d",
  practice,
  practiceAccounts: null,
});

beforeEach(() => {
  vi.resetAllMocks();
  session.choose(null);
});

test("practising makes the sample site and opens its door", async () => {
  ipc.startView.mockResolvedValue({
    version: "",
    vaults: [vault("real", false), vault("sample", true)],
    preferences: {},
  });
  const start = new StartState();
  await start.practise();
  expect(ipc.practise).toHaveBeenCalledOnce();
  expect(session.vault?.id).toBe("sample");
  expect(start.busy).toBe(false);
});

test("a full disk is said, and the screen stays usable", async () => {
  ipc.practise.mockRejectedValueOnce({ code: "disk_full", message: "" });
  const start = new StartState();
  await start.practise();
  expect(start.refused?.code).toBe("disk_full");
  expect(start.busy).toBe(false);
});

test("a kit is looked into before it founds anything, and two passwords that differ found nothing", async () => {
  ipc.kitLook.mockResolvedValue({ study: "", site: "S01", siteName: "", centerWords: "", practice: false });
  const kit = new KitState();
  ipc.choose.mockResolvedValueOnce({ id: 7, name: "S01.kit" });
  await kit.pick();
  Object.assign(kit, {
    passphrase: "p",
    user: "admin1",
    name: "A",
    password: "a long password",
    again: "other",
  });
  await kit.look();
  expect(ipc.kitLook).toHaveBeenCalledWith({ kit: 7, passphrase: "p" });
  expect(kit.offer?.site).toBe("S01");
  await kit.found();
  expect(ipc.kitFound).not.toHaveBeenCalled();
  kit.again = kit.password;
  ipc.startView.mockResolvedValue({ version: "", vaults: [vault("new", false)], preferences: {} });
  await kit.found();
  expect(ipc.kitFound).toHaveBeenCalledWith({
    kit: 7,
    passphrase: "p",
    user: "admin1",
    name: "A",
    password: "a long password",
  });
  expect(session.vault?.id).toBe("new");
});

test("another kit than the one that was looked into founds nothing before it was looked into, too", async () => {
  ipc.kitLook.mockResolvedValue({ study: "", site: "S01", siteName: "", centerWords: "", practice: false });
  const kit = new KitState();
  await kit.look();
  await kit.found();
  expect([ipc.kitLook, ipc.kitFound].map((call) => call.mock.calls.length)).toEqual([0, 0]);
  ipc.choose.mockResolvedValueOnce({ id: 7, name: "S01.kit" });
  await kit.pick();
  await kit.look();
  ipc.choose.mockResolvedValueOnce(null);
  await kit.pick();
  expect([kit.file?.id, kit.offer?.site]).toEqual([7, "S01"]);
  ipc.choose.mockResolvedValueOnce({ id: 8, name: "S02.kit" });
  await kit.pick();
  expect([kit.file?.name, kit.offer]).toEqual(["S02.kit", null]);
});
