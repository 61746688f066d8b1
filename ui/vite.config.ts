import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const fake = (name: string) => new URL(`./test/fake/${name}.ts`, import.meta.url).pathname;

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  resolve: {
    // The tests run the components' browser side.
    ...(mode === "test" ? { conditions: ["browser", "module", "development"] } : {}),
    // `npm run look` shows the screens in a browser, against an invented site, and the tests of the pages run against
    // the same; never part of a build.
    alias:
      mode === "fake" || mode === "test"
        ? { "@tauri-apps/api/core": fake("core"), "@tauri-apps/api/event": fake("event") }
        : {},
  },
  build: {
    target: "es2022",
    // The window's policy allows files of its own only: nothing inline, no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ["src/**/*.test.ts", "test/**/*.test.ts"], testTimeout: 30_000 },
}));
