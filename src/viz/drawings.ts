/** Every kind of drawing, at once: for the server. A page loads the kinds that it shows (mount.ts). */
import { Border } from "./Border.tsx";
import { Central } from "./Central.tsx";
import { Chart } from "./Chart.tsx";
import { Heap } from "./Heap.tsx";
import type { Drawings } from "./kinds.ts";
import { Lanes } from "./Lanes.tsx";
import { Pages } from "./Pages.tsx";
import { Paths } from "./Paths.tsx";
import { ProcessMap } from "./ProcessMap.tsx";
import { Slabs } from "./Slabs.tsx";
import { SlotBytes } from "./SlotBytes.tsx";
import { Stairs } from "./Stairs.tsx";
import { Steps } from "./Steps.tsx";
import { Strips } from "./Strips.tsx";
import { Table } from "./Table.tsx";
import { Timeline } from "./Timeline.tsx";
import { Tiny } from "./Tiny.tsx";
import { WordMap } from "./WordMap.tsx";

export const drawings: Required<Drawings> = {
  table: Table,
  chart: Chart,
  heap: Heap,
  paths: Paths,
  border: Border,
  tiny: Tiny,
  lanes: Lanes,
  pages: Pages,
  central: Central,
  timeline: Timeline,
  map: ProcessMap,
  slabs: Slabs,
  strip: Strips,
  slot: SlotBytes,
  words: WordMap,
  stairs: Stairs,
  steps: Steps,
};
