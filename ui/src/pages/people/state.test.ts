import { expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({ userAdd: vi.fn(), changePassword: vi.fn(), peopleView: vi.fn(), userClose: vi.fn() }));
vi.mock("../../ipc/commands", () => ipc);

import { NewAccount, OwnPassword, PeopleState } from "./state.svelte";

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

test("a refusal keeps the names and forgets the passwords", async () => {
  ipc.userAdd.mockRejectedValueOnce({ code: "taken", message: "" });
  const account = new NewAccount();
  Object.assign(account, { user: "nurse1", name: "N", password: "a long password", again: "a long password" });
  await account.add(new PeopleState());
  expect(account.refused?.code).toBe("taken");
  expect(account.user).toBe("nurse1");
  expect(account.password).toBe("");
});
