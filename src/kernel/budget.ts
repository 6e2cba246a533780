/**
 * How much a run may show. What exceeds it is cut inside the kernel, before it reaches the page: the first lines and
 * the last ones are kept, and a notice stands where the middle is missing.
 */

import type { Output, Said } from "./protocol.ts";

export interface Budget {
  /** Lines and other outputs that are sent as they come. */
  readonly headItems: number;
  /** Characters of them. */
  readonly headChars: number;
  /** Items kept for the end when more came. */
  readonly tailItems: number;
  readonly tailChars: number;
  /** Characters of one line. */
  readonly lineChars: number;
  /** Rows of one table: as many of them from its start, and from its end. */
  readonly headRows: number;
  readonly tailRows: number;
  /** Points of one series. */
  readonly points: number;
}

export const BUDGET: Budget = {
  headItems: 300,
  headChars: 1_500_000,
  tailItems: 60,
  tailChars: 400_000,
  lineChars: 2_000,
  headRows: 160,
  tailRows: 40,
  points: 4_000,
};

type Item = { readonly line: Said } | { readonly output: Output };

function charsOf(item: Item): number {
  if ("output" in item) return JSON.stringify(item.output).length;
  return typeof item.line === "string" ? item.line.length : item.line.zh.length + item.line.en.length;
}

/** A line within the budget; what is cut off is counted. */
export function capLine(line: Said, max: number): Said {
  const cap = (text: string) => (text.length <= max ? text : `${text.slice(0, max)}… (+${text.length - max})`);
  return typeof line === "string" ? cap(line) : { zh: cap(line.zh), en: cap(line.en) };
}

/** Joins items into outputs: lines that follow one another become one text. */
function joined(items: readonly Item[]): Output[] {
  const out: Output[] = [];
  let lines: Said[] | null = null;
  for (const item of items) {
    if ("output" in item) {
      out.push(item.output);
      lines = null;
    } else if (lines === null) {
      lines = [item.line];
      out.push({ kind: "text", lines });
    } else {
      lines.push(item.line);
    }
  }
  return out;
}

/** Collects what one run shows: `take` gives what may be sent now, `end` the rest. */
export class Collector {
  private readonly budget: Budget;
  /** Everything that has been given out so far. */
  readonly given: Output[] = [];
  private head: Item[] = [];
  private headItems = 0;
  private headChars = 0;
  private isFull = false;
  private tail: Item[] = [];
  private tailSizes: number[] = [];
  private tailChars = 0;
  private dropped = 0;
  private droppedLines = 0;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  line(line: Said): void {
    this.add({ line: capLine(line, this.budget.lineChars) });
  }

  output(output: Output): void {
    this.add({ output });
  }

  private add(item: Item): void {
    const chars = charsOf(item);
    if (!this.isFull && this.headItems < this.budget.headItems && this.headChars + chars <= this.budget.headChars) {
      this.head.push(item);
      this.headItems++;
      this.headChars += chars;
      return;
    }
    // From here on everything goes to the end, so that nothing is shown out of order.
    this.isFull = true;
    this.tail.push(item);
    this.tailSizes.push(chars);
    this.tailChars += chars;
    while (this.tail.length > this.budget.tailItems || this.tailChars > this.budget.tailChars) {
      if (this.tail.length === 0) break;
      if ("line" in this.tail.shift()!) this.droppedLines++;
      this.tailChars -= this.tailSizes.shift()!;
      this.dropped++;
    }
  }

  /** What has come since the last call and may be sent. */
  take(): Output[] {
    const items = this.head;
    this.head = [];
    const outputs = joined(items);
    this.given.push(...outputs);
    return outputs;
  }

  /** The rest: a notice of what was cut, and the last items. */
  end(): Output[] {
    const head = this.take();
    const tail = joined(this.tail);
    if (this.dropped > 0) {
      const what = this.droppedLines === this.dropped ? "lines" : "outputs";
      tail.unshift({ kind: "cut", what, dropped: this.dropped });
    }
    this.tail = [];
    this.given.push(...tail);
    return [...head, ...tail];
  }

  get hasNews(): boolean {
    return this.head.length > 0;
  }
}
