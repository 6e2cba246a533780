/** What a seeded fault is. */

export interface Edit {
  /** Source text that must occur exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Fault extends Edit {
  readonly name: string;
  /** The file that is sabotaged, from the root of the repository. */
  readonly file: string;
  /** More places of the same file that the fault needs. */
  readonly and?: readonly Edit[];
  /** What goes wrong in a heap that has it. */
  readonly why: string;
}
