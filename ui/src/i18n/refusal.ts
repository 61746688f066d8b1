import type { RefusedError } from "../ipc/refused";
import { t, tCode } from "./lang.svelte";
import { fill } from "./text";

/** What a refusal means and what to do, in the language in use. Decided by the code alone. */
export function wordRefusal(refused: RefusedError): string {
  const words = tCode("refused", refused.code, t("refused.unknown", { code: refused.code }));
  return fill(words, { seconds: refused.waitSeconds ?? 0 });
}
