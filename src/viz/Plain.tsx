/** A drawing that is still to come: its caption. */
import { Frame, say } from "./parts.tsx";
import type { Lang, Words } from "./read.ts";

export function Plain({ picture, lang }: { picture: { kind: string; caption?: Words }; lang: Lang }) {
  return (
    <Frame kind={picture.kind} caption={picture.caption === undefined ? picture.kind : say(picture.caption, lang)}>
      {null}
    </Frame>
  );
}
