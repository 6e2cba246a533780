/**
 * `npm start`: builds the site as it is published, and serves it. PORT chooses the port (4321).
 * `npm run serve` serves what was built last. Both may run beside another server of the same checkout.
 */
import { build, preview } from "astro";

if (!process.argv.includes("--built")) await build({ logLevel: "warn" });
const server = await preview({ logLevel: "warn" });
const host = server.host === undefined || server.host === "" ? "localhost" : server.host;
console.log(`\n  Go Memory, Live · Go 内存，动手看\n  http://${host}:${server.port}/\n\n  Ctrl+C stops it.`);
