/** Records for the search, from a page's markup; excerpts taken apart. */
import { describe, expect, test } from "vitest";
import { spaced, unspaced } from "../../src/search/han.ts";
import { chapterRecords, termRecords } from "../../src/search/records.ts";

const page = `<html><body><main id="main"><header class="head"><h1>T</h1></header>
<header class="opening"><p class="no"><b>4.2</b><a href="#border">Border</a></p><h2 id="border">How large?</h2></header>
<p>A &lt;slot&gt; of a <button type="button" class="term" popovertarget="t">span</button>.</p>
<div role="note" class="note">Beside it.</div>
<go-cell id="cell-x" data-cell="a/x" aria-label="The &amp; cell"><p class="status">recorded</p><pre data-part="listing"><code><span class="l">const a = 1;</span><span class="l">a</span></code></pre><output>9</output></go-cell>
<aside class="claim" id="wrong-one" aria-label="Often said: x"><blockquote>“It is <s>10</s><ins>11</ins>.”</blockquote><p>Why.</p></aside>
<header class="opening"><p class="no"><b>4.3</b></p><h2 id="next">And then?</h2></header><p>More.</p></main></body></html>`;

describe("records of a chapter", () => {
  const records = chapterRecords(page, "/en/a/", "en");
  test("sections, programs and corrections, each with its place", () => {
    expect(records.map(({ kind, url, no, title }) => [kind, url, no, title])).toEqual([
      ["cell", "/en/a/#cell-x", "4.2", "The & cell"],
      ["claim", "/en/a/#wrong-one", "4.2", "“It is 10.”"],
      ["section", "/en/a/#border", "4.2", "How large?"],
      ["section", "/en/a/#next", "4.3", "And then?"],
    ]);
  });
  test("a section's text is what is read there: terms and notes, not programs and results", () => {
    expect(records[2]?.text).toBe("A <slot> of a span. Beside it.");
    expect(records[0]?.text).toBe("const a = 1; a");
  });
});

test("a term has the page's word for its title", () => {
  const html = `<dl><div id="span" data-term="span"><dt>span <code>mspan</code></dt><dd>Pages.</dd></div></dl>`;
  expect(termRecords(html, "/en/glossary/", "en")).toEqual([
    { url: "/en/glossary/#span", lang: "en", kind: "term", no: "", title: "span", text: "span mspan Pages." },
  ]);
});

describe("Chinese", () => {
  test.each([
    ["写屏障 mcache", "写 屏 障 mcache"],
    ["堆（heap）里。", "堆 （heap） 里 。"],
    ["plain", "plain"],
  ])("%s is indexed as %s, and comes back", (text, words) => {
    expect(spaced(text)).toBe(words);
    expect(unspaced(words)).toBe(text);
  });
});
