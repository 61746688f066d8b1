import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({ unlock: vi.fn(), recover: vi.fn(), syncView: vi.fn(), integrity: vi.fn() }));
vi.mock("../../ipc/commands", () => ipc);

import { session } from "../../model/session.svelte";
import { UnlockState } from "./state.svelte";

beforeEach(() => {
  vi.resetAllMocks();
  vi.useFakeTimers();
  session.view = null;
  session.choose({ id: "v", study: "", site: "S01", device: "d", practice: false, practiceAccounts: null });
});

function typed(): UnlockState {
  const unlock = new UnlockState();
  unlock.user = " nurse1 ";
  unlock.password = "not the password";
  return unlock;
}

test("a refused password is forgotten at once, the name stays", async () => {
  ipc.unlock.mockRejectedValueOnce({ code: "wrong_password", message: "" });
  const unlock = typed();
  await unlock.submit();
  expect(ipc.unlock).toHaveBeenCalledWith({ vault: "v", user: "nurse1", password: "not the password" });
  expect(unlock.password).toBe("");
  expect(unlock.user).toBe(" nurse1 ");
  expect(unlock.refusal?.code).toBe("wrong_password");
});

test("after too many failures the wait counts down, and nothing is sent meanwhile", async () => {
  ipc.unlock.mockRejectedValueOnce({ code: "slow_down", message: "", waitSeconds: 2 });
  const unlock = typed();
  await unlock.submit();
  expect(unlock.refusal?.waitSeconds).toBe(2);
  await unlock.submit();
  expect(ipc.unlock).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1000);
  expect(unlock.refusal?.waitSeconds).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(unlock.blocked).toBe(false);
  expect(unlock.refusal).toBeNull();
});

test("what no room said is still a refusal with words", async () => {
  ipc.unlock.mockRejectedValueOnce("the door is gone");
  const unlock = typed();
  await unlock.submit();
  expect(unlock.refusal?.code).toBe("unexpected");
});
