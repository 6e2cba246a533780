/**
 * Goroutines, as far as memory sees them: a name, the P that it runs on, and a stack.
 *
 * The g and its stack come into being with the first function that the goroutine calls; one that only allocates is a
 * name and no more.
 */

import { CellError } from "../memory/errors.ts";
import { NIL } from "../memory/memory.ts";
import * as grec from "../records/g.ts";
import { allp } from "../records/globals.ts";
import * as symtab from "../records/symtab.ts";
import { call, prologue } from "../runtime/asm_amd64.ts";
import { casgstatus, gdestroy, newproc1 } from "../runtime/proc_g.ts";
import { newFunc, newSafePoint } from "../runtime/symtab.ts";
import type { Process } from "./process.ts";
import type { Ref } from "./ref.ts";
import type { GoType } from "./types.ts";
import {
  leaveFrame,
  makeVariables,
  newVariables,
  pointerWords,
  type Variables,
  type VariablesTarget,
  variablesType,
} from "./variables.ts";
import type { World } from "./world.ts";

/**
 * A goroutine's stack as it is now.
 * @zh goroutine 此刻的栈。
 */
export interface Stack {
  /**
   * Address of its lowest byte.
   * @zh 最低字节的地址。
   */
  readonly lo: string;
  /**
   * Address of the byte after its highest.
   * @zh 最高字节之后的地址。
   */
  readonly hi: string;
  /**
   * Bytes of it.
   * @zh 栈的字节数。
   */
  readonly size: number;
  /**
   * Bytes in use, from the high end down to the stack pointer.
   * @zh 从高端到栈指针已使用的字节数。
   */
  readonly used: number;
}

/**
 * A goroutine: it allocates from the mcache of the P that it runs on.
 * @zh 一个 goroutine：它从自己所在 P 的 mcache 分配。
 */
export class G {
  /**
   * What the cell calls it.
   * @zh 单元格给它的名字。
   */
  readonly name: string;
  #process: Process;
  #p: number;
  readonly #world: World;
  #gp: grec.G = NIL;
  #hasEnded = false;
  /** Frames that a cell holds, outermost first. */
  #frames: VariablesTarget[] = [];

  /** Use `go.goroutine`. */
  constructor(name: string, process: Process, p: number, world: World) {
    this.name = name;
    this.#world = world;
    this.#process = process;
    this.#p = p;
  }

  /**
   * Number of the P that it runs on.
   * @zh 它所在的 P 的编号。
   */
  get p(): number {
    return this.#p;
  }

  /**
   * Goes on to run on another P, as after a system call or when work is stolen.
   * @zh 换到另一个 P 上运行，就像系统调用之后或被窃取时那样。
   */
  moveTo(p: number): void {
    this.#process = this.#process.on(p);
    this.#p = p;
  }

  /**
   * `new(T)` on its P.
   * @zh 在它的 P 上执行 `new(T)`。
   */
  new(type: GoType): Ref {
    return this.#process.new(type);
  }

  /**
   * `make([]T, len, cap)` on its P.
   * @zh 在它的 P 上执行 `make([]T, len, cap)`。
   */
  make(type: GoType, len: number, cap = len): Ref {
    return this.#process.make(type, len, cap);
  }

  /**
   * `mallocgc(size, typ, needzero)` on its P.
   * @zh 在它的 P 上执行 `mallocgc(size, typ, needzero)`。
   */
  malloc(size: number, type: GoType | null = null, needzero = true): Ref {
    return this.#process.malloc(size, type, needzero);
  }

  // The stack.

  /**
   * Calls a function with these locals. The first is the goroutine's own; it gets a g and a stack for it. Locals begin
   * as zero. `bytes` are further bytes of locals that nobody looks at: a large frame makes the stack grow.
   * @zh 调用一个带有这些局部变量的函数。第一个就是 goroutine 自己的函数，此时它得到 g 和栈。局部变量一开始都是零值。
   * `bytes` 是额外的、没人看的局部变量字节数：栈帧大了，栈就会增长。
   * @example const f = g.locals({ head: pointer(Node), n: int }); f.head = go.new(Node);
   */
  locals(fields: Readonly<Record<string, GoType>> = {}, bytes = 0): Variables {
    if (this.#hasEnded) throw this.#ended();
    if (!Number.isInteger(bytes) || bytes < 0) {
      throw new CellError("cell/size", `bytes is ${bytes}: use an integer from 0 on`, { what: "bytes", size: bytes });
    }
    const { m } = this.#world;
    m.p = allp(m, this.#p);
    const type = variablesType("locals", fields);
    const words = pointerWords(type);
    const f = newFunc(m, 8 * words.length + Math.ceil(bytes / 8) * 8);
    // The locals lie at the frame's high end, the bytes that nobody looks at below them.
    const pc = newSafePoint(m, f, symtab.frame(m, f), words);
    this.#enter(f, pc);
    const at = 8 * words.length + this.#spare();
    const target = newVariables(this.#world, type, this.#gp, at, (frame) => this.#leave(frame));
    this.#frames.push(target);
    this.#world.afterOperation();
    return makeVariables(target);
  }

  /** Bytes from the stack's high end down to the byte after the present frame's locals. */
  #spare(): number {
    const { m } = this.#world;
    const frame = symtab.frame(m, symtab.fn(m, grec.schedPc(m, this.#gp)));
    return grec.stackHi(m, this.#gp) - grec.schedSp(m, this.#gp) - (frame - 8);
  }

  #enter(f: symtab.Func, pc: symtab.PC): void {
    const { m } = this.#world;
    if (this.#gp === NIL) {
      this.#gp = newproc1(m, f);
      casgstatus(m, this.#gp, grec._Grunnable, grec._Grunning);
      prologue(m, this.#gp, pc);
    } else {
      casgstatus(m, this.#gp, grec._Gwaiting, grec._Grunning);
      call(m, this.#gp, pc);
    }
    casgstatus(m, this.#gp, grec._Grunning, grec._Gwaiting);
  }

  #leave(frame: VariablesTarget): void {
    leaveFrame(frame);
    const i = this.#frames.indexOf(frame);
    for (const gone of this.#frames.splice(i)) gone.isLive = false;
    if (i === 0) this.exit();
  }

  /**
   * Its stack; null before its first function and after its end.
   * @zh 它的栈；第一个函数之前和结束之后为 null。
   */
  get stack(): Stack | null {
    if (this.#gp === NIL || this.#hasEnded) return null;
    const { m } = this.#world;
    const lo = grec.stackLo(m, this.#gp);
    const hi = grec.stackHi(m, this.#gp);
    const used = hi - grec.schedSp(m, this.#gp);
    return { lo: this.#world.address(lo), hi: this.#world.address(hi), size: hi - lo, used };
  }

  /**
   * Ends. Its g waits to be used again by the next goroutine of this P, with its stack if that has the usual size.
   * @zh 结束。它的 g 等着被这个 P 的下一个 goroutine 复用；栈若是通常的大小，也一起留着。
   */
  exit(): void {
    if (this.#hasEnded) throw this.#ended();
    this.#hasEnded = true;
    for (const gone of this.#frames.splice(0)) gone.isLive = false;
    if (this.#gp === NIL) return;
    const { m } = this.#world;
    m.p = allp(m, this.#p);
    casgstatus(m, this.#gp, grec._Gwaiting, grec._Grunning);
    gdestroy(m, this.#gp);
    this.#world.afterOperation();
  }

  #ended(): CellError {
    return new CellError("cell/returned", `goroutine ${this.name} has ended`, { name: this.name });
  }
}
