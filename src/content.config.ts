import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";
import { z } from "astro/zod";

/** One MDX file per chapter and language, the same names in both: `zh/small-allocation`, `en/small-allocation`. */
const chapters = defineCollection({
  loader: glob({ base: "./content", pattern: "{zh,en}/*.mdx" }),
  schema: z.strictObject({
    title: z.string(),
    /** The other language's title. */
    alt: z.string(),
    /** For search results and previews. */
    summary: z.string(),
    /** The opening paragraph. */
    lede: z.string().optional(),
    terms: z.array(z.string()).optional(),
  }),
});

export const collections = { chapters };
