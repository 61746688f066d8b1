type Heard = (event: { payload: unknown }) => void;

const hearing = new Map<string, Set<Heard>>();

/** As Tauri's `listen`. */
export async function listen(event: string, heard: Heard): Promise<() => void> {
  const all = hearing.get(event) ?? new Set();
  hearing.set(event, all.add(heard));
  return () => void all.delete(heard);
}

/** Tells the window of an event, as Rust would; nothing in the invented site happens by itself. */
export function emit(event: string, payload: unknown): void {
  for (const heard of hearing.get(event) ?? []) heard({ payload });
}
