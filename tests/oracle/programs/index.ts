/** The programs that there are, by name. */
import { progClosureByValue } from "./closure-by-value.ts";
import { progClosures } from "./closures.ts";
import { progInterfaces } from "./interfaces.ts";
import { progItoa } from "./itoa.ts";
import type { Program } from "./lib.ts";
import { progListDropHalf } from "./list-drop-half.ts";
import { progListPush } from "./list-push.ts";
import { progSliceAppendBytes } from "./slice-append-bytes.ts";
import { progSliceAppendInt } from "./slice-append-int.ts";
import { progSliceAppendPtr } from "./slice-append-ptr.ts";
import { progSliceAppendStruct } from "./slice-append-struct.ts";
import { progSliceMakeSizes } from "./slice-make-sizes.ts";
import { progSliceOfSlices } from "./slice-of-slices.ts";
import { progStringBuilder } from "./string-builder.ts";
import { progStringConcat } from "./string-concat.ts";
import { progTinyBytes } from "./tiny-bytes.ts";
import { progTinyMixed } from "./tiny-mixed.ts";
import { progTreeInsert } from "./tree-insert.ts";
import { progTreePerfect } from "./tree-perfect.ts";

const list: readonly Program[] = [
  progClosureByValue,
  progClosures,
  progInterfaces,
  progItoa,
  progListDropHalf,
  progListPush,
  progSliceAppendBytes,
  progSliceAppendInt,
  progSliceAppendPtr,
  progSliceAppendStruct,
  progSliceMakeSizes,
  progSliceOfSlices,
  progStringBuilder,
  progStringConcat,
  progTinyBytes,
  progTinyMixed,
  progTreeInsert,
  progTreePerfect,
];

export const programs: ReadonlyMap<string, Program> = new Map(list.map((program) => [program.name, program]));
