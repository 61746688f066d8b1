import { lang, nearest, type Language } from "../i18n/lang.svelte";
import { setPreferences } from "../ipc/commands";
import type { Preferences } from "../ipc/messages";

export type Theme = "light" | "dark";
const STEPS = [100, 110, 125, 150, 175, 200];

function systemTheme(): Theme {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Language, theme and zoom of this window; kept by the computer, the same before and after signing in. */
class WindowPreferences {
  theme = $state<Theme>("light");
  zoom = $state(100);

  take(kept: Preferences): void {
    lang.use(nearest(kept.language || navigator.language));
    this.theme = kept.theme === "dark" || kept.theme === "light" ? kept.theme : systemTheme();
    this.zoom = kept.zoom || 100;
    this.#show();
    // The web view begins at 100 % each time; the shell zooms it when it is told the preference.
    if (this.zoom !== 100) this.#keep();
  }

  speak(language: Language): void {
    lang.use(language);
    this.#keep();
  }

  turnTheme(): void {
    this.theme = this.theme === "light" ? "dark" : "light";
    this.#keep();
  }

  /** One step larger (1), smaller (-1), or back to normal (0). */
  turnZoom(by: -1 | 0 | 1): void {
    const next = by > 0 ? STEPS.find((s) => s > this.zoom) : STEPS.findLast((s) => s < this.zoom);
    this.zoom = by === 0 ? 100 : (next ?? this.zoom);
    this.#keep();
  }

  #show(): void {
    document.documentElement.dataset["theme"] = this.theme;
  }

  #keep(): void {
    this.#show();
    const preferences = { language: lang.tag, theme: this.theme, zoom: this.zoom };
    // A preference that could not be kept is asked for again next time; nothing is lost by it.
    setPreferences({ preferences }).catch(() => undefined);
  }
}

export const preferences = new WindowPreferences();
