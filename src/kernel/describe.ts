/** The engine's values in one line, for `print`, tables and a cell's last expression. */

/** Fields of a Ref's object that are written out. */
const MAX_FIELDS = 8;

interface RefLike {
  readonly address: string;
  readonly isFreed: boolean;
  readonly type: { readonly name?: string } | null;
}

function isRef(value: object): value is RefLike {
  const proto = Object.getPrototypeOf(value);
  if (proto === null || proto === Object.prototype) return false;
  const { address } = value as RefLike;
  return typeof address === "string" && address.startsWith("0x");
}

/** One line for a value of the engine, or null when it is not one. */
export function describe(value: object): string | null {
  if (!isRef(value)) return null;
  const name = value.type?.name ?? "";
  const freed = value.isFreed ? " (freed)" : "";
  return `*${name || "object"} ${value.address}${freed}`.slice(0, 40 * MAX_FIELDS);
}
