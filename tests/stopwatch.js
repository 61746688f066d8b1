// Run inside the page by stopwatch.rs: what the form shows, when it changed, and how long a keystroke took to show.
const cells = () => [...document.querySelectorAll('[data-page="form"] [data-cell]')];
const chosen = (row) => row.querySelector('[role="radio"][aria-checked="true"]')?.dataset.code ?? "";
const shows = (row) => [row.querySelector("input, textarea")?.value ?? chosen(row), row.textContent, row.dataset.saved].join("¦");
const look = () => new Map(cells().map((row) => [row.dataset.cell, shows(row)]));
const same = (a, b) => a.size === b.size && [...a].every(([cell, shown]) => b.get(cell) === shown);
// The same as `same(armed.want, look())`, but it gives up at the first difference, and looks there first: watching must
// not slow what is watched.
let apart = null;
function shown() {
  if (armed.want === null) return true;
  const rows = cells();
  const fits = (row) => armed.want.get(row.dataset.cell) === shows(row);
  if (rows.length !== armed.want.size) return false;
  if (apart !== null && apart.isConnected && !fits(apart)) return false;
  apart = rows.find((row) => !fits(row)) ?? null;
  return apart === null;
}
const findings = (shown) => shown.split("¦")[1];

const kept = new Map();
let moved = performance.now();
let armed = null;
const painted = new MessageChannel();
painted.port2.onmessage = () => (armed.painted ??= performance.now() - armed.began);
new MutationObserver(() => {
  moved = performance.now();
  if (armed?.began != null && armed.page == null && shown()) armed.page = moved - armed.began;
}).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });

// The last key of an answer starts the watch: Enter, or the digit that picks a choice.
addEventListener(
  "keydown",
  (event) => {
    if (armed === null || armed.began !== null || event.key !== armed.key) return;
    armed.began = Math.min(event.timeStamp, performance.now());
    if (armed.want === null) another();
    const frame = () => {
      if (!shown()) return requestAnimationFrame(frame);
      armed.frame = performance.now() - armed.began;
      armed.page ??= armed.frame;
      // A message waits until the frame that is being made has been laid out and painted.
      painted.port1.postMessage(null);
    };
    requestAnimationFrame(frame);
  },
  true,
);

// What a page costs that asks nobody: a line more beside the first question, or away again, at the keystroke itself.
const line = Object.assign(document.createElement("p"), { textContent: "A line more." });
const another = () => (line.isConnected ? line.remove() : cells()[0].append(line));

const ENTER = "\uE007";
// Two answers of a number: as it stands, and far from it.
const numbers = (value) => (/^\d+([.,]\d+)?$/.test(value) ? [value + ENTER, String(Number(value.replace(",", ".")) * 6) + ENTER] : null);
const choices = (row) => {
  const radios = [...row.querySelectorAll('[role="radio"]')];
  const at = radios.findIndex((radio) => radio.getAttribute("aria-checked") === "true");
  return radios.length < 2 || at < 0 ? null : [String(at + 1), String(((at + 1) % radios.length) + 1)];
};

window.stopwatch = {
  fields: () =>
    cells().flatMap((row) => {
      if (row.closest("[data-rowgroup]") || row.dataset.control === "derived") return [];
      const input = row.querySelector("input");
      const answers = row.dataset.control === "number" && input ? numbers(input.value) : row.dataset.control === "choices" ? choices(row) : null;
      return answers === null ? [] : [{ cell: row.dataset.cell, answers }];
    }),
  // At rest: nothing moves, and an answer that was given is saved or refused.
  still: (ms, cell) => {
    const row = cells().find((each) => each.dataset.cell === cell);
    const waits = row?.dataset.saved === "false" && row.querySelector(".change") === null;
    return !waits && performance.now() - moved > ms;
  },
  refused: (cell) => cells().find((row) => row.dataset.cell === cell)?.dataset.saved !== "true",
  keep: (cell, which) => kept.set(`${cell} ${which}`, look()),
  differs: (cell) => {
    const [a, b] = [0, 1].map((which) => kept.get(`${cell} ${which}`));
    const others = (of) => new Map([...of].filter(([key]) => key !== cell));
    return !same(others(a), others(b)) || findings(a.get(cell) ?? "") !== findings(b.get(cell) ?? "");
  },
  armBare: (key) => (armed = { want: null, key, began: null, page: null, frame: null, painted: null }),
  arm: (cell, which, key) => ((apart = null), (armed = { want: kept.get(`${cell} ${which}`), key, began: null, page: null, frame: null, painted: null })),
  taken: () => (armed?.painted == null ? false : { page: armed.page, frame: armed.frame, painted: armed.painted }),
};
