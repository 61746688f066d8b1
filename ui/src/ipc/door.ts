import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import { asRefused } from "./refused";

/** One command of Rust; rejects with `RefusedError` only. */
export async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw asRefused(thrown);
  }
}

/** Hears an event of Rust until the returned function is called. */
export function hear<T>(event: string, told: (payload: T) => void): () => void {
  let stop: (() => void) | undefined;
  let over = false;
  void listen<T>(event, (heard) => told(heard.payload)).then((unlisten) => {
    if (over) unlisten();
    else stop = unlisten;
  });
  return () => {
    over = true;
    stop?.();
  };
}
