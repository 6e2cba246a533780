/**
 * `npm test`: every check, one part after the other; each prints its seconds. A part that fails does not stop the next.
 * `npm test -- unit e2e` runs only the parts named. The last line counts: `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Tally {
  passed: number;
  failed: number;
}

interface Part {
  readonly name: string;
  readonly what: string;
  readonly commands: readonly (readonly string[])[];
  /** Where the part's runner leaves its report; without one each command counts as one check. */
  readonly report?: "vitest" | "playwright";
}

const reports = mkdtempSync(join(tmpdir(), "report-"));
const vitest = (project: string) => ["vitest", "run", "--project", project, "--reporter=default", "--reporter=json"];

const parts: readonly Part[] = [
  {
    name: "types",
    what: "types of .ts and .astro; the engine without DOM or Node",
    commands: [["astro", "sync"], ["astro-check"], ["tsc", "-p", "engine"]],
  },
  {
    name: "lint",
    what: "format and lint",
    commands: [
      ["biome", "check", "."],
      ["prettier", "--check", "--log-level", "warn", "src/**/*.astro"],
    ],
  },
  {
    name: "engine",
    what: "engine: units, laws, recordings, schedules, architecture",
    commands: [vitest("engine")],
    report: "vitest",
  },
  {
    name: "site",
    what: "site: kernel, pictures, cells run and compared, text of both languages",
    commands: [vitest("site")],
    report: "vitest",
  },
  { name: "build", what: "the site as it is published", commands: [["astro", "build"]] },
  { name: "dist", what: "links, anchors and weights of the built pages", commands: [vitest("dist")], report: "vitest" },
  { name: "e2e", what: "the pages in a real browser", commands: [["playwright", "test"]], report: "playwright" },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(", ")}: use ${parts.map((part) => part.name).join(", ")}`);
  process.exit(2);
}

const total: Tally = { passed: 0, failed: 0 };
const lines: string[] = [];
for (const part of parts) {
  if (wanted.length > 0 && !wanted.includes(part.name)) continue;
  console.log(`\n── ${part.name}: ${part.what}`);
  const start = performance.now();
  const { passed, failed } = run(part);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  lines.push(`${part.name.padEnd(8)} ${seconds.padStart(7)} s   ${passed} passed, ${failed} failed`);
  total.passed += passed;
  total.failed += failed;
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${lines.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function run(part: Part): Tally {
  const file = join(reports, `${part.name}.json`);
  const tally: Tally = { passed: 0, failed: 0 };
  for (const command of part.commands) {
    const [tool, ...args] = part.report === "vitest" ? [...command, `--outputFile.json=${file}`] : command;
    const { status } = spawnSync("npx", ["--no-install", tool!, ...args], {
      stdio: "inherit",
      shell: process.platform === "win32",
      env: {
        ...process.env,
        ASTRO_TELEMETRY_DISABLED: "1",
        ...(part.report === "playwright" ? { E2E_JSON: file } : {}),
      },
    });
    const counted = part.report === undefined ? undefined : readReport(part.report, file);
    const ok = status === 0;
    tally.passed += counted?.passed ?? (ok ? 1 : 0);
    // A runner that died without a failing test has failed all the same.
    tally.failed += ok ? 0 : Math.max(1, counted?.failed ?? 1);
  }
  return tally;
}

function readReport(runner: "vitest" | "playwright", file: string): Tally | undefined {
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    return runner === "vitest"
      ? { passed: report.numPassedTests, failed: report.numFailedTests }
      : { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected };
  } catch {
    return undefined;
  }
}
