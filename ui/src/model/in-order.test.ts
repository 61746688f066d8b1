import { expect, test } from "vitest";

import { InOrder } from "./in-order";

/** A task that ends when it is told to. */
function task(log: string[], name: string) {
  let end: (failed?: boolean) => void = () => undefined;
  const run = () =>
    new Promise<string>((done, fail) => {
      log.push(name);
      end = (failed = false) => (failed ? fail(new Error(name)) : done(name));
    });
  return { run, end: (failed?: boolean) => end(failed) };
}

test("the first task begins at once, the next when it has ended", async () => {
  const log: string[] = [];
  const [first, second] = [task(log, "first"), task(log, "second")];
  const line = new InOrder();
  const answers = [line.run(first.run), line.run(second.run)];
  expect(log).toEqual(["first"]);
  first.end();
  await answers[0];
  await Promise.resolve();
  expect(log).toEqual(["first", "second"]);
  second.end();
  expect(await Promise.all(answers)).toEqual(["first", "second"]);
});

test("a task that fails rejects for itself alone, and all that was begun is waited for", async () => {
  const log: string[] = [];
  const [first, second] = [task(log, "first"), task(log, "second")];
  const line = new InOrder();
  const failing = line.run(first.run);
  const following = line.run(second.run);
  let idle = false;
  const waiting = line.idle().then(() => (idle = true));
  first.end(true);
  await expect(failing).rejects.toThrow("first");
  expect(idle).toBe(false);
  second.end();
  expect(await following).toBe("second");
  await waiting;
  expect(idle).toBe(true);
});
