/** Loads Monaco once, with its menus in the page's language (they must come before Monaco itself). */

import type { Lang } from "../kernel/protocol.ts";
import type { MonacoEditor } from "./editor.ts";
import type { EditorHost } from "./host.ts";

/** @param complain hears what the compiler has against the text, in plain words; "" when nothing */
export type OpenMonaco = (
  host: EditorHost,
  box: HTMLElement,
  text: string,
  complain: (words: string) => void,
) => MonacoEditor;

let loading: Promise<OpenMonaco> | null = null;

export function openMonaco(lang: Lang): Promise<OpenMonaco> {
  loading ??= load(lang).catch((error) => {
    loading = null; // a slow line may be better the next time
    throw error;
  });
  return loading;
}

interface Policies {
  createPolicy(name: string, rules: unknown): unknown;
}

/** Two parts of Monaco ask for a policy of one name with equal rules; the page's policy allows each name once. */
function shareTrustedTypes(): void {
  const made = new Map<string, unknown>();
  const types = (window as { trustedTypes?: Policies }).trustedTypes;
  Object.assign(globalThis, {
    MonacoEnvironment: {
      createTrustedTypesPolicy: (name: string, rules: unknown) => {
        if (!made.has(name)) made.set(name, types?.createPolicy(name, rules));
        return made.get(name);
      },
    },
  });
}

async function load(lang: Lang): Promise<OpenMonaco> {
  shareTrustedTypes();
  if (lang === "zh") await import("monaco-editor/nls/lang/zh-cn");
  const { startMonaco } = await import("./monaco-core.ts");
  return startMonaco(lang);
}
