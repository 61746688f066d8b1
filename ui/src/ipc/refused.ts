import type { Refused } from "./messages";

/** A refusal by Rust, thrown by every command. Branch on `code`; word it with `wordRefusal`. */
export class RefusedError extends Error {
  readonly code: string;
  readonly waitSeconds: number | null;

  constructor(refused: Refused) {
    super(refused.message);
    this.name = "RefusedError";
    this.code = refused.code;
    this.waitSeconds = refused.waitSeconds;
  }
}

function isRefused(thrown: unknown): thrown is Refused {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown;
}

/** Whatever was thrown, as a refusal; what no room of ours said is `unexpected`. */
export function asRefused(thrown: unknown): RefusedError {
  if (thrown instanceof RefusedError) return thrown;
  if (isRefused(thrown)) return new RefusedError({ ...thrown, waitSeconds: thrown.waitSeconds ?? null });
  return new RefusedError({ code: "unexpected", message: String(thrown), waitSeconds: null });
}
