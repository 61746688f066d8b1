import type * as ipc from "../../src/ipc/commands";

type Calls = typeof ipc;
/** The functions of `ipc/commands.ts` that ask Rust for something; the others hear events. */
type CallName = { [K in keyof Calls]: ReturnType<Calls[K]> extends Promise<unknown> ? K : never }[keyof Calls];
/** `saveItem` as its command is named: `save_item`. */
type Snake<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : S;

/** Every command by its name: what it is asked and what it answers, as `ipc/commands.ts` says. */
export type FakeBackend = {
  [K in CallName as Snake<K>]: (request: Parameters<Calls[K]>[0]) => Awaited<ReturnType<Calls[K]>>;
};
/** The name of a command. */
export type Command = keyof FakeBackend;
/** What a command is asked. */
export type Request<K extends Command> = Parameters<FakeBackend[K]>[0];
/** What a command answers. */
export type Answer<K extends Command> = ReturnType<FakeBackend[K]>;
/** A backend that may also answer later; a test holds an answer back so. */
export type Backend = { [K in Command]: (request: Request<K>) => Answer<K> | Promise<Answer<K>> };
