/** Goroutines, as far as allocation sees them: a name, and the P that it runs on. */
import type { Process } from "./process.ts";
import type { Ref } from "./ref.ts";
import type { GoType } from "./types.ts";

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

  /** Use `go.goroutine`. */
  constructor(name: string, process: Process, p: number) {
    this.name = name;
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
}
