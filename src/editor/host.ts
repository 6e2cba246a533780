/** What a cell and the editor that takes the place of its listing know of each other. */
import type { Lang } from "../kernel/protocol.ts";

/** What an open editor gives the cell; src/editor/ makes them. */
export interface OpenEditor {
  focus(): void;
  setText(text: string): void;
  setBusy(isBusy: boolean): void;
  /** Takes the editor away. */
  close(): void;
}

/** What an editor needs of its cell. */
export interface EditorHost {
  /** Where the listing stands; the editor takes its place. */
  readonly place: HTMLElement;
  readonly id: string;
  readonly lang: Lang;
  readonly label: string;
  readonly hint: string;
  /** Published cells above it, for completions: names of cells to their texts. */
  above(): { id: string; source: string }[];
  text(): string;
  changed(text: string): void;
  run(): void;
  leave(): void;
  /** Another cell takes the editor. */
  close(): void;
}
