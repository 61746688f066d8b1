import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

// The compiler finds most faults (`npm run check`); this finds what is legal and yet wrong: a list without keys, a
// variable that is never changed, an unused import.
export default ts.config(
  { ignores: ["dist/", "src/ipc/messages.ts", "src/ipc/commands.ts"] },
  ts.configs.recommended,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
      // A map or set here is either bookkeeping that nothing draws, or replaced as a whole.
      "svelte/prefer-svelte-reactivity": "off",
      // `{" · "}` keeps the white space that the formatter may otherwise move.
      "svelte/no-useless-mustaches": "off",
    },
  },
);
