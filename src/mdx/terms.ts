/** The glossary keys that a text uses, in order of first use. */
export function usedTerms(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/<Term\s[^>]*?\bk=["'{]+([\w-]+)/g)].map((match) => match[1]!))];
}
