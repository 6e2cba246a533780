/**
 * The controls of one cell: drawn anew after each run, heard all together.
 *
 * The page carries their markup already; elements are replaced only where a run has changed something, and never under
 * the reader's hand.
 */

import { controlElement, isOf, setting } from "./controls.ts";
import { wireFile } from "./file-control.ts";
import type { Control, Lang, Scalar } from "./protocol.ts";

/** Called with each new value; undefined: back to the cell's own. */
type Turned = (name: string, value: Scalar | undefined) => void;

export class ControlPanel {
  private readonly place: HTMLElement;
  private readonly lang: Lang;
  private readonly id: string;
  private readonly turned: Turned;
  private controls: readonly Control[];

  /**
   * @param place     holds one element a control
   * @param id        of the cell: what the inputs' ids begin with
   * @param controls  those whose markup is there already
   */
  constructor(place: HTMLElement, lang: Lang, id: string, controls: readonly Control[], turned: Turned) {
    this.place = place;
    this.lang = lang;
    this.id = id;
    this.controls = controls;
    this.turned = turned;
    for (const type of ["input", "change"] as const) place.addEventListener(type, (event) => this.hear(event));
    this.wireFiles();
  }

  draw(controls: readonly Control[]): void {
    this.controls = controls;
    const made = controls.map((control) => controlElement(control, this.lang, this.id));
    const present = [...this.place.children] as HTMLElement[];
    const isSame = present.length === made.length && controls.every((control, i) => isOf(control, present[i]!));
    if (!isSame) {
      // Which file is open only its own element knows.
      const kept = controls.map((control) => present.find((each) => control.kind === "file" && isOf(control, each)));
      this.place.replaceChildren(...made.map((element, i) => kept[i] ?? element));
      this.wireFiles();
      return;
    }
    // The control under the reader's hand stays the same element: its value is the one that was run.
    for (const [i, element] of present.entries()) {
      if (controls[i]!.kind !== "file" && !element.contains(document.activeElement)) element.replaceWith(made[i]!);
    }
  }

  private hear(event: Event): void {
    const element = (event.target as Element).closest(".control");
    const control = element === null ? undefined : this.controls[[...this.place.children].indexOf(element)];
    if (control === undefined || element === null) return;
    if (event.type !== (control.kind === "range" ? "input" : "change")) return;
    this.turned(control.name, setting(control, element));
  }

  private wireFiles(): void {
    for (const [i, control] of this.controls.entries()) {
      if (control.kind !== "file") continue;
      wireFile(this.place.children[i] as HTMLElement, this.lang, (text) => this.turned(control.name, text));
    }
  }
}
