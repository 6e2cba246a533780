/**
 * Go's types as values: size, alignment, and which words hold pointers.
 *
 * A type here is a description without a heap; its descriptor in Go's layout is written into a process when the
 * process first allocates it. The rules are those of cmd/compile/internal/types for amd64: fields in order, each at
 * its alignment; a struct that ends in a field of size 0 gets one byte more, so that its address stays inside.
 *
 * Go 1.26: cmd/compile/internal/types/size.go (CalcSize, PtrDataSize), internal/abi/type.go (Kind).
 */
import { CellError } from "../memory/errors.ts";

/**
 * abi.Kind of each kind of type.
 * @zh 每种类型的 abi.Kind。
 */
export const Kind = Object.freeze({
  /** Go’s bool. @zh bool 类型。 */
  Bool: 1,
  /** Go’s int, 8 bytes on amd64. @zh int 类型，amd64 上 8 字节。 */
  Int: 2,
  /** Go’s int8. @zh int8 类型。 */
  Int8: 3,
  /** Go’s int16. @zh int16 类型。 */
  Int16: 4,
  /** Go’s int32, also rune. @zh int32 类型，rune 也是它。 */
  Int32: 5,
  /** Go’s int64. @zh int64 类型。 */
  Int64: 6,
  /** Go’s uint, 8 bytes on amd64. @zh uint 类型，amd64 上 8 字节。 */
  Uint: 7,
  /** Go’s uint8, also byte. @zh uint8 类型，byte 也是它。 */
  Uint8: 8,
  /** Go’s uint16. @zh uint16 类型。 */
  Uint16: 9,
  /** Go’s uint32. @zh uint32 类型。 */
  Uint32: 10,
  /** Go’s uint64. @zh uint64 类型。 */
  Uint64: 11,
  /** Go’s uintptr, not a pointer to the collector. @zh uintptr 类型，回收器不把它当指针。 */
  Uintptr: 12,
  /** Go’s float32. @zh float32 类型。 */
  Float32: 13,
  /** Go’s float64. @zh float64 类型。 */
  Float64: 14,
  /** Go’s complex64, two float32. @zh complex64 类型，两个 float32。 */
  Complex64: 15,
  /** Go’s complex128, two float64. @zh complex128 类型，两个 float64。 */
  Complex128: 16,
  /** An array `[n]T`. @zh 数组 `[n]T`。 */
  Array: 17,
  /** A channel. @zh channel 类型。 */
  Chan: 18,
  /** A function value. @zh 函数值。 */
  Func: 19,
  /** An interface, with or without methods. @zh 接口，带不带方法都是它。 */
  Interface: 20,
  /** A map. @zh map 类型。 */
  Map: 21,
  /** A pointer `*T`. @zh 指针 `*T`。 */
  Pointer: 22,
  /** A slice `[]T`. @zh 切片 `[]T`。 */
  Slice: 23,
  /** Go’s string. @zh string 类型。 */
  String: 24,
  /** A struct. @zh 结构体。 */
  Struct: 25,
  /** Go’s unsafe.Pointer. @zh unsafe.Pointer 类型。 */
  UnsafePointer: 26,
});

/**
 * A field of a struct: its name, type and offset in bytes.
 * @zh 结构体的一个字段：名字、类型、字节偏移。
 */
export interface FieldInfo {
  /** Name of the field. @zh 字段名。 */
  readonly name: string;
  /** Type of the field. @zh 字段的类型。 */
  readonly type: GoType;
  /** Bytes from the start of the struct. @zh 距结构体起点的字节数。 */
  readonly offset: number;
}

/** Largest size of a type, in bytes: what fits the largest window. */
const maxTypeBytes = 2 ** 30;

/**
 * A Go type: what `go.new` is given.
 * @zh 一个 Go 类型：交给 `go.new` 的就是它。
 */
export class GoType {
  /**
   * The type as Go writes it, such as `*Node` or `[4]uint8`.
   * @zh 类型在 Go 里的写法，例如 `*Node` 或 `[4]uint8`。
   */
  readonly name: string;
  /** Number of its kind in abi.Kind: one of `Kind`. @zh 它在 abi.Kind 里的编号，即 `Kind` 中的一个。 */
  readonly kind: number;
  /**
   * Bytes of a value.
   * @zh 一个值的字节数。
   */
  readonly size: number;
  /**
   * Alignment in bytes.
   * @zh 对齐（字节）。
   */
  readonly align: number;
  /**
   * Bytes at the front of a value outside which no pointer lies; 0: the type has no pointers.
   * @zh 值的前多少字节里才可能有指针；0 表示类型不含指针。
   */
  readonly ptrdata: number;
  /**
   * Element of an array, a slice or a pointer; null for others and for a pointer to a type known by name only.
   * @zh 数组、切片、指针的元素类型；其他类型是 null，只给了名字的指针也是 null。
   */
  readonly elem: GoType | null;
  /**
   * Name of the type that a pointer leads to, if that was all that was given.
   * @zh 指针所指类型的名字，只在建立时仅给了名字的情况下有。
   */
  readonly elemName: string | null;
  /** Elements of an array, else 0. @zh 数组的元素个数；其他类型是 0。 */
  readonly length: number;
  /** Fields of a struct, in order. @zh 结构体的字段，按声明的次序。 */
  readonly fields: readonly FieldInfo[];

  constructor(t: {
    name: string;
    kind: number;
    size: number;
    align: number;
    ptrdata: number;
    elem?: GoType | null;
    elemName?: string | null;
    length?: number;
    fields?: readonly FieldInfo[];
  }) {
    if (t.size > maxTypeBytes) {
      throw new CellError("cell/size", `${t.name} has ${t.size} bytes: a type may have at most ${maxTypeBytes}`, {
        name: t.name,
        size: t.size,
        max: maxTypeBytes,
      });
    }
    this.name = t.name;
    this.kind = t.kind;
    this.size = t.size;
    this.align = t.align;
    this.ptrdata = t.ptrdata;
    this.elem = t.elem ?? null;
    this.elemName = t.elemName ?? null;
    this.length = t.length ?? 0;
    this.fields = t.fields ?? [];
  }

  /**
   * Alignment of a field of this type, in bytes. On amd64 the same as `align`.
   * @zh 这种类型的字段的对齐（字节），在 amd64 上与 `align` 相同。
   */
  get fieldAlign(): number {
    return this.align;
  }

  /**
   * True when a value can hold pointers, so that the collector must look into it.
   * @zh 值里可能有指针、回收器必须查看时为真。
   */
  get hasPointers(): boolean {
    return this.ptrdata > 0;
  }

  /**
   * Words that hold pointers: one digit per word up to ptrdata, 1 for a pointer.
   * @zh 哪些字是指针：到 ptrdata 为止每个字一位数字，1 表示指针。
   */
  get pointers(): string {
    const words = new Uint8Array(this.ptrdata / 8);
    markPointers(this, words, 0);
    return words.join("");
  }

  /** The same as `name`. @zh 与 `name` 相同。 */
  toString(): string {
    return this.name;
  }
}

/** Sets the words of `words` from `at` on in which a value of type t holds a pointer. */
export function markPointers(t: GoType, words: Uint8Array, at: number): void {
  if (t.ptrdata === 0) return;
  if (t.kind === Kind.Array) {
    for (let i = 0; i < t.length; i++) markPointers(t.elem!, words, at + (i * t.elem!.size) / 8);
  } else if (t.kind === Kind.Struct) {
    for (const f of t.fields) {
      if (f.type.ptrdata > 0) markPointers(f.type, words, at + f.offset / 8);
    }
  } else {
    words[at + t.ptrdata / 8 - 1] = 1; // one pointer, at the end of what ptrdata covers
  }
}

function scalar(name: string, kind: number, size: number, align = size): GoType {
  return new GoType({ name, kind, size, align, ptrdata: 0 });
}

function pointerShaped(name: string, kind: number): GoType {
  return new GoType({ name, kind, size: 8, align: 8, ptrdata: 8 });
}

/**
 * true or false, 1 byte.
 * @zh 真或假，1 字节。
 */
export const bool = scalar("bool", Kind.Bool, 1);
/**
 * Signed integer of 1 byte.
 * @zh 1 字节有符号整数。
 */
export const int8 = scalar("int8", Kind.Int8, 1);
/**
 * Signed integer of 2 bytes.
 * @zh 2 字节有符号整数。
 */
export const int16 = scalar("int16", Kind.Int16, 2);
/**
 * Signed integer of 4 bytes.
 * @zh 4 字节有符号整数。
 */
export const int32 = scalar("int32", Kind.Int32, 4);
/**
 * Signed integer of 8 bytes; values beyond 2^53 are refused.
 * @zh 8 字节有符号整数；绝对值超过 2^53 的值不接受。
 */
export const int64 = scalar("int64", Kind.Int64, 8);
/**
 * Go's int: 8 bytes on amd64.
 * @zh Go 的 int：在 amd64 上是 8 字节。
 */
export const int = scalar("int", Kind.Int, 8);
/**
 * Unsigned integer of 1 byte.
 * @zh 1 字节无符号整数。
 */
export const uint8 = scalar("uint8", Kind.Uint8, 1);
/**
 * Another name for uint8.
 * @zh uint8 的别名。
 */
export const byte = uint8;
/**
 * Unsigned integer of 2 bytes.
 * @zh 2 字节无符号整数。
 */
export const uint16 = scalar("uint16", Kind.Uint16, 2);
/**
 * Unsigned integer of 4 bytes.
 * @zh 4 字节无符号整数。
 */
export const uint32 = scalar("uint32", Kind.Uint32, 4);
/**
 * Unsigned integer of 8 bytes; values from 2^53 on are refused.
 * @zh 8 字节无符号整数；2^53 及以上的值不接受。
 */
export const uint64 = scalar("uint64", Kind.Uint64, 8);
/**
 * Go's uint: 8 bytes on amd64.
 * @zh Go 的 uint：在 amd64 上是 8 字节。
 */
export const uint = scalar("uint", Kind.Uint, 8);
/**
 * An integer as wide as an address; to the collector not a pointer.
 * @zh 与地址同宽的整数；在回收器看来不是指针。
 */
export const uintptr = scalar("uintptr", Kind.Uintptr, 8);
/**
 * Floating-point number of 4 bytes.
 * @zh 4 字节浮点数。
 */
export const float32 = scalar("float32", Kind.Float32, 4);
/**
 * Floating-point number of 8 bytes.
 * @zh 8 字节浮点数。
 */
export const float64 = scalar("float64", Kind.Float64, 8);
/**
 * Two float32, written as [real, imaginary].
 * @zh 两个 float32，写作 [实部, 虚部]。
 */
export const complex64 = scalar("complex64", Kind.Complex64, 8, 4);
/**
 * Two float64, written as [real, imaginary].
 * @zh 两个 float64，写作 [实部, 虚部]。
 */
export const complex128 = scalar("complex128", Kind.Complex128, 16, 8);
/**
 * A string header: a pointer to bytes and their number, 16 bytes.
 * @zh 字符串头：指向字节的指针加字节数，共 16 字节。
 */
export const string = new GoType({ name: "string", kind: Kind.String, size: 16, align: 8, ptrdata: 8 });
/**
 * A pointer to anything.
 * @zh 可以指向任何东西的指针。
 */
export const unsafePointer = pointerShaped("unsafe.Pointer", Kind.UnsafePointer);
/**
 * An interface with methods: a table, which is no heap pointer, and a pointer to the value; 16 bytes.
 * @zh 带方法的接口：方法表（不算堆指针）加指向值的指针，共 16 字节。
 */
export const iface = new GoType({ name: "interface { M() }", kind: Kind.Interface, size: 16, align: 8, ptrdata: 16 });
/**
 * `any`: a type, which is no heap pointer, and a pointer to the value; 16 bytes.
 * @zh `any`：类型（不算堆指针）加指向值的指针，共 16 字节。
 */
export const eface = new GoType({ name: "interface {}", kind: Kind.Interface, size: 16, align: 8, ptrdata: 16 });
/**
 * A function value: one pointer.
 * @zh 函数值：一个指针。
 */
export const func = pointerShaped("func()", Kind.Func);
/**
 * A map value: one pointer.
 * @zh map 值：一个指针。
 */
export const map = pointerShaped("map[string]int", Kind.Map);
/**
 * A channel value: one pointer.
 * @zh channel 值：一个指针。
 */
export const chan = pointerShaped("chan int", Kind.Chan);

/**
 * `*T`. A type that is not made yet, such as the struct that holds the pointer, is given by its name.
 * @zh `*T`。类型尚未建立时（例如指向自身的结构体）可以只给名字。
 */
export function pointer(elem: GoType | string): GoType {
  const name = `*${typeof elem === "string" ? elem : elem.name}`;
  return new GoType({
    name,
    kind: Kind.Pointer,
    size: 8,
    align: 8,
    ptrdata: 8,
    elem: typeof elem === "string" ? null : elem,
    elemName: typeof elem === "string" ? elem : null,
  });
}

/**
 * `[n]T`: n values one after the other.
 * @zh `[n]T`：n 个值依次相连。
 */
export function array(n: number, elem: GoType): GoType {
  if (!Number.isInteger(n) || n < 0) {
    throw new CellError("cell/size", `array length is ${n}: use an integer from 0 on`, { name: elem.name, size: n });
  }
  const ptrdata = n > 0 && elem.ptrdata > 0 ? (n - 1) * elem.size + elem.ptrdata : 0;
  return new GoType({
    name: `[${n}]${elem.name}`,
    kind: Kind.Array,
    size: n * elem.size,
    align: elem.align,
    ptrdata,
    elem,
    length: n,
  });
}

/**
 * `[]T` as a value: a slice header of pointer, length and capacity, 24 bytes. The elements are made by `go.make`.
 * @zh `[]T` 这个值本身：由指针、长度、容量组成的切片头，24 字节。元素由 `go.make` 建立。
 */
export function slice(elem: GoType): GoType {
  return new GoType({ name: `[]${elem.name}`, kind: Kind.Slice, size: 24, align: 8, ptrdata: 8, elem });
}

/**
 * A slice header without a word about its elements.
 * @zh 不说明元素类型的切片头。
 */
export const sliceHeader = slice(unsafePointer);

/**
 * A struct with these fields in this order; without a name it is an unnamed struct type.
 * @zh 由这些字段按此顺序组成的结构体；不给名字就是无名结构体。
 */
export function struct(name: string, fields: Readonly<Record<string, GoType>>): GoType;
/**
 * A struct without a name, with these fields in this order.
 * @zh 无名结构体，由这些字段按此顺序组成。
 */
export function struct(fields: Readonly<Record<string, GoType>>): GoType;
export function struct(
  nameOrFields: string | Readonly<Record<string, GoType>>,
  fieldsOrNothing?: Readonly<Record<string, GoType>>,
): GoType {
  const list = typeof nameOrFields === "string" ? (fieldsOrNothing ?? {}) : nameOrFields;
  const fields: FieldInfo[] = [];
  let end = 0;
  let align = 1;
  let ptrdata = 0;
  for (const [name, type] of Object.entries(list)) {
    if (!(type instanceof GoType)) {
      throw new CellError("cell/type", `field ${name} is given no Go type`, { name });
    }
    const offset = Math.ceil(end / type.align) * type.align;
    fields.push({ name, type, offset });
    if (type.ptrdata > 0) ptrdata = offset + type.ptrdata;
    end = offset + type.size;
    align = Math.max(align, type.align);
  }
  // A last field of size 0 would have its address at the next object.
  if (end > 0 && fields[fields.length - 1].type.size === 0) end++;
  const unnamed = `struct { ${fields.map((f) => `${f.name} ${f.type.name}`).join("; ")} }`;
  return new GoType({
    name: typeof nameOrFields === "string" ? nameOrFields : unnamed,
    kind: Kind.Struct,
    size: Math.ceil(end / align) * align,
    align,
    ptrdata,
    fields,
  });
}
