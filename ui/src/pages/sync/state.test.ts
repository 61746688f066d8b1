import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({
  syncView: vi.fn(),
  exportBundle: vi.fn(),
  importBundle: vi.fn(),
  cancelWork: vi.fn(),
  choose: vi.fn(),
  onProgress: vi.fn(() => () => undefined),
}));
vi.mock("../../ipc/commands", () => ipc);

import { session } from "../../model/session.svelte";
import { percent } from "../../model/progress";
import { SyncState } from "./state.svelte";

const view = {
  unsent: 46,
  oldestDays: 3,
  lastReceipt: null,
  history: [],
  suggestedFolder: "/media/stick",
  backup: { last: null, days: null, due: false, formerAccounts: false },
  backupFolder: "/media/backup",
  newWords: null,
  settled: [],
};

beforeEach(() => {
  vi.clearAllMocks();
  ipc.syncView.mockResolvedValue(view);
});

test("an export goes to the folder that the person sees, and the page is told afterwards", async () => {
  ipc.exportBundle.mockResolvedValue({ files: ["a.bundle"], entries: 46, bytes: 10 });
  const sync = new SyncState();
  await sync.fetch();
  expect(sync.folder).toBe("/media/stick");
  await sync.export();
  expect(ipc.exportBundle).toHaveBeenCalledWith({ into: null });
  expect(sync.exported?.entries).toBe(46);
  expect(sync.work).toBeNull();
  expect(session.unsent).toBe(46);
  expect(ipc.syncView).toHaveBeenCalledTimes(2);
});

test("a folder that was chosen serves until something is written there, and is then the last one", async () => {
  ipc.exportBundle.mockRejectedValueOnce({ code: "disk_full", message: "" });
  const sync = new SyncState();
  await sync.fetch();
  ipc.choose.mockResolvedValueOnce({ id: 7, name: "OTHER" });
  await sync.pickFolder();
  expect(ipc.choose).toHaveBeenCalledWith({ purpose: "export_folder" });
  ipc.choose.mockResolvedValueOnce(null);
  await sync.pickFolder();
  expect([sync.folder, sync.backupFolder]).toEqual(["OTHER", "/media/backup"]);
  await sync.export();
  expect(sync.folder).toBe("OTHER");
  ipc.exportBundle.mockResolvedValueOnce({ files: ["a.bundle"], entries: 46, bytes: 10 });
  ipc.syncView.mockResolvedValue({ ...view, suggestedFolder: "/media/other" });
  await sync.export();
  expect(ipc.exportBundle.mock.calls).toEqual([[{ into: 7 }], [{ into: 7 }]]);
  expect(sync.folder).toBe("/media/other");
});

test("a refusal is shown, a cancelled one is not", async () => {
  const sync = new SyncState();
  ipc.importBundle.mockRejectedValueOnce({ code: "not_for_this_site", message: "" });
  await sync.import();
  expect(sync.refused?.code).toBe("not_for_this_site");
  ipc.importBundle.mockRejectedValueOnce({ code: "cancelled", message: "" });
  await sync.import();
  expect(sync.refused).toBeNull();
  expect(sync.imported).toBeNull();
});

test("progress is a whole per cent, or unknown", () => {
  const at = (done: number, total: number) => percent({ step: "write", done, total, secondsLeft: null });
  expect(percent(null)).toBeNull();
  expect(at(0, 0)).toBeNull();
  expect(at(1, 3)).toBe(33);
  expect(at(4, 3)).toBe(100);
});
