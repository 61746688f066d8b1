import { expect, test } from "vitest";

import { cellState, itemShape } from "../../test/sample";
import { Field } from "./field.svelte";

const number = itemShape({ control: "number", unit: "µmol/L" });
const field = (cell = {}) => new Field("IG", "1", number, cellState(cell));

test("a field is saved only while it shows what Rust acknowledged", () => {
  const f = field({ typed: "90", display: "90" });
  expect(f.saved).toBe(true);
  f.type("91");
  expect(f.saved).toBe(false);
  f.sending();
  expect(f.saved).toBe(false);
  f.receive(number, cellState({ typed: "91", display: "91" }));
  expect(f.saved).toBe(true);
});

test("what is typed while a save is under way is kept", () => {
  const f = field();
  f.type("9");
  f.sending();
  f.type("91");
  f.receive(number, cellState({ typed: "9", display: "9" }));
  expect(f.text).toBe("91");
  expect(f.saved).toBe(false);
});

test("another field's answer changes a value that nobody is typing into", () => {
  const f = field({ typed: "1", display: "1" });
  f.receive(number, cellState({ typed: "2", display: "2" }));
  expect(f.text).toBe("2");
});

test("a refusal loses nothing", () => {
  const f = field();
  f.type("91");
  f.sending();
  f.failed({ code: "disk_full" } as never);
  expect(f.text).toBe("91");
  expect(f.needsSave).toBe(true);
  expect(f.saved).toBe(false);
});

test("Escape brings the saved value back", () => {
  const f = field({ typed: "90", display: "90" });
  f.type("9x");
  f.restore();
  expect(f.text).toBe("90");
  expect(f.saved).toBe(true);
});

test("a draft survives and is not taken for saved", () => {
  const f = field({ typed: "90", display: "90", draft: "9o", draftFault: "not_a_number" });
  expect(f.shown).toBe("9o");
  expect(f.saved).toBe(false);
  expect(f.needsSave).toBe(false);
  f.type("95");
  expect(f.needsSave).toBe(true);
});

test("what somebody else left unfinished is not saved before it is taken over", () => {
  const f = field({ typed: "90", display: "90", draft: "95", draftBy: "Nurse (sample)" });
  expect([f.shown, f.draftOf, f.needsSave]).toEqual(["95", "Nurse (sample)", false]);
  f.focus(true);
  f.focus(false);
  expect([f.needsSave, f.takeDraft()]).toEqual([false, null]);
  f.takeOver();
  expect([f.draftOf, f.needsSave]).toEqual(["", true]);
  const typed = field({ draft: "9", draftBy: "Nurse (sample)" });
  typed.type("96");
  expect([typed.draftOf, typed.needsSave]).toEqual(["", true]);
  const removed = field({ typed: "90", display: "90", draft: "95", draftBy: "Nurse (sample)" });
  removed.restore();
  expect([removed.saved, removed.takeDraft()]).toEqual([true, ""]);
});

test("what is erased before the focus arrives empties what would be selected, then takes single signs", () => {
  const f = field({ typed: "90", display: "90" });
  f.focus(true);
  f.eraseAhead();
  expect(f.text).toBe("");
  f.typeAhead("1");
  f.typeAhead("2");
  f.eraseAhead();
  expect(f.text).toBe("1");
});

test("a draft is handed out once per change", () => {
  const f = field();
  expect(f.takeDraft()).toBeNull();
  f.type("1");
  expect(f.takeDraft()).toBe("1");
  expect(f.takeDraft()).toBeNull();
  f.restore();
  expect(f.takeDraft()).toBe("");
});

test("a value in another unit is typed again with that unit", () => {
  expect(field({ typed: "0.9", unit: "mg/dL" }).base).toBe("0.9 mg/dL");
  expect(field({ typed: "90", unit: "µmol/L" }).base).toBe("90");
});

test("a list's text means its best match, a code means itself, and nonsense stays", async () => {
  const choices = [
    { code: "LIV", label: "Liver" },
    { code: "LUN", label: "Lung" },
  ];
  const list = new Field("IG", "1", itemShape({ control: "list", choices }), cellState());
  const resolved = [];
  for (const text of ["lu", "LIV", "zzz", ""]) {
    list.type(text);
    await list.resolve();
    resolved.push(list.text);
  }
  expect(resolved).toEqual(["LUN", "LIV", "zzz", ""]);
});

test("beside a computed value stands what it was drawn from, not its method again", () => {
  const shape = itemShape({ control: "derived", formula: "Weight by height squared." });
  const derived = (trace: string) => new Field("IG", "1", shape, cellState({ trace })).computedFrom;
  expect(derived("Weight by height squared.; Weight 70 kg, Height 170 cm")).toBe("Weight 70 kg, Height 170 cm");
  expect(derived("Weight by height squared.；体重 70 kg")).toBe("体重 70 kg");
  expect(derived("waits for Weight")).toBe("waits for Weight");
});

test("keys that came early replace the first time and then append; digits pick choices", () => {
  const f = field({ typed: "90", display: "90" });
  f.focus(true);
  f.typeAhead("1");
  f.typeAhead("2");
  expect(f.text).toBe("12");
  const yesNo = itemShape({
    control: "choices",
    choices: [
      { code: "Y", label: "Yes" },
      { code: "N", label: "No" },
    ],
  });
  const choice = new Field("IG", "1", yesNo, cellState());
  choice.typeAhead("2");
  expect(choice.text).toBe("N");
});

test("what a choice asks for comes next once, and only when the choice is saved", () => {
  const [words, term] = [field(), field()];
  term.type("90");
  term.nextField = words;
  expect(term.takeNextField()).toBe(null);
  term.nextField = words;
  term.sending();
  term.receive(number, cellState({ typed: "90", display: "90" }));
  expect(term.takeNextField()).toBe(words);
  expect(term.takeNextField()).toBe(null);
});
