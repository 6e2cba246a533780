/**
 * Monaco, the only file that imports it. One editor for the page; its element moves from cell to cell, each cell has
 * a model of its own.
 *
 * It looks like the listing that it replaces: same face, size, leading, colours, line numbers. Completions and hovers
 * know the engine (its declarations, docstrings in the page's language) and the names of the cells above, which are
 * handed to the TypeScript worker as files (ts.worker.ts joins them).
 */

import * as monaco from "monaco-editor/editor";
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/typescript/register";
import goheapTypes from "virtual:goheap-types";
import editorWorkerUrl from "monaco-editor/editor/editor.worker?worker&url";
import {
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from "monaco-editor/languages/features/typescript/register";
import { inLanguage } from "../kernel/doc-language.ts";
import type { Lang } from "../kernel/protocol.ts";
import { trustedWorkerUrl } from "../kernel/trusted.ts";
import type { MonacoEditor } from "./editor.ts";
import type { EditorHost } from "./host.ts";
import type { OpenMonaco } from "./monaco.ts";
import { cellFile } from "./names.ts";
import { problemWords } from "./problems.ts";
import tsWorkerUrl from "./ts.worker.ts?worker&url";

const THEME = "goheap";

/** From the edge of the listing to its text, in rem: line numbers and the gap after them (cell.css). */
const GUTTER_REM = 3.25;

export function startMonaco(lang: Lang): OpenMonaco {
  globalThis.MonacoEnvironment = {
    ...globalThis.MonacoEnvironment,
    getWorker: (_id, label) =>
      new Worker(trustedWorkerUrl(label === "typescript" ? tsWorkerUrl : editorWorkerUrl), { type: "module" }),
  };
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.NodeJs,
    lib: ["es2023"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowNonTsExtensions: true,
    moduleDetection: 3,
  });
  // 2632: a cell may assign what a cell above declared with `let`; to the compiler it is an import.
  typescriptDefaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: [2632] });
  typescriptDefaults.setEagerModelSync(true);
  const types = Object.entries(goheapTypes).map(([path, text]) => ({
    filePath: `file://${path}`,
    content: inLanguage(text, lang),
  }));
  watchTheme();

  const element = document.createElement("div");
  const probe = document.querySelector<HTMLElement>(".code") ?? document.body;
  const style = getComputedStyle(probe);
  const editor = monaco.editor.create(element, {
    model: null,
    theme: THEME,
    fontFamily: style.fontFamily,
    fontSize: Number.parseFloat(style.fontSize),
    lineHeight: Number.parseFloat(style.lineHeight),
    fontLigatures: false,
    lineNumbersMinChars: 3,
    glyphMargin: false,
    folding: false,
    minimap: { enabled: false },
    renderLineHighlight: "none",
    overviewRulerLanes: 0,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    scrollBeyondLastLine: false,
    automaticLayout: false,
    guides: { indentation: false },
    bracketPairColorization: { enabled: false },
    occurrencesHighlight: "off",
    unicodeHighlight: { ambiguousCharacters: false },
    scrollbar: { vertical: "hidden", alwaysConsumeMouseWheel: false, horizontalScrollbarSize: 8 },
    fixedOverflowWidgets: true,
    tabSize: 2,
    wordBasedSuggestions: "off",
    accessibilitySupport: "auto",
  });

  let holder: EditorHost | null = null;
  const isAlone =
    "!suggestWidgetVisible && !findWidgetVisible && !parameterHintsVisible && !inSnippetMode && !renameInputVisible" +
    " && !editorHasMultipleSelections && !markersNavigationVisible && !referenceSearchVisible && !editorHoverVisible";
  editor.addCommand(monaco.KeyCode.Escape, () => holder?.leave(), isAlone);
  editor.addCommand(monaco.KeyMod.Shift | monaco.KeyCode.Enter, () => holder?.run());
  editor.onDidChangeModelContent(() => {
    resize();
    holder?.changed(editor.getValue());
  });
  const resized = new ResizeObserver(() => resize());

  /** As high as its text, as wide as its box. */
  function resize(): void {
    const width = element.parentElement?.clientWidth ?? 0;
    const height = editor.getContentHeight();
    element.style.blockSize = `${height}px`;
    if (width > 0) editor.layout({ width, height });
  }

  return (host, box, text, complain): MonacoEditor => {
    const index = host.above().length;
    const path = `file:///${cellFile(index, host.id)}`;
    typescriptDefaults.setExtraLibs([
      ...types,
      ...host.above().map(({ id, source }, i) => ({ filePath: `file:///${cellFile(i, id)}`, content: source })),
    ]);
    const uri = monaco.Uri.parse(path);
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(text, "typescript", uri);
    model.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } });
    holder = null; // what is set here is no edit
    if (model.getValue() !== text) model.setValue(text);
    editor.setModel(model);
    editor.updateOptions({ ariaLabel: host.label });
    box.prepend(element);
    resize();
    const gutter = GUTTER_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { contentLeft, decorationsWidth } = editor.getLayoutInfo();
    editor.updateOptions({ lineDecorationsWidth: Math.max(4, decorationsWidth + gutter - contentLeft) });
    resized.observe(box);
    holder = host;
    const markers = monaco.editor.onDidChangeMarkers((changed) => {
      if (!changed.some((one) => one.toString() === uri.toString())) return;
      const errors = monaco.editor
        .getModelMarkers({ resource: uri })
        .filter(({ severity }) => severity === monaco.MarkerSeverity.Error);
      const problems = errors.map(({ code, message, startLineNumber: line }) => ({
        code: Number(code),
        message,
        line,
      }));
      complain(problemWords(problems, lang));
    });
    return {
      focus: () => editor.focus(),
      select: (from, to) => {
        editor.setSelection(monaco.Range.fromPositions(model.getPositionAt(from), model.getPositionAt(to)));
        editor.focus();
      },
      setText: (next) => {
        if (model.getValue() === next) return;
        // As an edit, so that the reader can undo it here too.
        model.pushEditOperations([], [{ range: model.getFullModelRange(), text: next }], () => null);
      },
      setBusy: () => {},
      close: () => {
        if (holder === host) holder = null;
        resized.disconnect();
        markers.dispose();
        editor.setModel(null);
        element.remove();
        // Only the open cell is a model; the others are read from the page.
        model.dispose();
      },
    };
  };
}

// --------------------------------------------------------------------------------------------------------------- colours

/** A token's present value as Monaco wants it, "#rrggbb". */
function token(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const [r = 0, g = 0, b = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return `#${[r, g, b].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** Ink weights, as in the listing: keywords heavy, comments light, the rest plain. */
function defineTheme(): void {
  const [paper, plate, ink, ink3, rule2, indigo, wash, verm] = [
    "--paper",
    "--plate",
    "--ink",
    "--ink-3",
    "--rule-2",
    "--indigo",
    "--indigo-wash",
    "--verm",
  ].map(token) as [string, string, string, string, string, string, string, string];
  const isDark = Number.parseInt(paper.slice(1, 3), 16) < 128;
  const plain = ["", "identifier", "type", "string", "number", "delimiter", "regexp", "operator", "annotation"];
  monaco.editor.defineTheme(THEME, {
    base: isDark ? "vs-dark" : "vs",
    inherit: true,
    rules: [
      ...plain.map((name) => ({ token: name, foreground: ink.slice(1) })),
      { token: "keyword", foreground: ink.slice(1), fontStyle: "bold" },
      { token: "comment", foreground: ink3.slice(1) },
      { token: "comment.doc", foreground: ink3.slice(1) },
    ],
    colors: {
      "editor.background": plate,
      "editor.foreground": ink,
      "editorLineNumber.foreground": ink3,
      "editorLineNumber.activeForeground": ink,
      "editorCursor.foreground": ink,
      "editor.selectionBackground": wash,
      "editor.inactiveSelectionBackground": wash,
      "editorWidget.background": paper,
      "editorWidget.border": rule2,
      "editorSuggestWidget.background": paper,
      "editorSuggestWidget.foreground": ink,
      "editorSuggestWidget.highlightForeground": indigo,
      "editorSuggestWidget.selectedBackground": wash,
      "editorSuggestWidget.selectedForeground": ink,
      "editorHoverWidget.background": paper,
      "editorHoverWidget.border": rule2,
      "editorError.foreground": verm,
      "widget.shadow": "#00000000",
      focusBorder: indigo,
    },
  });
  const isForced = matchMedia("(forced-colors: active)").matches;
  monaco.editor.setTheme(isForced ? (isDark ? "hc-black" : "hc-light") : THEME);
}

function watchTheme(): void {
  defineTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", defineTheme);
  new MutationObserver(defineTheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
