import type { RefusedError } from "../ipc/refused";
import { t, tCode } from "./lang.svelte";
import { fill } from "./text";

/** What a refusal means and what to do, in the language in use. Decided by the code alone. */
export function wordRefusal(refused: RefusedError): string {
  // A date or value that can't be read is refused with the same codes as a draft.
  const unknown = tCode("fault", refused.code, t("refused.unknown", { code: refused.code }));
  const words = tCode("refused", refused.code, unknown);
  return fill(words, { seconds: refused.waitSeconds ?? 0 });
}
