import { expect, test } from "vitest";

import { emit } from "../../test/fake/event";
import { site } from "../../test/fake/core";
import { refuse } from "../../test/fake/refuse";
import { makeBackend } from "../../test/fake/backend";
import { syncView } from "./commands";
import { hear } from "./door";
import { asRefused, RefusedError } from "./refused";

test("whatever a command throws comes as a refusal with a code", async () => {
  const refusals: Array<() => never> = [
    () => refuse("locked", 3),
    () => {
      throw new TypeError("no window");
    },
  ];
  const codes: Array<[string, number | null]> = [];
  for (const sync_view of refusals) {
    site.backend = { ...makeBackend(), sync_view };
    const refused = await syncView().catch(asRefused);
    if (refused instanceof RefusedError) codes.push([refused.code, refused.waitSeconds]);
  }
  expect(codes).toEqual([
    ["locked", 3],
    ["unexpected", null],
  ]);
});

test("an event is heard until the listener is stopped, also where it is stopped at once", async () => {
  const heard: unknown[] = [];
  const stop = hear("idle", ({ secondsLeft }) => heard.push(secondsLeft));
  hear("idle", ({ secondsLeft }) => heard.push(secondsLeft * 10))();
  await Promise.resolve();
  await Promise.resolve();
  emit("idle", { secondsLeft: 1 });
  stop();
  emit("idle", { secondsLeft: 2 });
  expect(heard).toEqual([1]);
});
