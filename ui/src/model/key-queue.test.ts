import { expect, test } from "vitest";

import { KeyQueue } from "./key-queue";

function slowForm(fields: number, saves = true) {
  const texts = Array.from({ length: fields }, () => "");
  let at = 0;
  const gates: Array<() => void> = [];
  const queue = new KeyQueue({
    save: () => new Promise((done) => gates.push(() => done(saves))),
    move: (by) => {
      const to = Math.max(0, Math.min(fields - 1, at + by));
      const moved = to !== at;
      at = to;
      return moved;
    },
    put: (sign) => (texts[at] += sign),
  });
  const disk = async () => {
    gates.shift()?.();
    await new Promise((wake) => setTimeout(wake));
  };
  return { queue, texts, disk, at: () => at };
}

test("Enter waits for the disk before it moves", async () => {
  const form = slowForm(3);
  expect(form.queue.press({ key: "Enter" })).toBe(true);
  expect(form.at()).toBe(0);
  await form.disk();
  expect(form.at()).toBe(1);
});

test("what is typed while the disk is slow lands in the fields that it was meant for", async () => {
  const form = slowForm(4);
  for (const key of ["Enter", "1", "2", "Enter", "8", "0", "Tab", "5"]) form.queue.press({ key });
  await form.disk();
  await form.disk();
  await form.disk();
  expect(form.texts).toEqual(["", "12", "80", "5"]);
  expect(form.at()).toBe(3);
});

test("a field that cannot be saved keeps the focus", async () => {
  const form = slowForm(3, false);
  form.queue.press({ key: "Enter" });
  form.queue.press({ key: "7" });
  await form.disk();
  expect(form.at()).toBe(0);
  expect(form.texts).toEqual(["", "", ""]);
});

test("Shift+Tab goes back; other keys are not the queue's affair", async () => {
  const form = slowForm(2);
  expect(form.queue.press({ key: "a" })).toBe(false);
  form.queue.press({ key: "Enter" });
  await form.disk();
  form.queue.press({ key: "Tab", shiftKey: true });
  await form.disk();
  expect(form.at()).toBe(0);
});
