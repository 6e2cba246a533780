/**
 * Reading progress: which sections were read to their end, and where to go on. Kept on the device, shown as filled
 * squares in the contents; nothing leaves it.
 */
const READ = "read:";
const PLACE = "place";
const slug = document.querySelector<HTMLElement>("main[data-chapter]")?.dataset["chapter"];

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // storage is denied: the squares stay empty
  }
}

/** Fills the squares of what was read: in a chapter's contents all of a section's, on the home page one a section. */
function show(): void {
  for (const mark of document.querySelectorAll<HTMLElement>("[data-read]")) {
    mark.toggleAttribute("data-done", kept(READ + mark.dataset["read"]) === "1");
  }
}

/** Notes a section as read when its last block has come into view. */
function watch(slug: string): void {
  const headings = [...document.querySelectorAll<HTMLElement>(".opening > h2[id]")];
  const ends = new Map<Element, string>();
  for (const [i, heading] of headings.entries()) {
    const next = headings[i + 1]?.closest(".opening");
    const last = next === undefined || next === null ? document.querySelector("main.flow > :last-child") : next;
    const end = next === undefined || next === null ? last : (next.previousElementSibling ?? last);
    if (end !== null) ends.set(end, heading.id);
  }
  const observer = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      const id = ends.get(target);
      if (!isIntersecting || id === undefined) continue;
      keep(`${READ}${slug}/${id}`, "1");
      observer.unobserve(target);
      show();
    }
  });
  for (const end of ends.keys()) observer.observe(end);
}

/** Remembers the section that the reader is in. */
export function remember(section: string): void {
  if (slug !== undefined && section !== "") keep(PLACE, `${slug}/${section}`);
}

/** On the home page: the sentence that leads to where the reader was, in place of the first one. */
function offer(): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-go-on]");
  const place = kept(PLACE) ?? "";
  if (link === null) return;
  const places = JSON.parse(link.dataset["places"] ?? "{}") as Record<string, string>;
  const [slug = "", section = ""] = place.split("/");
  if (!Object.hasOwn(places, place)) return;
  link.href = link.dataset["goOn"]!.replace("SLUG", slug).replace("SECTION", section);
  link.textContent = link.dataset["say"]!.replace("{place}", places[place]!);
}

show();
if (slug !== undefined) watch(slug);
offer();
