import { defineConfig } from "@playwright/test";
import { launchOptions } from "./tests/browser.ts";

/** The built site, as a reader's browser sees it. `npm run build` comes first. */
const port = Number(process.env["E2E_PORT"] ?? 4399);

export default defineConfig({
  testDir: "tests/e2e",
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 8_000 },
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  reporter:
    process.env["E2E_JSON"] === undefined ? "list" : [["line"], ["json", { outputFile: process.env["E2E_JSON"] }]],
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions: await launchOptions(),
    trace: "retain-on-failure",
  },
  webServer: {
    command: "npm run serve",
    env: { PORT: String(port) },
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
    timeout: 30_000,
  },
});
