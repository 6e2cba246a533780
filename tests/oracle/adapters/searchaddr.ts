/** `searchaddr`: where a page allocator's next search begins, after each operation. */
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";
import { PageAllocator } from "./pages.ts";

export const searchaddr: Adapter = {
  phases: ["ops"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const ops = new Value(recording, line).get("ops").list();
      tally.begin(recording.file, line.line, "ops");
      const pages = new PageAllocator(ops);
      for (const op of ops) {
        tally.operation();
        if (!pages.does(op, tally)) op.fail("one of grow, alloc, free, scavenge is wanted");
        tally.same("searchAddr", op.get("searchAddr").text(), pages.searchAddr());
      }
    }
  },
};
