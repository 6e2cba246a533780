/**
 * Scenarios of kind `wb` as Go: a function for each, whose statements stand between the two calls that switch the write
 * barrier on and off. What they need besides, objects and values to copy from, is in local variables before.
 */

interface Step {
  readonly op: string;
  readonly slots?: readonly string[];
  readonly new?: readonly string[];
}

export interface Scenario {
  readonly does: readonly Step[];
}

/** The function of the i-th case. */
export function storeFunction(i: number, { does }: Scenario): string {
  const body = does.map((step, k) => statements(step, k)).join("");
  const names = new Set([...body.matchAll(/\bo(\d+)\b/g)].map((found) => Number(found[1])));
  const objects = [...names].map((n) => `\to${n} := wbObjects[${n}]\n`).join("");
  const sources = does.map((step, k) => (step.op === "copy" ? `\tfrom${k} := ${source(step, k)}\n` : "")).join("");
  return `//go:noinline
func wbCase${i}() {
${objects}${sources}\truntime.RecBarrier(true)
${body}\truntime.RecBarrier(false)
}
`;
}

/** What recorder wb.go has made for the k-th step to copy from. */
function source(step: Step, k: number): string {
  const type = step.slots![0].startsWith("gslice")
    ? "[]*node"
    : step.slots![0].startsWith("garr")
      ? "*[4]*node"
      : "*node";
  return `wbSources[${k}].(${type})`;
}

const object = (name: string) => (name === "nil" ? "nil" : `o${name}`);

/** A step as Go. */
function statements(step: Step, k: number): string {
  const slots = step.slots ?? [];
  switch (step.op) {
    case "store":
      return slots.map((slot, i) => `\t${store(slot, object(step.new![i]))}\n`).join("");
    case "copy":
    case "clear":
      return `\t${bulk(step.op, slots, k)}\n`;
    case "noPointer":
      return "\to0.n = 7\n";
    case "selfStore":
      return `\t${variable(slots[0])} = ${variable(slots[0])}\n`;
    case "local":
      return "\tlocal := o1\n\truntime.KeepAlive(local)\n";
    default:
      throw new Error(`no operation ${step.op}`);
  }
}

function variable(slot: string): string {
  return slot.replace(/^(?=\d)/, "o");
}

/** Data pointers of slices and interfaces are stored to as the words that they are. */
function store(slot: string, value: string): string {
  const pointer = value === "nil" ? "nil" : `unsafe.Pointer(${value})`;
  if (slot.endsWith(".s")) return `*(*unsafe.Pointer)(unsafe.Pointer(&${variable(slot)})) = ${pointer}`;
  if (slot.endsWith(".f") || slot === "giface") {
    return `(*[2]unsafe.Pointer)(unsafe.Pointer(&${variable(slot)}))[1] = ${pointer}`;
  }
  return `${variable(slot)} = ${value}`;
}

function bulk(op: string, slots: readonly string[], k: number): string {
  const [first] = slots;
  if (first.startsWith("gslice")) {
    const at = Number(/\d+/.exec(first)![0]);
    const part = `gslice[${at}:${at + slots.length}]`;
    return op === "copy" ? `copy(${part}, from${k})` : `clear(${part})`;
  }
  if (first.startsWith("garr")) return op === "copy" ? `garr = *from${k}` : "garr = [4]*node{}";
  const to = `*o${/^\d+/.exec(first)![0]}`;
  return op === "copy" ? `${to} = *from${k}` : `${to} = node{}`;
}
