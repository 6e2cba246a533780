/**
 * npm run oracle [PATH…] [--known-missing=kind[,kind:phase]]
 *
 * Replays recordings of the real Go on the engine and compares every answer. Without a path: the committed recordings,
 * less what tests/oracle/known-missing.json lists. With paths (files or folders): those, and nothing may be missing
 * but what the flag names. Exit 0 equal, 1 something differs or is missing, 2 malformed input.
 */
import { parseKnownMissing, runOracle } from "../tests/oracle/compare.ts";
import { Malformed } from "../tests/oracle/read.ts";

const usage = "usage: npm run oracle -- [PATH...] [--known-missing=kind[,kind:phase]]";
const started = performance.now();
const args = process.argv.slice(2);
const flag = args.find((a) => a.startsWith("--known-missing="));
const unknown = args.find((a) => a.startsWith("--") && a !== flag);

if (unknown !== undefined) {
  console.error(`oracle: unknown option ${unknown}\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    const paths = args.filter((a) => a !== flag);
    const listed = flag === undefined ? {} : { knownMissing: parseKnownMissing(flag.slice(flag.indexOf("=") + 1)) };
    const { exit, text } = runOracle({ paths, ...listed });
    (exit === 2 ? console.error : console.log)(text);
    if (exit !== 2) console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
    process.exitCode = exit;
  } catch (e) {
    if (!(e instanceof Malformed)) throw e;
    console.error(`malformed: ${e.message}`);
    process.exitCode = 2;
  }
}
