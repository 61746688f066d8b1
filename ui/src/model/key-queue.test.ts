import { expect, test } from "vitest";

import { KeyQueue } from "./key-queue";

function slowForm(fields: number, saves = true) {
  const texts = Array.from({ length: fields }, () => "");
  let at = 0;
  let taken = 0;
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
    erase: () => (texts[at] = (texts[at] ?? "").slice(0, -1)),
    takeOver: () => (taken += 1),
  });
  const disk = async () => {
    gates.shift()?.();
    await new Promise((wake) => setTimeout(wake));
  };
  return { queue, texts, disk, at: () => at, taken: () => taken };
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

test("Backspace takes away what was typed ahead", async () => {
  const form = slowForm(3);
  for (const key of ["Enter", "9", "Backspace", "1", "2", "0", "Enter"]) form.queue.press({ key });
  await form.disk();
  await form.disk();
  expect(form.texts).toEqual(["", "120", ""]);
});

test("Enter takes over what stands in a field, Tab only passes by", async () => {
  const form = slowForm(3);
  form.queue.press({ key: "Tab" });
  await form.disk();
  expect(form.taken()).toBe(0);
  form.queue.press({ key: "Enter" });
  await form.disk();
  expect(form.taken()).toBe(1);
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
