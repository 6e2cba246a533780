/**
 * Variables that are no objects of the heap: locals in the frame of a goroutine, and globals in the data segment.
 *
 * Both are what a collection begins at: an object that one of them points to lives. A local's place is told from the
 * high end of its goroutine's stack, which is what stays the same when the stack is moved.
 */
import { loadPointer, storePointer } from "../memory/address.ts";
import { CellError } from "../memory/errors.ts";
import * as g from "../records/g.ts";
import { data, dataBytes, edata, gcdatamask, setEdata } from "../records/globals.ts";
import * as symtab from "../records/symtab.ts";
import { ret } from "../runtime/asm_amd64.ts";
import { load, store, type Value } from "./ref.ts";
import { type FieldInfo, type GoType, Kind, markPointers, struct } from "./types.ts";
import type { HeapObject, World } from "./world.ts";

/** Where the variables lie now. */
export type Place = (variables: Variables) => number;

/**
 * Variables of a frame or of the program, by name: `vars.head = node`. Those that are pointers are roots.
 * @zh 一个栈帧或整个程序的变量，按名字读写：`vars.head = node`。其中的指针是根。
 */
export interface Variables {
  /**
   * Address of a variable, as it is now: a local moves with its stack.
   * @zh 变量现在的地址：局部变量会跟着栈一起搬动。
   */
  addressOf(name: string): string;
  /**
   * Reads a variable. A pointer gives a Ref, or null.
   * @zh 读取一个变量。指针读出的是 Ref 或 null。
   */
  get(name: string): Value;
  /**
   * Writes a variable.
   * @zh 写入一个变量。
   */
  set(name: string, value: unknown): void;
  /**
   * Makes pointer `name` lead to the variable `target` of the same goroutine's frames: `p = &x`.
   * @zh 让指针 `name` 指向同一 goroutine 某个栈帧里的变量 `target`：`p = &x`。
   */
  pointTo(name: string, frame: Variables, target: string): void;
  /**
   * Returns from the function: the frame, and those of the functions that it has called, are gone.
   * @zh 从函数返回：这个栈帧以及它调用的函数的栈帧都消失。
   */
  return(): void;
  /** A variable, by its name. @zh 一个变量，按名字读写。 */
  // biome-ignore lint/suspicious/noExplicitAny: a variable's type is known to the heap, not to the compiler
  [name: string]: any;
}

const inner = Symbol("variables");

/** Offset and type of a variable. */
function fieldOf(type: GoType, name: string): FieldInfo {
  const field = type.fields.find((f) => f.name === name);
  if (field !== undefined) return field;
  const fields = type.fields.map((f) => f.name).join(", ");
  throw new CellError("cell/no-field", `there is no variable ${name}: there are ${fields}`, {
    type: type.name,
    field: name,
    fields,
  });
}

class VariablesTarget {
  readonly world: World;
  readonly type: GoType;
  /** The goroutine whose frame this is; NIL (-1) for globals. */
  readonly gp: g.G;
  /** Frame: bytes from the lowest local to the stack's high end. Globals: offset of the first. */
  readonly at: number;
  /** False after the function has returned. */
  isLive = true;
  readonly #leave: (target: VariablesTarget) => void;

  constructor(world: World, type: GoType, gp: g.G, at: number, leave: (target: VariablesTarget) => void) {
    this.world = world;
    this.type = type;
    this.gp = gp;
    this.at = at;
    this.#leave = leave;
  }

  off(field: FieldInfo): number {
    if (!this.isLive) {
      throw new CellError("cell/returned", `${field.name} is gone: its function has returned`, { name: field.name });
    }
    const base = this.gp < 0 ? this.at : g.stackHi(this.world.m, this.gp) - this.at;
    return base + field.offset;
  }

  addressOf(name: string): string {
    return this.world.address(this.off(fieldOf(this.type, name)));
  }

  get(name: string): Value {
    const field = fieldOf(this.type, name);
    const off = this.off(field);
    if (field.type.kind === Kind.Pointer && this.gp >= 0) {
      const to = loadPointer(this.world.m, off);
      if (to >= g.stackLo(this.world.m, this.gp) && to < g.stackHi(this.world.m, this.gp))
        return this.world.address(to);
    }
    return load(this.world, nowhere, off, field.type);
  }

  set(name: string, value: unknown): void {
    const field = fieldOf(this.type, name);
    store(this.world, this.off(field), field.type, value, this.gp >= 0);
    this.world.afterOperation();
  }

  pointTo(name: string, frame: Variables, target: string): void {
    const field = fieldOf(this.type, name);
    const other = frame[inner as unknown as string] as VariablesTarget;
    const to = fieldOf(other.type, target);
    const fits = field.type.kind === Kind.Pointer && field.type.name === `*${to.type.name}`;
    if (!fits || (other.gp >= 0 && other.gp !== this.gp)) {
      throw new CellError("cell/type", `${name} of type ${field.type.name} cannot point to ${target}`, {
        type: field.type.name,
        given: `*${to.type.name}`,
      });
    }
    storePointer(this.world.m, this.off(field), other.off(to));
    this.world.afterOperation();
  }

  return(): void {
    this.off({ name: "the frame", offset: 0, type: this.type });
    this.#leave(this);
    this.world.afterOperation();
  }
}

export type { VariablesTarget };

/** Stands for the object that a variable is part of: none. */
const nowhere: HeapObject = { off: -1, size: 0, type: null, len: 0, path: "zero", p: 0, deadSince: -1, isFreed: false };

const handler: ProxyHandler<VariablesTarget> = {
  get(target, key) {
    if ((key as unknown) === inner) return target;
    if (typeof key === "symbol") return undefined;
    if (target.type.fields.some((f) => f.name === key)) return target.get(key);
    const v: unknown = Reflect.get(target, key, target);
    if (typeof v === "function") return v.bind(target);
    return key === "then" || key === "toJSON" || key === "constructor" ? undefined : target.get(key);
  },
  set(target, key, value) {
    target.set(String(key), value);
    return true;
  },
};

/** Variables at a place. */
export function makeVariables(target: VariablesTarget): Variables {
  return new Proxy(target, handler) as unknown as Variables;
}

export function newVariables(
  world: World,
  type: GoType,
  gp: g.G,
  at: number,
  leave: (target: VariablesTarget) => void,
): VariablesTarget {
  return new VariablesTarget(world, type, gp, at, leave);
}

/** The variables as a struct. @throws {CellError} for one that has parts: its handle would have nowhere to lead to */
export function variablesType(name: string, fields: Readonly<Record<string, GoType>>): GoType {
  const type = struct(name, fields);
  for (const f of type.fields) {
    if (f.type.kind !== Kind.Struct && f.type.kind !== Kind.Array) continue;
    throw new CellError("cell/type", `variable ${f.name} has parts: name them one by one`, { type: f.type.name });
  }
  return type;
}

/** For each word of the struct: does it hold a pointer? */
export function pointerWords(type: GoType): boolean[] {
  const words = new Uint8Array(Math.ceil(type.size / 8));
  markPointers(type, words, 0);
  return Array.from(words, (w) => w === 1);
}

/** Adds global variables to the data segment. */
export function declareGlobals(world: World, fields: Readonly<Record<string, GoType>>): Variables {
  const { m } = world;
  const type = variablesType("globals", fields);
  const words = pointerWords(type);
  const first = edata(m);
  if (first + 8 * words.length > dataBytes) {
    throw new CellError("cell/size", `global variables fill ${dataBytes} bytes: declare fewer`, { size: type.size });
  }
  for (let i = 0; i < words.length; i++) {
    const word = (first >> 3) + i;
    if (words[i]) m.u8[gcdatamask(m) + (word >> 3)] |= 1 << (word & 7);
  }
  setEdata(m, first + 8 * words.length);
  const target = newVariables(world, type, -1, data(m) + first, () => {
    throw new CellError("cell/returned", "global variables stay: there is no function to return from", { name: "" });
  });
  return makeVariables(target);
}

/** Leaves frames until the one of `target` is gone. */
export function leaveFrame(target: VariablesTarget): void {
  const { m } = target.world;
  const { gp } = target;
  for (;;) {
    const depth = g.stackHi(m, gp) - g.schedSp(m, gp);
    if (depth < target.at || symtab.funcID(m, symtab.fn(m, g.schedPc(m, gp))) === symtab.FuncIDGoexit) return;
    ret(m, gp);
  }
}
