/** What an adapter is: it boots a heap or a part of one, does what a recording says, and lets the answers be compared. */
import type { Recording } from "../read.ts";
import type { Tally } from "../tally.ts";

export interface Adapter {
  /** Parts of its cases that can be listed as missing one by one. */
  readonly phases: readonly string[];
  /** @throws {Malformed} when the recording is not of its kind's shape */
  readonly replay: (recording: Recording, tally: Tally) => void;
}
