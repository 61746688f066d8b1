import type { Refused } from "../../src/ipc/messages";

/** Refuses a command as Rust does: by throwing what crosses to the window. */
export function refuse(code: string, waitSeconds: number | null = null): never {
  const refused: Refused = { code, message: "", waitSeconds };
  throw refused;
}
