// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { openSite, show, shown, textOf, until } from "../../../test/site";
import { session } from "../../model/session.svelte";
import Page from "./Page.svelte";

const PASSWORD = "copper lantern river orbit";

test("an own password is set by keyboard alone, and then work goes on", async () => {
  const hands = openSite({}, { mustChange: true });
  show(Page, {});
  await until(() => expect(document.activeElement).toHaveProperty("name", "old"));
  expect(session.stage).toBe("own-password");
  await hands.keyboard(`told by the administrator{Tab}${PASSWORD}{Tab}${PASSWORD}{Enter}`);
  await until(() => expect(session.stage).toBe("open"));
  expect(asked("change_password")).toEqual([{ old: "told by the administrator", new: PASSWORD }]);
  await until(() => expect(session.unsent).toBe(46));
});

test("a wrong one is refused, and nothing else is asked for meanwhile", async () => {
  const hands = openSite({}, { mustChange: true });
  show(Page, {});
  await hands.type(await shown("[name=old]"), "wrong");
  await hands.type(await shown("[name=password]"), PASSWORD);
  await hands.type(await shown("[name=again]"), `${PASSWORD}{Enter}`);
  await shown("[data-refused=wrong_password]");
  expect(session.stage).toBe("own-password");
  for (const command of ["worklist", "sync_view", "integrity", "people_view"] as const) {
    expect(asked(command), command).toEqual([]);
  }
});

test("the page says who asks for it, and lets the person lock", async () => {
  openSite({}, { mustChange: true });
  show(Page, {});
  expect(textOf(document.querySelector("main"))).toContain(
    "Your password was set by an administrator of this site, or is a former one",
  );
  (await shown("[data-act=lock]")).click();
  await until(() => expect(session.view).toBeNull());
});
