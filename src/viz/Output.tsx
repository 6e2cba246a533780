/** One output of a cell, drawn with every drawing at hand: for the server, and for tests. */
import type { VNode } from "preact";
import type { Output as OutputData } from "../kernel/protocol.ts";
import { drawings } from "./drawings.ts";
import type { Lang } from "./read.ts";
import { View } from "./view.tsx";

export { isInteractive } from "./kinds.ts";

export interface OutputProps {
  readonly output: OutputData;
  readonly lang: Lang;
}

export default function Output({ output, lang }: OutputProps): VNode {
  return <View output={output} lang={lang} drawings={drawings} />;
}
