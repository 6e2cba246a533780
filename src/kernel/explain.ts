/**
 * Errors in plain words, in both languages: what happened, and what to do next.
 *
 * The engine's own errors come with Go's words (Fatal, Panic) or with a code and arguments (CellError); the browser's
 * come in English, worded differently by each engine. Only their kind and the name they speak of are read here; the
 * original words are always shown beside the sentence.
 */

import type { ErrorOutput, Said } from "./protocol.ts";

/** An error whose sentence is already written: thrown by the transform and by the kernel's own functions. */
export class Explained extends Error {
  override readonly name: string;
  readonly code: string;
  readonly say: { readonly zh: string; readonly en: string };
  /** Line of the reader's text, when the thrower knows it. */
  readonly line: number | null;

  constructor(code: string, say: { zh: string; en: string }, line: number | null = null, name = "CellError") {
    super(say.en);
    this.name = name;
    this.code = code;
    this.say = say;
    this.line = line;
  }
}

/** What is known of a thrown value; read defensively, since a program may throw anything. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: string | null;
  readonly args: Readonly<Record<string, string>>;
  readonly say: Said | null;
  readonly line: number | null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function readThrown(error: unknown): Thrown {
  const none: Thrown = { name: "", message: "", stack: "", code: null, args: {}, say: null, line: null };
  try {
    if (typeof error !== "object" || error === null) return { ...none, name: "throw", message: String(error) };
    const from = error as Record<string, unknown>;
    const args: Record<string, string> = {};
    const given = from["args"];
    if (typeof given === "object" && given !== null) {
      for (const [key, value] of Object.entries(given)) args[key] = String(value);
    }
    const said = from["say"] as { zh?: unknown; en?: unknown } | undefined;
    return {
      name: text(from["name"]) ?? "Error",
      message: text(from["message"]) ?? "",
      stack: text(from["stack"]) ?? "",
      code: text(from["code"]),
      args,
      say:
        typeof said === "object" && said !== null && typeof said.zh === "string" && typeof said.en === "string"
          ? { zh: said.zh, en: said.en }
          : null,
      line: typeof from["line"] === "number" ? from["line"] : null,
    };
  } catch {
    return { ...none, name: "throw", message: "?" };
  }
}

interface Sentence {
  readonly code: string;
  readonly say: { readonly zh: string; readonly en: string };
}

/** The sentence for one of the browser's own errors. */
function scriptSentence(name: string, message: string): Sentence {
  const missing = /^(?:Can't find variable: )?([\p{ID_Start}$_][\p{ID_Continue}$]*)(?: is not defined)?$/u.exec(
    message,
  );
  if (name === "ReferenceError" && missing !== null) {
    const it = missing[1]!;
    return {
      code: "js/reference",
      say: {
        zh: `这里没有叫 ${it} 的名字。检查拼写；如果它在上面的单元格里声明，先运行那个单元格。`,
        en: `There is no name ${it} here. Check the spelling; if a cell above declares it, run that cell first.`,
      },
    };
  }
  if (name === "ReferenceError") {
    return {
      code: "js/reference",
      say: {
        zh: "用到了一个还没有值的名字。把它的声明移到这一行之前。",
        en: "A name was used before it had a value. Move its declaration above this line.",
      },
    };
  }
  if (name === "RangeError" && /call stack|too much recursion/i.test(message)) {
    return {
      code: "js/stack-overflow",
      say: {
        zh: "函数一层层地调用下去，没有返回，栈用完了。找一找没有终点的递归。",
        en: "Calls went ever deeper without returning until the stack was full. Look for a recursion that has no end.",
      },
    };
  }
  if (name === "RangeError") {
    return {
      code: "js/range",
      say: {
        zh: "一个数超出了允许的范围。",
        en: "A number lies outside the range that is allowed here.",
      },
    };
  }
  if (name === "SyntaxError") {
    return {
      code: "js/syntax",
      say: {
        zh: "这一行读不懂：看看附近是不是多了或少了括号、引号、逗号。",
        en: "This line cannot be read: look near it for a bracket, quote or comma too many or too few.",
      },
    };
  }
  if (name === "TypeError" && /read.?only|constant|const variable/i.test(message)) {
    return {
      code: "js/constant",
      say: {
        zh: "用 const 声明的名字不能再赋值。改用 let，或者换一个名字。",
        en: "A name declared with const cannot be assigned again. Use let, or another name.",
      },
    };
  }
  if (name === "TypeError" && /not a function/i.test(message)) {
    return {
      code: "js/not-a-function",
      say: {
        zh: "这里调用的不是函数。检查方法名的拼写。",
        en: "What is called here is not a function. Check the spelling of the method.",
      },
    };
  }
  if (name === "TypeError" && /null|undefined/i.test(message)) {
    return {
      code: "js/nil",
      say: {
        zh: "对空值（null 或 undefined）取了字段。空指针没有字段：先检查它是不是空。",
        en: "A field was taken of nothing (null or undefined). A nil pointer has no fields: test for it first.",
      },
    };
  }
  if (name === "TypeError") {
    return {
      code: "js/type",
      say: { zh: "值的种类和这里需要的不符。", en: "The value is not of the kind that is needed here." },
    };
  }
  return {
    code: "js/thrown",
    say: { zh: "程序抛出了一个错误，没有人接住它。", en: "The program threw an error that nothing caught." },
  };
}

/**
 * The engine's CellErrors in Chinese; in English their own message says it. `{name}` takes the error's arguments, and
 * of several wordings the first holds whose arguments are all there.
 */
const CHINESE: Readonly<Record<string, readonly string[]>> = {
  "cell/freed": ["{address} 处的对象已经被清扫：没有什么留住它，它的槽现在可能放着别的对象。"],
  "cell/no-field": [
    "{type} 没有字段 {field}，它有：{fields}。",
    "{type} 没有字段 {field}。",
    "{type} 由几部分组成：请指明字段或元素。",
  ],
  "cell/index": ["下标 {index} 越界：长度是 {length}。"],
  "cell/type": [
    "{type} 里放不下 {given}：给它一个类型相符的对象，或者 null。",
    "{type} 类型的值由几部分组成：请逐个设置。",
    "{given} 不是堆里的对象：请给出 new、make 或 malloc 的返回值。",
    "字段 {name} 没有给出 Go 类型。",
  ],
  "cell/value": ["{value} 不是 {type} 类型的值。"],
  "cell/read-only": ["句柄的 {field} 不能修改。"],
  "cell/size": [
    "{name} 有 {size} 字节，一个类型最多 {max} 字节。",
    "{what} 是 {size}：请用整数。",
    "大小 {size} 不合适：请用不小于 0 的整数；给了类型时，要是它大小的整数倍。",
  ],
  "cell/proc": ["没有 P {p}：这个进程有 {procs} 个 P，从 0 数起。"],
  "cell/other-process": ["{address} 处的对象在另一个进程的堆里。"],
  "cell/option": ["选项 {option} 的值 {value} 不合适。", "选项 {option} 不合适。"],
  "cell/types-full": ["类型描述符占满了 {bytes} 字节：请少用几种类型。"],
  "cell/not-heap": ["大小为 0 的对象不在任何 span 里。"],
  "cell/returned": ["goroutine {name} 已经结束，它的栈不在了。"],
  "cell/address": ["{given} 不是这里能用的地址：写成 0xc000012340 这样，并且要落在这个进程的堆里。"],
  "cell/watching": ["在 go.watch 里只能查看堆，不能改变它。"],
  "cell/fault": ["段错误：{address} 只是保留了地址，还没有映射。"],
  "cell/trace": ["轨迹第 {line} 行有错：{why}"],
  "offheap/freed": ["{address} 处的堆外内存已经释放，不能再用。", "这块堆外内存已经释放，不能再用。"],
  "offheap/double-free": ["{address} 处的堆外内存被释放了两次。", "这块堆外内存被释放了两次。"],
  "offheap/not-allocated": ["{address} 不是任何一块堆外内存的起点：malloc 从没返回过它。"],
  "offheap/written-after-free": ["{address} 处的堆外内存释放之后又被写过。", "有一块堆外内存释放之后又被写过。"],
  "offheap/out-of-memory": [
    "Go 堆旁边放不下 {size} 字节：先释放一些，或者用更大的 windowBytes 启动。",
    "堆外内存用完了。",
  ],
  "offheap/fault": ["{address} 处没有内存：操作系统从没给过这些页，或者已经收回。真实的程序会在这里触发段错误。"],
  "offheap/range": ["这次访问超出了这块内存的范围。"],
  "offheap/size": ["大小 {size} 不合适。"],
  "offheap/value": [
    "{value} 不是 {kind} 类型的值。",
    "{address} 不是地址：请写成 0xc000012340 的样子。",
    "这个值不合适。",
  ],
  "offheap/option": ["选项 {option} 的值 {value} 不合适。"],
  "offheap/closed": ["这个分配器已经关闭：请另建一个。"],
};

/** The template with its arguments put in, or null when one is missing. */
function filled(template: string, args: Readonly<Record<string, string>>): string | null {
  let isWhole = true;
  const text = template.replace(/\{(\w+)\}/g, (_whole, key: string) => {
    if (!Object.hasOwn(args, key) || args[key] === "") isWhole = false;
    return args[key] ?? "";
  });
  return isWhole ? text : null;
}

function inChinese({ code, args, message }: Thrown): string {
  const templates = code !== null && Object.hasOwn(CHINESE, code) ? CHINESE[code]! : [];
  for (const template of templates) {
    const text = filled(template, args);
    if (text !== null) return text;
  }
  return message;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(thrown: Thrown): Sentence & { say: Said } {
  if (thrown.say !== null) return { code: thrown.code ?? "cell/error", say: thrown.say as { zh: string; en: string } };
  switch (thrown.name) {
    case "Fatal":
      return {
        code: "go/fatal",
        say: {
          zh: "Go 的运行时发现自己的规则被破坏，会在这里打印这句话并终止进程。这个堆已经不能再用：从 boot 重新开始。",
          en: "Go's runtime found its own rules broken; a real process would print these words and end here. This heap cannot be used any further: start again from boot.",
        },
      };
    case "Panic":
      return {
        code: "go/panic",
        say: {
          zh: "这是 Go 的 panic：程序自己的错。堆还是完好的。",
          en: "This is Go's panic: a fault of the program. The heap itself is intact.",
        },
      };
    case "CellError":
      return { code: thrown.code ?? "cell/error", say: { zh: inChinese(thrown), en: `${capital(thrown.message)}.` } };
    case "throw":
      return {
        code: "js/thrown",
        say: {
          zh: "程序抛出了一个值，没有人接住它。",
          en: "The program threw a value that nothing caught.",
        },
      };
    default:
      return scriptSentence(thrown.name, thrown.message);
  }
}

/**
 * The line of the reader's own text in a stack: that of the innermost frame in `file`.
 *
 * @param file  the name given to the program by `//# sourceURL=`, "cell-border.ts"
 */
export function lineOf(stack: string, file: string): number | null {
  for (let at = stack.indexOf(`${file}:`); at >= 0; at = stack.indexOf(`${file}:`, at + 1)) {
    const before = at === 0 ? "" : stack[at - 1]!;
    if (/[\w-]/.test(before)) continue; // the tail of another cell's name
    const digits = /^\d+/.exec(stack.slice(at + file.length + 1));
    if (digits !== null) return Number(digits[0]);
  }
  return null;
}

/** A thrown value as the page shows it. */
export function explain(error: unknown, file: string): ErrorOutput {
  const thrown = readThrown(error);
  const { code, say } = sentence(thrown);
  return {
    kind: "error",
    name: thrown.name.slice(0, 60),
    message: thrown.message.slice(0, 2_000),
    code,
    line: thrown.line ?? lineOf(thrown.stack, file),
    say,
  };
}
