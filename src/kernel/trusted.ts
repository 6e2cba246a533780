/**
 * The page's one Trusted Types policy, `goheap-page`. It makes two things only: the document of the sandboxed frame,
 * and addresses of the site's own workers.
 */

interface Rules {
  createHTML(html: string): string;
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Rules): Rules;
}

const rules: Rules = {
  createHTML: (html) => html,
  createScriptURL: (url) => {
    if (new URL(url, location.href).origin !== location.origin)
      throw new TypeError(`not a script of this site: ${url}`);
    return url;
  },
};

let policy: Rules | undefined;

function made(): Rules {
  policy ??= (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("goheap-page", rules) ?? rules;
  return policy;
}

/** The frame's document, fit for `srcdoc`. */
export function trustedDocument(html: string): string {
  return made().createHTML(html);
}

/** The address of one of the site's own worker files. */
export function trustedWorkerUrl(url: string): string {
  return made().createScriptURL(url);
}
