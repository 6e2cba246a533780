/** The programs of a chapter's cells, for both languages. */
import type { APIRoute } from "astro";
import { chapterData } from "../../mdx/chapter-data.ts";
import { writtenChapters } from "../../mdx/chapters.ts";

export async function getStaticPaths() {
  const slugs = new Set((await writtenChapters()).map(({ slug }) => slug));
  return [...slugs].map((chapter) => ({ params: { chapter } }));
}

export const GET: APIRoute = async ({ params }) =>
  new Response(JSON.stringify(await chapterData(params["chapter"]!)), {
    headers: { "content-type": "application/json" },
  });
