import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Contract, Events } from "./messages";
import { asRefused } from "./refused";

/** One command of Rust; rejects with `RefusedError` only. */
export async function call<K extends keyof Contract>(
  command: K,
  request?: Contract[K]["request"],
): Promise<Contract[K]["answer"]> {
  try {
    return await invoke<Contract[K]["answer"]>(command, { request: request ?? {} });
  } catch (thrown) {
    throw asRefused(thrown);
  }
}

/** Hears an event of Rust until the returned function is called. */
export function hear<K extends keyof Events>(event: K, then: (payload: Events[K]) => void): () => void {
  let stop: (() => void) | undefined;
  let over = false;
  void listen<Events[K]>(event, (heard) => then(heard.payload)).then((unlisten) => {
    if (over) unlisten();
    else stop = unlisten;
  });
  return () => {
    over = true;
    stop?.();
  };
}
