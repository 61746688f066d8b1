import { keybar } from "../model/keys.svelte";
import { preferences } from "../model/preferences.svelte";
import { keyName, takesText } from "../model/key-press";
import { go, router } from "../model/route.svelte";
import { session } from "../model/session.svelte";

const ALWAYS: Record<string, () => void> = {
  "Ctrl+=": () => preferences.turnZoom(1),
  "Ctrl++": () => preferences.turnZoom(1),
  "Ctrl+-": () => preferences.turnZoom(-1),
  "Ctrl+0": () => preferences.turnZoom(0),
};

const OPEN: Record<string, () => unknown> = {
  "Ctrl+l": () => void session.lock("person"),
  F1: () => (keybar.helpOpen = true),
  "Alt+1": () => go({ page: "worklist" }),
  "Alt+2": () => go({ page: "subjects" }),
  "Alt+3": () => go({ page: "sync" }),
  "Alt+4": () => go({ page: "people" }),
  "Alt+5": () => go({ page: "study" }),
  "Alt+6": () => session.view?.role === "investigator" && go({ page: "charts" }),
  "Alt+ArrowLeft": () => void router.back(),
};

/** Keys while somebody is signed in who must set an own password first: only locking. */
const BEFORE: Record<string, () => unknown> = { "Ctrl+l": () => void session.lock("person") };

/** Keys that mean the same on every page. */
export function windowKeys(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const name = keyName(event);
  const help = name === "?" && !takesText(event.target) ? OPEN["F1"] : undefined;
  const signedIn =
    session.stage === "open" ? (OPEN[name] ?? help) : session.stage === "own-password" ? BEFORE[name] : undefined;
  const act = ALWAYS[name] ?? signedIn;
  if (act === undefined) return;
  event.preventDefault();
  act();
}
