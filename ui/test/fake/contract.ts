import type { Contract } from "../../src/ipc/messages";

/** The name of a command. */
export type Command = keyof Contract;
/** What a command is asked. */
export type Request<K extends Command> = Contract[K]["request"];
/** What a command answers. */
export type Answer<K extends Command> = Contract[K]["answer"];
/** Every command, answered at once. */
export type FakeBackend = { [K in Command]: (request: Request<K>) => Answer<K> };
/** A backend that may also answer later; a test holds an answer back so. */
export type Backend = { [K in Command]: (request: Request<K>) => Answer<K> | Promise<Answer<K>> };
