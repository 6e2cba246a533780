/** Rows of figures, with a heavy rule where something turns. */
import { vizWords } from "../i18n/viz.ts";
import type { TableOutput } from "../kernel/protocol.ts";
import { Rich, say } from "./parts.tsx";
import type { Lang } from "./read.ts";

export function scalar(value: unknown): string {
  return value === null || value === undefined ? "–" : String(value);
}

export function Table({ picture: output, lang }: { picture: TableOutput; lang: Lang }) {
  const w = vizWords[lang].table;
  const { columns, rows, turn, cut = 0 } = output;
  const cutAt = cut > 0 ? (output.cutAt ?? rows.length) : -1;
  const gap = (
    <tr class="v-gap">
      <td colSpan={columns.length}>{w.cut(cut)}</td>
    </tr>
  );
  return (
    <table class="v-data">
      {output.caption && (
        <caption>
          <Rich text={say(output.caption, lang)} />
        </caption>
      )}
      <thead>
        <tr>
          {columns.map((c, i) => {
            const name = say(c.name, lang);
            const side = c.align === "end" ? "e" : undefined;
            // A column without a name has no heading that could be empty.
            if (name === "") return <td key={i} class={side} />;
            return (
              <th key={i} scope="col" class={side}>
                {name}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, r) => [
          r === cutAt && gap,
          <tr key={r} class={r === turn ? "turn" : undefined}>
            {columns.map((c, i) => (
              <td key={i} class={c.align === "end" ? "e" : undefined}>
                {scalar(row[i])}
              </td>
            ))}
          </tr>,
        ])}
        {cutAt >= rows.length && gap}
        {rows.length === 0 && cut === 0 && (
          <tr class="v-gap">
            <td colSpan={Math.max(columns.length, 1)}>{w.empty}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
