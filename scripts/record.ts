/**
 * npm run record -- FILE…                 prints recordings again, with the outputs of the Go on the PATH
 * npm run record facts                   measures the facts of the book again
 * npm run record -- --seed N KIND…        prints recordings of new inputs; --scale K: of K times as many operations
 * npm run record -- --check [FILE…]       records again and says which lines differ; without files: all committed ones
 *
 * --any takes any version of Go, not only the one that the engine follows; --out FOLDER writes KIND-SEED.jsonl files
 * (packed above 64 KiB) instead of printing. Exit 0 done or equal, 1 something differs, 2 it cannot be recorded.
 *
 * The recorder itself is Go (tests/oracle/record). It is built with doors into package runtime, with types and programs
 * of the recording compiled in, and for a heap that begins at a fixed address.
 */
import { RecordError, record } from "../tests/oracle/record/record.ts";

try {
  process.exitCode = record(process.argv.slice(2), (text) => process.stdout.write(text));
} catch (e) {
  if (!(e instanceof RecordError)) throw e;
  console.error(`record: ${e.message}`);
  process.exitCode = 2;
}
