/**
 * What the editor says about a name in a cell: every name that a cell, or a picture, can meet has its sentence in both
 * languages. The names are found by TypeScript: all exports of the engine's two doors, what their public members lead
 * to, and the kernel's own globals.
 */
import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { inLanguage } from "../../src/kernel/doc-language.ts";
import { contentPath, LANGS, readYaml } from "./content-text.ts";

const root = join(import.meta.dirname, "../..");
const doors = [join(root, "engine/index.ts"), join(root, "engine/observe/index.ts")];
const cellGlobals = contentPath("cells", "cell.d.ts");

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2024.d.ts"],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

/** A declared name, and the docstring in front of it as it is written. */
interface Doc {
  readonly where: string;
  readonly comment: string;
}

/** The docstring right in front of a declaration; "" if there is none. */
function commentOf(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const comments = ranges.map(({ pos, end }) => text.slice(pos, end)).filter((comment) => comment.startsWith("/**"));
  return comments.at(-1) ?? "";
}

function isHidden(node: ts.ClassElement | ts.TypeElement): boolean {
  if (ts.isConstructorDeclaration(node) || ts.isSemicolonClassElement(node)) return true;
  if (node.name !== undefined && ts.isPrivateIdentifier(node.name)) return true;
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}

/** The docstrings of everything that these files export or, being no modules, declare. */
function docsOf(files: readonly string[], texts: ReadonlyMap<string, string> = new Map()): Doc[] {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, language, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? getSourceFile(name, language, ...rest) : ts.createSourceFile(name, text, language);
  };
  const program = ts.createProgram([...files], options, host);
  const checker = program.getTypeChecker();
  const docs: Doc[] = [];
  const seen = new Set<ts.Node>();

  const note = (path: string, node: ts.Node) => {
    const file = node.getSourceFile();
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    docs.push({ where: `${relative(root, file.fileName)}:${line} ${path}`, comment: commentOf(node) });
  };

  /** A statement's or a member's own docstring, then those of what it is made of. */
  const declaration = (path: string, node: ts.Node) => {
    if (seen.has(node) || node.getSourceFile().fileName.includes("/node_modules/")) return;
    seen.add(node);
    if (ts.isVariableDeclaration(node)) {
      note(path, node.parent.parent);
      parts(path, node.type ?? frozen(node.initializer));
    } else if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
      note(path, node);
      members(path, node.members);
    } else if (ts.isTypeAliasDeclaration(node)) {
      note(path, node);
      parts(path, node.type);
    } else if (ts.isFunctionDeclaration(node)) {
      const symbol = checker.getSymbolAtLocation(node.name!);
      const isOverloaded = (symbol?.declarations?.length ?? 1) > 1;
      if (isOverloaded && node.body !== undefined) return; // nobody sees the signature behind the overloads
      note(path, node);
      signature(path, node);
    }
  };

  /** The names of a constant `Object.freeze({ … })`. */
  const frozen = (node: ts.Expression | undefined) =>
    node !== undefined && ts.isCallExpression(node) && node.expression.getText() === "Object.freeze"
      ? node.arguments[0]
      : undefined;

  const members = (path: string, list: Iterable<ts.ClassElement | ts.TypeElement>) => {
    for (const member of list) {
      if (isHidden(member)) continue;
      const inner = `${path}.${member.name?.getText() ?? "[…]"}`;
      note(inner, member);
      if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) signature(inner, member);
      else if (ts.isGetAccessor(member)) parts(inner, member.type);
      else if (ts.isPropertyDeclaration(member) || ts.isPropertySignature(member)) parts(inner, member.type);
    }
  };

  const signature = (path: string, node: ts.SignatureDeclaration) => {
    for (const parameter of node.parameters) parts(path, parameter.type);
    parts(path, node.type);
  };

  /** Members written in place, and the declarations of the types that are named. */
  const parts = (path: string, node: ts.Node | undefined) => {
    if (node === undefined) return;
    if (ts.isTypeLiteralNode(node)) members(path, node.members);
    else if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) note(`${path}.${property.name?.getText()}`, property);
    } else if (ts.isTypeReferenceNode(node)) {
      named(node.typeName);
      for (const argument of node.typeArguments ?? []) parts(path, argument);
    } else if (ts.isImportTypeNode(node)) {
      if (node.qualifier !== undefined) named(node.qualifier);
    } else if (!ts.isIdentifier(node)) ts.forEachChild(node, (child) => parts(path, child));
  };

  const named = (name: ts.Node) => {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol !== undefined) all(symbol);
  };

  const all = (symbol: ts.Symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    for (const node of target.declarations ?? []) {
      // Of the heap's inside, that an observer is given as a whole, no member is public.
      if (relative(root, node.getSourceFile().fileName) === "engine/memory/memory.ts" && ts.isClassDeclaration(node))
        continue;
      declaration(target.name, node);
    }
  };

  for (const name of files) {
    const file = program.getSourceFile(name)!;
    const module = checker.getSymbolAtLocation(file);
    if (module !== undefined) for (const symbol of checker.getExportsOfModule(module)) all(symbol);
    else
      for (const statement of file.statements) {
        const names = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
        for (const node of names) {
          const { name } = node as ts.Node & { name?: ts.Node };
          if (name !== undefined) declaration(name.getText(), node);
        }
      }
  }
  return docs;
}

/** The sentence of a docstring in one language, without tags and stars. */
function sentence(comment: string, lang: "zh" | "en"): string {
  const words = inLanguage(comment, lang).replace(/^\/\*\*|\*\/$/g, "");
  return words
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join(" ")
    .replace(/(^|\s)@\w+ .*$/, "")
    .trim();
}

function complaintsAbout({ where, comment }: Doc): string[] {
  if (comment === "") return [`${where}: no docstring`];
  if (!/@zh /.test(comment)) return [`${where}: no @zh line`];
  const en = sentence(comment, "en");
  const zh = sentence(comment, "zh");
  return [
    /^[^\p{Script=Han}]*[a-zA-Z][^\p{Script=Han}]*[.?:]$/u.test(en) ? "" : `${where}: no English sentence: ${en}`,
    /\p{Script=Han}.*[。？：]$/u.test(zh) ? "" : `${where}: no Chinese sentence: ${zh}`,
  ].filter((complaint) => complaint !== "");
}

const docs = docsOf([...doors, cellGlobals]);

describe("the names that a cell can meet", () => {
  test("are all found: both doors, what they lead to, and the kernel's globals", () => {
    const names = new Set(docs.map(({ where }) => where.split(" ")[1]));
    for (const name of [
      "boot",
      "Looking.where",
      "Looking.tiny.tinyoffset",
      "SpanFields.freeIndexForScan",
      "BootOptions.check",
      "Kind.UnsafePointer",
      'Metrics."/gc/heap/allocs:bytes"',
      "SpanSnapshot.reserved.inlineMarks",
      "Difference.path",
      "CellError.args",
      "input.range",
      "show.lanes",
      "TableOptions.turn",
    ]) {
      expect(names).toContain(name);
    }
    expect(docs.length).toBeGreaterThan(200);
  });

  test("have a sentence in English and one in Chinese", () => {
    expect(docs.flatMap(complaintsAbout)).toEqual([]);
  });

  test("keep to the glossary's one word for one thing", () => {
    type Term = { readonly avoid?: { readonly zh?: readonly string[] } };
    const avoided = readYaml<Term[]>("glossary.yaml").flatMap((term) => term.avoid?.zh ?? []);
    expect(avoided.length).toBeGreaterThan(10);
    const found = docs.flatMap(({ where, comment }) =>
      avoided.filter((word) => sentence(comment, "zh").includes(word)).map((word) => `${where}: ${word}`),
    );
    expect(found).toEqual([]);
  });

  test("say nothing empty", () => {
    const empty = {
      zh: /值得注意|众所周知|显而易见|赋能|抓手|闭环|堆栈|泄露|对于.*来说|进行.*操作/,
      en: /\b(simply|just|obviously|magic|recently)\b/i,
    };
    const found = docs.filter(({ comment }) => LANGS.some((lang) => empty[lang].test(sentence(comment, lang))));
    expect(found.map(({ where }) => where)).toEqual([]);
  });

  test.each([
    ["no docstring", "export const a: number = 1;", 1],
    ["English alone", "/** One. */\nexport const a: number = 1;", 1],
    ["Chinese alone", "/** @zh 一。 */\nexport const a: number = 1;", 1],
    ["the same words twice", "/** One. @zh One. */\nexport const a: number = 1;", 1],
    ["both", "/** One. @zh 一。 */\nexport const a: number = 1;", 0],
    ["a member without", "/** One. @zh 一。 */\nexport interface A { b: number }", 1],
    ["a private member without", "/** One. @zh 一。 */\nexport class A { #b = 1; private c = 2; }", 0],
    ["a type behind a member", "interface B { c: number }\n/** One. @zh 一。 */\nexport type A = B[];", 2],
    [
      "an overload without",
      "/** One. @zh 一。 */\nexport function f(): void;\nexport function f(a?: 1): void;\nexport function f() {}",
      1,
    ],
  ])("a file with %s is judged rightly", (_case, text, complaints) => {
    const place = join(root, "engine/judged.ts");
    expect(docsOf([place], new Map([[place, text]])).flatMap(complaintsAbout)).toHaveLength(complaints);
  });

  test("each language's editor shows its own sentence", () => {
    const shown = "/** One. @zh 一。 */";
    expect(LANGS.map((lang) => sentence(shown, lang))).toEqual(["一。", "One."]);
  });
});
