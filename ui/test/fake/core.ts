// What stands in for Tauri in `npm run look` and in the tests of the pages. Never part of a build.

import { makeBackend } from "./backend";
import type { Backend, Command, Request } from "./contract";
import { refuse } from "./refuse";

/** One command that was given. */
export type Call = { command: Command; request: unknown };

/** The backend in use, and every command that it was given, in order. */
export const site: { backend: Backend; calls: Call[] } = { backend: makeBackend(), calls: [] };

/** What a command was asked, each time it was given. */
export const asked = <K extends Command>(command: K): Array<Request<K>> =>
  site.calls.filter((call) => call.command === command).map((call) => call.request as Request<K>);

/** As Tauri's `invoke`: messages cross as copies. */
export async function invoke(command: Command, { request }: { request?: unknown } = {}): Promise<unknown> {
  const answer = site.backend[command] as ((request: unknown) => unknown) | undefined;
  if (answer === undefined) refuse("unexpected");
  site.calls.push({ command, request: structuredClone(request) });
  return structuredClone(await answer(structuredClone(request)));
}
