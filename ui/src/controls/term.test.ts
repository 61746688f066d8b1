import { expect, test, vi } from "vitest";

import type { TermView } from "../ipc/messages";
import { TermSearch } from "./term.svelte";

const asked = vi.hoisted(() => [] as { typed: string; answer: (hits: TermView[]) => void }[]);
vi.mock("../ipc/commands", () => ({
  termSearch: ({ typed }: { typed: string }) => new Promise((answer) => asked.push({ typed, answer })),
}));

const term = (code: string): TermView => ({
  code,
  label: code,
  synonym: "",
  soc: "",
  definition: "",
  note: "",
  other: false,
  grades: [],
});

test("only the answer to the last question counts, in whatever order the answers come", async () => {
  const search = new TermSearch("IT.X");
  const first = search.ask("na");
  const second = search.ask("naus");
  asked[1]?.answer([term("Nausea")]);
  asked[0]?.answer([term("Narcolepsy")]);
  await Promise.all([first, second]);
  expect(search.hits.map((hit) => hit.code)).toEqual(["Nausea"]);
  expect(search.answered).toBe("naus");
});

test("leaving asks only for what is not answered yet, and takes what the list points at", async () => {
  const search = new TermSearch("IT.X");
  const asking = search.ask("head");
  asked.at(-1)?.answer([term("Headache"), term("Head soft tissue necrosis")]);
  await asking;
  search.at = 1;
  const questions = asked.length;
  expect((await search.best("head"))?.code).toBe("Head soft tissue necrosis");
  expect(asked.length).toBe(questions);
  await search.ask("");
  expect(search.hits).toEqual([]);
  expect(asked.length).toBe(questions);
});
