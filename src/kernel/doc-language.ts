/** Docstrings in two languages: the English text first, then a tag `@zh` with the Chinese one. */

/** One language of the docstrings in a declaration file. */
export function inLanguage(text: string, lang: "zh" | "en"): string {
  return text.replace(/\/\*\*[\s\S]*?\*\//g, (comment) => {
    const lines = comment.replace(/^\/\*\*|\*\/$/g, "").split("\n");
    const words = lines.map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
    const first = words.find((line) => line.includes("@zh ")) ?? "";
    if (first === "") return comment;
    if (words.length === 1) {
      // One line: "English. @zh 中文。"
      const [english = "", chinese = ""] = first.split("@zh ");
      return `/** ${(lang === "en" ? english : chinese).trim()} */`;
    }
    const from = words.findIndex((line) => /^\s*@zh /.test(line));
    if (from < 0) return comment;
    // The Chinese text runs to the next tag.
    let to = from + 1;
    while (to < words.length && !/^\s*@/.test(words[to]!)) to++;
    const chinese = words.slice(from, to).map((line) => line.trim().replace(/^@zh /, ""));
    const rest = [...words.slice(0, from), ...words.slice(to)];
    const tags = rest.findIndex((line) => /^\s*@/.test(line));
    const kept = lang === "en" ? rest : [...chinese, ...(tags < 0 ? [] : rest.slice(tags))];
    return `/**\n${kept.map((line) => ` * ${line}`).join("\n")}\n */`;
  });
}
