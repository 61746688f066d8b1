/** Nothing happens by itself in the invented site. */
export const listen = (): Promise<() => void> => Promise.resolve(() => undefined);
