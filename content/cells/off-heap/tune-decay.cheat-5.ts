import { boot } from "goheap";

//zh 把程序里的负载改小
//en makes the program's own load smaller
const dirtyDecayMs = 10000;

const je = boot().offheap.jemalloc({ dirtyDecayMs });
je.malloc(4096).free();
je.purge();
table([{ left: je.figures.dirty, most: 0 }]);
