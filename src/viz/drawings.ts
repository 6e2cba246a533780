/** Every kind of drawing, at once: for the server. A page loads the kinds that it shows (mount.ts). */
import { Border } from "./Border.tsx";
import { Chart } from "./Chart.tsx";
import { Heap } from "./Heap.tsx";
import type { Drawings } from "./kinds.ts";
import { Lanes } from "./Lanes.tsx";
import { Pages } from "./Pages.tsx";
import { Paths } from "./Paths.tsx";
import { Plain } from "./Plain.tsx";
import { Steps } from "./Steps.tsx";
import { Table } from "./Table.tsx";
import { Tiny } from "./Tiny.tsx";

export const drawings: Required<Drawings> = {
  table: Table,
  chart: Chart,
  heap: Heap,
  paths: Paths,
  border: Border,
  tiny: Tiny,
  lanes: Lanes,
  pages: Pages,
  central: Plain,
  timeline: Plain,
  map: Plain,
  slabs: Plain,
  strip: Plain,
  slot: Plain,
  words: Plain,
  stairs: Plain,
  steps: Steps,
};
