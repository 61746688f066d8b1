/** Where a person is, once signed in. */
export type Route =
  | { page: "worklist" }
  | { page: "subjects" }
  | { page: "subject"; subject: string; form?: string }
  | { page: "form"; subject: string; form: string; cell?: string }
  | { page: "tumours"; subject: string }
  | { page: "timeline"; subject: string }
  | { page: "randomise"; subject: string }
  | { page: "checklist"; subject: string; event: string }
  | { page: "charts" }
  | { page: "labs" }
  | { page: "lab-import" }
  | { page: "sync" }
  | { page: "people" }
  | { page: "study" };

/** What a page with unsaved input does before it goes away. */
export type Guard = {
  /** The person goes elsewhere; `false` keeps them here. */
  leave: () => Promise<boolean>;
  /** The vault is locked: keeps what is typed, and asks nothing. */
  keep: () => Promise<void>;
};

const HOME: Route = { page: "worklist" };
const DEPTH = 50;

class Router {
  now = $state.raw<Route>(HOME);
  #past: Route[] = [];
  #guard: Guard | null = null;

  /** The page in view asks to be heard before it is left; returns how to stop asking. */
  guard(guard: Guard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.#guard = null;
    };
  }

  /** Keeps what is typed on the page, as before a lock. */
  async keep(): Promise<void> {
    await this.#guard?.keep();
  }

  async #settled(): Promise<boolean> {
    return this.#guard === null || (await this.#guard.leave());
  }

  async go(to: Route): Promise<void> {
    if (!(await this.#settled())) return;
    this.#past = [...this.#past.slice(1 - DEPTH), this.now];
    this.now = to;
  }

  async back(): Promise<void> {
    const to = this.#past.at(-1);
    if (to === undefined || !(await this.#settled())) return;
    this.#past = this.#past.slice(0, -1);
    this.now = to;
  }

  /** Starts afresh at a place, as after signing in. */
  reset(to: Route = HOME): void {
    this.#past = [];
    this.#guard = null;
    this.now = to;
  }
}

export const router = new Router();
export const go = (to: Route): void => void router.go(to);
