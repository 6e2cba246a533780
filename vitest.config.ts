import { defineConfig } from "vitest/config";
import { faultPlugin } from "./tests/faults/plugin.ts";

/**
 * What runs in Node, in three projects: the engine, the site's parts, and the pages as built (`npm run build` first).
 * The page in a real browser is Playwright's (playwright.config.ts).
 */
const jsx = { jsx: { runtime: "automatic", importSource: "preact" } } as const;
const common = { environment: "node", testTimeout: 120_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        oxc: jsx,
        plugins: [faultPlugin()], // does nothing unless FAULT names a sabotage of the engine
        test: {
          ...common,
          name: "engine",
          include: ["tests/{engine,oracle,schedules,faults}/**/*.test.ts", "tests/*.test.ts"],
        },
      },
      { oxc: jsx, test: { ...common, name: "site", include: ["tests/site/**/*.test.{ts,tsx}"] } },
      { oxc: jsx, test: { ...common, name: "dist", include: ["tests/dist/**/*.test.{ts,tsx}"] } },
    ],
  },
});
