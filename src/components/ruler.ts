/** Brings the byte ruler to life where it stands. */
import { mountRuler } from "../viz/mount-ruler.ts";

for (const place of document.querySelectorAll<HTMLElement>("[data-ruler]")) {
  const lang = place.dataset["ruler"] === "zh" ? "zh" : "en";
  mountRuler(place, { lang, classes: (place.dataset["classes"] ?? "").split(" ").map(Number) });
}
