import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

/** The folders of `src/`, from the top down: a file imports from its own floor and from those below. */
const FLOORS = [["main.ts"], ["shell"], ["pages"], ["forms"], ["controls", "charts"], ["model"], ["i18n"], ["ipc"]];

type Imports = Map<string, string[]>;

/** Every source file of the UI, from `src/`, with the files of its own that it imports. */
function importsOf(root: string): Imports {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  const known = new Set(files.filter((file) => /\.(ts|svelte|css)$/.test(file)));
  const sources = [...known].filter((file) => !/\.test\.ts$|\.css$/.test(file));
  return new Map(sources.map((file) => [file, targets(file, readFileSync(join(root, file), "utf8"), known)]));
}

function targets(file: string, text: string, known: Set<string>): string[] {
  const named = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g);
  return [...named].map(([, path = ""]) => {
    const at = normalize(join(dirname(file), path)).replaceAll("\\", "/");
    const found = [at, `${at}.ts`].find((each) => known.has(each));
    if (found === undefined) throw new Error(`${file} imports ${path}, which is not in src/`);
    return found;
  });
}

const folder = (file: string): string => file.split("/")[0] ?? "";
const page = (file: string): string => (folder(file) === "pages" ? (file.split("/")[1] ?? "") : "");
const floor = (file: string): number => FLOORS.findIndex((names) => names.includes(folder(file)));

/** What a file imports that it must not: something of a higher floor, of the folder beside it, or of another page. */
function forbidden(imports: Imports): string[] {
  return [...imports].flatMap(([file, targets]) =>
    targets
      .filter((to) => {
        const beside = floor(to) === floor(file) && folder(to) !== folder(file);
        const otherPage = page(file) !== "" && page(to) !== "" && page(to) !== page(file);
        return floor(to) < floor(file) || beside || otherPage;
      })
      .map((to) => `${file} imports ${to}`),
  );
}

/** The circles of files, each as the way round. */
function circles(imports: Imports): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file].join(" → "));
    if (at >= 0 || done.has(file)) return;
    for (const to of imports.get(file) ?? []) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

const src = importsOf(fileURLToPath(new URL("../src", import.meta.url)));

test("every folder of the UI has its floor, and most files import others", () => {
  expect([...src.keys()].filter((file) => floor(file) < 0)).toEqual([]);
  expect(src.size).toBeGreaterThan(150);
  expect([...src.values()].flat().length).toBeGreaterThan(400);
});

test("no arrow points upwards, sideways or into another page", () => {
  expect(forbidden(src)).toEqual([]);
});

test("no files import each other in a circle", () => {
  expect(circles(src)).toEqual([]);
});

test("what must not be imported is found", () => {
  const bad: Imports = new Map([
    ["model/a.ts", ["pages/form/b.ts"]],
    ["pages/form/b.ts", ["pages/sync/c.ts", "pages/form/d.ts"]],
    ["controls/e.ts", ["charts/f.ts"]],
    ["pages/form/d.ts", ["controls/e.ts", "pages/form/b.ts"]],
  ]);
  expect(forbidden(bad)).toEqual([
    "model/a.ts imports pages/form/b.ts",
    "pages/form/b.ts imports pages/sync/c.ts",
    "controls/e.ts imports charts/f.ts",
  ]);
  expect(circles(bad)).toEqual(["pages/form/b.ts → pages/form/d.ts → pages/form/b.ts"]);
});
