/**
 * Which cells a cell rests on, from the names they declare, read and touch. Pure.
 *
 * A page is read from top to bottom, so a name belongs to the nearest cell above that declares it; cells between the
 * two that touch it (call upon it, write through it, assign it) are needed too. Exercises provide nothing: what a
 * reader tries there must not change what the book shows further down.
 */

export interface Uses {
  readonly declares: readonly string[];
  readonly reads: readonly string[];
  readonly touches: readonly string[];
  readonly isExercise?: boolean;
}

/**
 * Cells that have to run before cell `index` does, in page order.
 *
 * @param cells  all cells of the page, in page order
 */
export function needsOf(cells: readonly Uses[], index: number): number[] {
  // Names of the language and of the kernel belong to no cell: calling Array.from makes nobody need anybody.
  const ours = new Set(cells.slice(0, index).flatMap((cell) => (cell.isExercise === true ? [] : cell.declares)));
  const wanted = new Set(cells[index]!.reads.filter((name) => ours.has(name)));
  const needed: number[] = [];
  for (let i = index - 1; i >= 0 && wanted.size > 0; i--) {
    const cell = cells[i]!;
    if (cell.isExercise === true) continue;
    const declared = cell.declares.filter((name) => wanted.has(name));
    if (declared.length === 0 && !cell.touches.some((name) => wanted.has(name))) continue;
    // Here `wanted` holds the names that cells 0..i must provide for what runs after cell i.
    needed.push(i);
    for (const name of declared) wanted.delete(name);
    for (const name of cell.reads) if (ours.has(name)) wanted.add(name);
  }
  return needed.reverse();
}
