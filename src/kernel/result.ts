/**
 * The place where a cell's result stands: first what the server wrote, then what runs bring.
 *
 * The pictures' code is loaded with the first run, or when the reader first touches a recorded picture that answers
 * the hand. Drawing follows the outputs with a delay; what is superseded meanwhile is not drawn.
 */

import { Early } from "./early.ts";
import type { Lang, Output } from "./protocol.ts";

type Viz = typeof import("../viz/mount.ts");

const WAKING = ["pointerenter", "pointerdown", "focusin", "click", "input"] as const;

export class Result {
  /** The outputs of the present run, lines that follow one another as one text. */
  shown: readonly Output[] = [];
  private readonly place: HTMLElement;
  private readonly lang: Lang;
  /** One element an output. */
  private readonly boxes: HTMLElement[] = [];
  private painting: Promise<void> = Promise.resolve();

  /**
   * @param place  holds one `.o` an output
   * @param live   recorded outputs that answer the hand, by their place
   */
  constructor(place: HTMLElement, lang: Lang, live: Readonly<Record<number, Output>>) {
    this.place = place;
    this.lang = lang;
    let viz: Promise<Viz> | null = null;
    for (const [i, box] of [...place.querySelectorAll<HTMLElement>(":scope > .o")].entries()) {
      const output = live[i];
      if (output === undefined) continue;
      const early = new Early(box);
      const wake = () => {
        for (const type of WAKING) box.removeEventListener(type, wake);
        viz ??= import("../viz/mount.ts");
        void viz.then(async ({ load, mount }) => {
          await load([output]);
          if (box.isConnected) early.replay(() => mount(box, output, this.lang));
        });
      };
      for (const type of WAKING) box.addEventListener(type, wake);
      if (box.matches(":hover, :focus-within")) wake(); // it was touched before this code was there
    }
  }

  /** Shows more outputs after those that are there, or in their stead. */
  add(outputs: readonly Output[], isFresh: boolean): void {
    const kept = isFresh ? [] : [...this.shown];
    for (const output of outputs) {
      const last = kept.at(-1);
      if (output.kind === "text" && last?.kind === "text" && output.value !== true && last.value !== true) {
        kept[kept.length - 1] = { ...last, lines: [...last.lines, ...output.lines] };
      } else {
        kept.push(output);
      }
    }
    this.paint(kept);
  }

  clear(): void {
    this.paint([]);
  }

  private paint(outputs: readonly Output[]): void {
    this.shown = outputs;
    this.painting = this.painting.then(async () => {
      const viz = await import("../viz/mount.ts");
      await viz.load(outputs);
      if (this.shown === outputs) this.draw(viz, outputs);
    });
  }

  /** What each box shows; an output that is there already is left alone. */
  private readonly drawn = new Map<HTMLElement, Output>();

  private draw({ mount, unmount }: Viz, outputs: readonly Output[]): void {
    // The recorded result makes place for the first live one.
    if (this.boxes.length === 0) this.place.replaceChildren();
    for (const [i, output] of outputs.entries()) {
      const box = this.boxes[i] ?? this.newBox();
      const before = this.drawn.get(box);
      if (before === output) continue;
      if (before !== undefined && before.kind !== output.kind) {
        unmount(box);
        box.replaceChildren();
      }
      mount(box, output, this.lang);
      this.drawn.set(box, output);
    }
    for (const box of this.boxes.splice(outputs.length)) {
      unmount(box);
      box.remove();
      this.drawn.delete(box);
    }
  }

  private newBox(): HTMLElement {
    const box = document.createElement("div");
    box.className = "o";
    this.place.append(box);
    this.boxes.push(box);
    return box;
  }
}
