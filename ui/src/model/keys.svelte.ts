import type { MessageKey } from "../i18n/text";

/** A key, as the foot and the help name it. */
export type Hint = { keys: string[]; text: MessageKey; foot?: boolean };

class Keybar {
  hints = $state.raw<Hint[]>([]);
  helpOpen = $state(false);
}

export const keybar = new Keybar();

/** The page's keys for the foot of the window and for the help; to be called while a component is set up. */
export function useHints(given: Hint[] | (() => Hint[])): void {
  $effect(() => {
    const hints = typeof given === "function" ? given() : given;
    keybar.hints = hints;
    return () => {
      if (keybar.hints === hints) keybar.hints = [];
    };
  });
}
