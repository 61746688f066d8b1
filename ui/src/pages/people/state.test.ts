import { expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({
  userAdd: vi.fn(),
  userReset: vi.fn(),
  changePassword: vi.fn(),
  peopleView: vi.fn(),
  userClose: vi.fn(),
}));
vi.mock("../../ipc/commands", () => ipc);

import { OwnPassword } from "../../model/account-form.svelte";
import { NewAccount, PeopleState, ResetPassword } from "./state.svelte";

test("an account is added with trimmed names, and no password is left behind", async () => {
  ipc.userAdd.mockResolvedValue({ people: [], device: "", deviceWords: "" });
  const account = new NewAccount();
  Object.assign(account, {
    user: " nurse2 ",
    name: " Nurse (sample) ",
    password: "a long password",
    again: "a long password",
  });
  await account.add(new PeopleState());
  expect(ipc.userAdd).toHaveBeenCalledWith({
    user: "nurse2",
    name: "Nurse (sample)",
    role: "nurse",
    password: "a long password",
  });
  expect([account.password, account.again, account.user]).toEqual(["", "", ""]);
  expect(account.done).toBe(true);
});

test("two passwords that differ are not sent", async () => {
  const own = new OwnPassword();
  Object.assign(own, { old: "old", password: "a long password", again: "another" });
  await own.change();
  expect(ipc.changePassword).not.toHaveBeenCalled();
});

test("a refused reset leaves no password behind, neither the new one nor the own one", async () => {
  ipc.userReset.mockRejectedValueOnce({ code: "slow_down", message: "", waitSeconds: 5 });
  const form = new ResetPassword();
  Object.assign(form, { password: "a long password", again: "a long password", own: "the own one" });
  const nurse = { user: "nurse1", name: "N", role: "nurse" as const, open: true, mustChange: false };
  await form.reset(new PeopleState(), nurse);
  expect(ipc.userReset).toHaveBeenCalledWith({ user: "nurse1", password: "a long password", own: "the own one" });
  expect([form.password, form.again, form.own]).toEqual(["", "", ""]);
  expect([form.refused?.code, form.done]).toEqual(["slow_down", false]);
});

test("a refusal keeps the names and forgets the passwords", async () => {
  ipc.userAdd.mockRejectedValueOnce({ code: "taken", message: "" });
  const account = new NewAccount();
  Object.assign(account, { user: "nurse1", name: "N", password: "a long password", again: "a long password" });
  await account.add(new PeopleState());
  expect(account.refused?.code).toBe("taken");
  expect(account.user).toBe("nurse1");
  expect(account.password).toBe("");
});
