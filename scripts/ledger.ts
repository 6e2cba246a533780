/** Adds the anchors of the built site to content/ledger.json: `npm run build`, then `node scripts/ledger.ts`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { grow, isPublished, type Ledger, ledgerKey } from "../src/mdx/anchors.ts";
import { builtPages } from "../tests/dist/pages.ts";

const file = "content/ledger.json";
const before: Ledger = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
let after = before;
for (const { path, tags } of builtPages()) {
  const key = ledgerKey(path);
  if (key === undefined) continue;
  const ids = tags
    .filter(({ name, attributes }) => isPublished(name, (attributes.get("class") ?? "").split(" ")))
    .map(({ attributes }) => attributes.get("id"))
    .filter((id) => id !== undefined);
  after = grow(after, { [key]: ids });
}
const count = (ledger: Ledger) => Object.values(ledger).flat().length;
writeFileSync(file, `${JSON.stringify(after, null, 2)}\n`);
console.log(`${file}: ${count(after)} anchors, ${count(after) - count(before)} new`);
