/** Where the repo's content lies. The build, the tests and the scripts all start in the repo's root. */
import { join } from "node:path";

export function contentPath(...parts: string[]): string {
  return join(process.cwd(), "content", ...parts);
}
