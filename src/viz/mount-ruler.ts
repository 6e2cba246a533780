/** The byte ruler of the home page, without the other pictures. */
import { h } from "preact";
import { ByteRuler, type ByteRulerProps } from "./ByteRuler.tsx";
import { place } from "./place.ts";

/** Brings the ruler in `el` to life; its markup comes from the server, drawn with the same props. */
export function mountRuler(el: Element, props: ByteRulerProps): void {
  place(el, h(ByteRuler, props));
}
