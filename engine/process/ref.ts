/**
 * Ref: a handle of an object in the heap.
 *
 * Every access is checked: the object must not have been swept, the field or element must exist, and the value must
 * fit its type. So a cell cannot damage the heap by accident. A handle is no root: it keeps nothing alive.
 */
import { loadPointer, storePointer } from "../memory/address.ts";
import { CellError } from "../memory/errors.ts";
import { store64 } from "../memory/layout.ts";
import { NIL } from "../memory/memory.ts";
import { zerobase } from "../records/globals.ts";
import { storeRun, storeWithBarrier } from "./stores.ts";
import { type FieldInfo, type GoType, Kind, uint8 } from "./types.ts";
import { isScalar, loadScalar, type Scalar, storeScalar } from "./values.ts";
import type { HeapObject, World } from "./world.ts";

/**
 * A handle of an object in the heap. Fields and elements can be used as properties: `ref.next = other`, `ref[0]`.
 * @zh 堆中对象的句柄。字段和元素可以当作属性来用：`ref.next = other`、`ref[0]`。
 */
export interface Ref {
  /**
   * The object's address as Go prints it.
   * @zh 对象的地址，写法与 Go 打印的一样。
   */
  readonly address: string;
  /**
   * The object's type; null for raw bytes.
   * @zh 对象的类型；未带类型的字节为 null。
   */
  readonly type: GoType | null;
  /**
   * Bytes asked for.
   * @zh 申请的字节数。
   */
  readonly size: number;
  /**
   * Elements that can be used: those of an array, `len` of a slice's array, bytes of raw memory; else 0.
   * @zh 可用的元素个数：数组的元素数、切片底层数组的 `len`、原始内存的字节数；其他为 0。
   */
  readonly length: number;
  /**
   * True when the object was swept: its slot is free, or holds another object by now.
   * @zh 对象已被清扫时为真：它的槽空着，或者已经给了别的对象。
   */
  readonly isFreed: boolean;
  /**
   * Reads a field or an element; without an argument, the value of a basic type. A pointer gives a Ref, or null.
   * @zh 读取一个字段或元素；不带参数时读取基本类型的值。指针读出的是 Ref 或 null。
   */
  get(key?: string | number): Value;
  /**
   * Writes a field or an element; with one argument, the value of a basic type.
   * @zh 写入一个字段或元素；只有一个参数时写入基本类型的值。
   */
  set(...args: [key: string | number, value: unknown] | [value: unknown]): void;
  /** A field or an element by its name or index, to read and to write. @zh 按名字或下标读写一个字段或元素。 */
  // biome-ignore lint/suspicious/noExplicitAny: a field's type is known to the heap, not to the compiler
  [field: string | number]: any;
}

/**
 * What a field reads as.
 * @zh 读取一个字段得到的值。
 */
export type Value = Scalar | Ref | null;

/** Key by which a handle gives its inside away to this module. */
const inner = Symbol("ref");

/** Names that libraries ask any object for; they are no fields. */
const probed = new Set([
  "then",
  "toJSON",
  "constructor",
  "asymmetricMatch",
  "nodeType",
  "tagName",
  "hasAttribute",
  "length",
]);

class RefTarget {
  readonly world: World;
  readonly object: HeapObject;
  /** Offset of this value's first byte: the object's, or one inside for a field of it. */
  readonly off: number;
  readonly type: GoType | null;

  constructor(world: World, object: HeapObject, off: number, type: GoType | null) {
    this.world = world;
    this.object = object;
    this.off = off;
    this.type = type;
  }

  get address(): string {
    return this.world.address(this.off);
  }

  get size(): number {
    return this.type === null || this.off === this.object.off ? this.object.size : this.type.size;
  }

  get length(): number {
    if (this.type === null) return this.object.size;
    if (this.type.kind !== Kind.Array) return 0;
    return this.off === this.object.off && this.type === this.object.type ? this.object.len : this.type.length;
  }

  get isFreed(): boolean {
    return this.world.isFreed(this.object);
  }

  get(key?: string | number): Value {
    this.use();
    const [off, type] = this.place(key);
    return load(this.world, this.object, off, type);
  }

  set(...args: unknown[]): void {
    this.use();
    this.world.checkUnwatched();
    const [key, value] = args.length < 2 ? [undefined, args[0]] : [args[0] as string | number, args[1]];
    const [off, type] = this.place(key);
    store(this.world, off, type, value);
    this.world.afterOperation();
  }

  toString(): string {
    return `${this.type === null ? "bytes" : `*${this.type.name}`}(${this.address})`;
  }

  toJSON(): { type: string; address: string } {
    return { type: this.type?.name ?? "bytes", address: this.address };
  }

  /** Makes sure that the object is still there. */
  use(): void {
    if (!this.isFreed) return;
    throw new CellError(
      "cell/freed",
      `the object at ${this.address} was swept: nothing kept it alive, and its slot may hold another object now`,
      { address: this.address },
    );
  }

  /** Where a field or an element lies, and its type. */
  place(key?: string | number): [off: number, type: GoType] {
    const t = this.type;
    if (key === undefined) {
      if (t === null || t.kind === Kind.Struct || t.kind === Kind.Array) {
        throw new CellError("cell/no-field", `${this} has parts: say which field or element`, { type: `${this}` });
      }
      return [this.off, t];
    }
    if (t === null) return [this.off + this.index(key), uint8];
    if (t.kind === Kind.Array) return [this.off + this.index(key) * t.elem!.size, t.elem!];
    const field = t.fields.find((f) => f.name === key);
    if (field === undefined) throw noField(t, key);
    return [this.off + field.offset, field.type];
  }

  index(key: string | number): number {
    const i = typeof key === "number" ? key : Number(key);
    if (Number.isInteger(i) && i >= 0 && i < this.length) return i;
    throw new CellError("cell/index", `index out of range [${key}] with length ${this.length}`, {
      index: key,
      length: this.length,
    });
  }
}

function noField(t: GoType, key: string | number): CellError {
  const names = t.fields.map((f: FieldInfo) => f.name).join(", ");
  return new CellError("cell/no-field", `${t.name} has no field ${key}${names === "" ? "" : `: it has ${names}`}`, {
    type: t.name,
    field: key,
    fields: names,
  });
}

/** The handle of an object, or of a part of it. */
export function makeRef(world: World, object: HeapObject, off = object.off, type = object.type): Ref {
  return new Proxy(new RefTarget(world, object, off, type), handler) as unknown as Ref;
}

const handler: ProxyHandler<RefTarget> = {
  get(target, key) {
    if (key === inner) return target;
    if (key in target) {
      const v: unknown = Reflect.get(target, key, target);
      return typeof v === "function" ? v.bind(target) : v;
    }
    if (typeof key === "symbol" || probed.has(key) || key.startsWith("$$") || key.startsWith("@@")) return undefined;
    return target.get(key);
  },
  set(target, key, value) {
    if (typeof key === "symbol" || key in target) {
      throw new CellError("cell/read-only", `${String(key)} of a handle cannot be set`, { field: String(key) });
    }
    target.set(key, value);
    return true;
  },
  has(target, key) {
    return key in target || (typeof key === "string" && target.type !== null && hasField(target.type, key));
  },
  deleteProperty(_target, key) {
    throw new CellError("cell/read-only", `${String(key)} of a handle cannot be deleted`, { field: String(key) });
  },
};

function hasField(t: GoType, key: string): boolean {
  return t.fields.some((f) => f.name === key);
}

/** The inside of a handle; undefined for anything else. */
export function targetOf(v: unknown): RefTarget | undefined {
  if (typeof v !== "object" || v === null) return undefined;
  return (v as { [inner]?: RefTarget })[inner];
}

export type { RefTarget };

/** Reads a value: a basic one as it is, a pointer as the handle of what it leads to, a composite as a part's handle. */
export function load(world: World, object: HeapObject, off: number, t: GoType): Value {
  const m = world.m;
  if (isScalar(t)) return loadScalar(m, off, t);
  switch (t.kind) {
    case Kind.Struct:
    case Kind.Array:
      return makeRef(world, object, off, t);
    case Kind.Interface:
      return follow(world, loadPointer(m, off + 8), null);
    case Kind.Pointer:
      return follow(world, loadPointer(m, off), t);
    default:
      return follow(world, loadPointer(m, off), null);
  }
}

/** The handle of what lies at `off`. @param pointer type of the pointer that leads there; null: any */
function follow(world: World, off: number, pointer: GoType | null): Ref | null {
  if (off === NIL) return null;
  const object = world.objectAt(off);
  if (object === undefined) {
    if (off === zerobase(world.m)) return makeRef(world, emptyObject(off, pointer?.elem ?? null));
    const address = world.address(off);
    throw new CellError(
      "cell/freed",
      `the object at ${address} was swept: this pointer was not counted among what keeps it alive`,
      { address },
    );
  }
  if (world.isFreed(object)) new RefTarget(world, object, off, null).use();
  const elem = pointer?.elem ?? null;
  if (off === object.off && (elem === null || fits(pointer!, object.type))) return makeRef(world, object);
  return makeRef(world, object, off, elem ?? object.type);
}

function emptyObject(off: number, type: GoType | null): HeapObject {
  return { off, size: 0, type, len: 0, path: "zero", p: 0, deadSince: -1, isFreed: false };
}

/** True when a pointer of this type may lead to a value of type `t`, or to the first of an array of such values. */
function fits(pointer: GoType, t: GoType | null): boolean {
  const name = pointer.elem?.name ?? pointer.elemName;
  return t !== null && (t.name === name || (t.kind === Kind.Array && t.elem!.name === name));
}

/**
 * Writes a value.
 *
 * @param isLocal true for a variable in the frame of the goroutine that writes: its stores have no write barrier
 * @throws {CellError} when it does not fit the type
 */
export function store(world: World, off: number, t: GoType, value: unknown, isLocal = false): void {
  const m = world.m;
  if (isScalar(t)) {
    storeScalar(m, off, t, value);
    return;
  }
  if (t.kind === Kind.Struct || t.kind === Kind.Array) {
    throw new CellError("cell/type", `a value of type ${t.name} has parts: set them one by one`, { type: t.name });
  }
  const target = referent(world, t, value);
  const to = target === null ? NIL : target.off;
  const slot = t.kind === Kind.Interface ? off + 8 : off;
  if (t.kind === Kind.Interface) store64(m, off, target?.type ? world.descriptor(target.type) : 0);
  if (isLocal) storePointer(m, slot, to);
  else if (target === null) storeRun(m, [{ slot, to, isConstant: true }], world.barrier);
  else storeWithBarrier(m, slot, to, world.barrier);
  if (t.kind === Kind.String) store64(m, off + 8, target === null ? 0 : target.length);
  if (t.kind === Kind.Slice) {
    store64(m, off + 8, target === null ? 0 : target.length);
    store64(m, off + 16, target === null ? 0 : (target.type?.length ?? target.size));
  }
}

/** What a pointer-like value is to lead to. */
function referent(world: World, t: GoType, value: unknown): RefTarget | null {
  if (value === null) return null;
  const target = targetOf(value);
  if (target === undefined || !accepts(t, target.type)) {
    const given = target === undefined ? typeof value : `*${target.type?.name ?? "bytes"}`;
    throw new CellError("cell/type", `${t.name} cannot hold ${given}: give it a fitting object, or null`, {
      type: t.name,
      given,
    });
  }
  if (target.world !== world) {
    throw new CellError("cell/other-process", `${target} lies in another process's heap`, { address: target.address });
  }
  target.use();
  return target;
}

function accepts(t: GoType, given: GoType | null): boolean {
  if (t.kind === Kind.Pointer) return fits(t, given);
  if (t.kind === Kind.Slice && t.elem !== null && t.elem.kind !== Kind.UnsafePointer) {
    return given !== null && given.kind === Kind.Array && given.elem!.name === t.elem.name;
  }
  if (t.kind === Kind.String) return given === null || (given.kind === Kind.Array && given.elem!.kind === Kind.Uint8);
  return true;
}
